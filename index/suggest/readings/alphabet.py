"""Alphabets: what the letters of one way to write a language stand for in the usual one."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

_SPELLINGS_MAX = 96
"""The most spellings of a word that are tried, those with the likeliest letters first."""
NOTHING = "-"

Row = tuple[str, str]
"""A pattern, and the letters that it may stand for, likeliest first; a dash for none."""


class Alphabet:
    """Rewrites words by *rows*, of which the first that matches counts; other letters stay."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    @cached_property
    def _options(self) -> Sequence[Sequence[str]]:
        return [
            ["" if letters == NOTHING else letters for letters in options.split()]
            for _, options in self._rows
        ]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(f"({pattern})" for pattern, _ in self._rows) + "|(.)", re.DOTALL)

    def spellings(self, word: str) -> Iterator[str]:
        """Yield what *word*, in lower case, may stand for, likeliest first.

        >>> list(Alphabet([("sh", "ш сх"), ("a", "а")]).spellings("sha"))
        ['ша', 'сха']
        """
        found = [(0, "")]
        for match in self._pattern.finditer(word):
            row = (match.lastindex or 1) - 1
            options = self._options[row] if row < len(self._rows) else (match[0],)
            found = sorted(
                (cost + rank, text + letters) for cost, text in found for rank, letters in enumerate(options)
            )[:_SPELLINGS_MAX]
        return (text for _, text in found)
