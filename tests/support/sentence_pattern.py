"""Sentence boundaries as one regular expression states them."""

import re
from collections.abc import Iterator
from itertools import groupby

from index.analysis.sentences import BEFORE_CAPITALS

_ENDS_ANYWAY = r"(?i:(?<=u\.c\.)|(?<=u\.t\.t\.)|(?<=и\.т\.д\.))"
_CAPITALS = "".join(letter for letter in map(chr, range(0x530)) if letter.isupper())


def _not_after(words: str) -> str:
    """Return a pattern that fails after one of *words* and a full stop; all have the same length."""
    return rf"(?<!(?<![^\W_])(?:{words})\.)"


# A lookbehind takes words of one length.
_NOT_AFTER_ABBREVIATION = "".join(
    _not_after("|".join(words)) for _, words in groupby(sorted(BEFORE_CAPITALS, key=len), len)
)
_NOT_AFTER_ORDINAL_OR_INITIAL = "".join(map(_not_after, (r"\d", r"\d\d", f"[{_CAPITALS}]")))
_ENDS, _CLOSING, _OPENING, _GAPS = ".!?…", r"\"”“»’)\]", r"\"„“«(\[", r" \t\u00a0"
_BEGINNINGS = "A-ZĀČĒĢĪĶĻŅŠŪŽА-ЯЁ0-9–—"
_MAY_END = rf"(?:{_ENDS_ANYWAY}|{_NOT_AFTER_ORDINAL_OR_INITIAL}(?i:{_NOT_AFTER_ABBREVIATION}))"
_AFTER, _GAP = rf"[{_ENDS}]*+[{_CLOSING}]*+", rf"[{_GAPS}]++"
_find_end = re.compile(
    rf"[{_ENDS}\n](?:(?<=\n)\n*+|(?<!\n)(?<![{_ENDS}]{{2}})"
    rf"(?={_AFTER}{_GAP}[{_OPENING}]?[{_BEGINNINGS}]){_MAY_END}{_AFTER}({_GAP}))"
).search


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of *text*, without surrounding space."""
    start = 0
    while match := _find_end(text, start):
        end, following = match.span() if match[1] is None else match.span(1)
        yield text[start:end].strip()
        start = following
    yield text[start:].strip()
