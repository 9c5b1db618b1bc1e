"""The regular expressions that the operator writes, asked of addresses that strangers write."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated

import re2
from pydantic import AfterValidator


def _valid(pattern: str) -> str:
    try:
        _compiled(pattern)
    except re2.error as error:
        [reason] = error.args
        raise ValueError(
            f"{pattern!r}: {reason.decode() if isinstance(reason, bytes) else reason} (RE2 has no look-around"
            " and no back-references)"
        ) from error
    return pattern


Pattern = Annotated[str, AfterValidator(_valid)]
"""An expression of RE2, which takes time in proportion to the text, whatever both are."""


def finds(patterns: Iterable[str], text: str) -> bool:
    """Whether any of *patterns* matches somewhere in *text*."""
    return any(_compiled(pattern).search(text) for pattern in patterns)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> "re2._Regexp[str]":
    options = re2.Options()
    options.log_errors = False  # told by the exception
    return re2.compile(pattern, options)
