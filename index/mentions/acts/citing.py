"""A place of a text that cites an act, and the ways in which texts write dates and numbers of acts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

SPACE = r"[ \u00a0\u202f]"
_MONTHS = "janvār februār mart aprī maij jūnij jūlij august septembr oktobr novembr decembr".split()
_ENGLISH_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_RUSSIAN_MONTHS = "янв фев мар апр ма июн июл авг сен окт ноя дек".split()
_LATVIAN_MONTH = f"(?:{'|'.join(_MONTHS)})[lļ]?(?:a|ā|is|s|ī)"
DAY = (
    rf"(?:(?:19|20)\d\d\.?{SPACE}?(?:gada?|g\.){SPACE}?\d{{1,2}}\.?{SPACE}?{_LATVIAN_MONTH}"
    rf"|\d{{1,2}}\.{SPACE}?\d{{1,2}}\.{SPACE}?(?:19|20)\d\d\.?"
    rf"|\d{{1,2}}\.{SPACE}?{_LATVIAN_MONTH},?{SPACE}(?:19|20)\d\d\.?(?:{SPACE}?gad[aāsu]*)?)"
)
"""A day as Latvian acts are dated; `read_day` reads it."""
YEAR = rf"(?:(?:19|20)\d\d\.?{SPACE}?(?:gada?\b|g\.))"
NUMBER_SIGN = rf"(?:[Nn][Rr]\.?|№){SPACE}?"
QUOTED = r"[„“”\"«»][^„“”\"«»\n]{3,300}[“”\"»«]"
_LAST_DAY = 31
_FIGURES = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Cited:
    """An act as cited, with what is known of it."""

    start: int
    end: int
    kind: str
    key: str
    """Its normal form; without the day if the text does not give it here."""


def read_day(written: str) -> date | None:
    """Return the day that `DAY` has matched; None if there is no such day.

    >>> read_day("2017. gada 28. marta"), read_day("28.03.2017.")
    (datetime.date(2017, 3, 28), datetime.date(2017, 3, 28))
    """
    figures = [int(digits) for digits in _FIGURES.findall(written)]
    figures[1:1] = filter(None, map(_month, _WORD.findall(written.lower())))
    if len(figures) != 3:
        return None
    year, number, day = figures if figures[0] > _LAST_DAY else reversed(figures)
    try:
        return date(year, number, day)
    except ValueError:
        return None


def _month(word: str) -> int:
    """Return the number of a month; 0 for any other word."""
    names = enumerate(zip(_MONTHS, _ENGLISH_MONTHS, _RUSSIAN_MONTHS, strict=True), 1)
    return next((number for number, starts in names if word.startswith(starts)), 0)


def listed(pattern: re.Pattern[str], text: str, start: int) -> Iterator[re.Match[str]]:
    """Yield the matches of *pattern*, each where the one before ended: `un Nr. 171, Nr. 5`."""
    match = pattern.match(text, start)
    while match:
        yield match
        match = pattern.match(text, match.end())
