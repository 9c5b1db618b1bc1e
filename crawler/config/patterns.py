"""The operator's regular expressions, matched in linear time against URLs that strangers write."""

from collections.abc import Iterable
from functools import lru_cache

import re2


def check(pattern: str) -> None:
    """Raise ValueError if *pattern* is not valid for RE2; the message says why."""
    try:
        _compile(pattern)
    except re2.error as error:
        [reason] = error.args
        message = reason.decode() if isinstance(reason, bytes) else reason
        raise ValueError(f"{message} (RE2 has no look-around and no back-references)") from error


def finds(patterns: Iterable[str], text: str) -> bool:
    """Whether any of *patterns* matches anywhere in *text*."""
    return any(_compile(pattern).search(text) for pattern in patterns)


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> "re2._Regexp[str]":
    options = re2.Options()
    options.log_errors = False  # the exception reports them
    return re2.compile(pattern, options)
