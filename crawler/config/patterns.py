"""The regular expressions that the operator writes, asked of addresses that strangers write."""

from collections.abc import Iterable
from functools import lru_cache

import re2


def check(pattern: str) -> None:
    """Raise ValueError, which says why, if *pattern* is none of RE2, whose time is linear in the text."""
    try:
        _compiled(pattern)
    except re2.error as error:
        [reason] = error.args
        said = reason.decode() if isinstance(reason, bytes) else reason
        raise ValueError(f"{said} (RE2 has no look-around and no back-references)") from error


def finds(patterns: Iterable[str], text: str) -> bool:
    """Whether any of *patterns* matches somewhere in *text*."""
    return any(_compiled(pattern).search(text) for pattern in patterns)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> "re2._Regexp[str]":
    options = re2.Options()
    options.log_errors = False  # told by the exception
    return re2.compile(pattern, options)
