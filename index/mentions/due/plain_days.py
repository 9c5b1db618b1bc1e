"""Days and years as Latvian releases most often write them, read without the grammar of time, which is slow.

What is part of a longer time, such as a range or a half of a year, is left to the grammar.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_S = r"[ \u00a0]"
_STEMS = "janvār februār mart aprī maij jūnij jūlij august septembr oktobr novembr decembr".split()
_MONTH = r"(?:janvār|februār|aprīl|aprīļ|septembr|oktobr|novembr|decembr)(?:is|a|im|i|ī)" + (
    r"|(?:mart|maij|jūnij|jūlij|august)(?:s|a|am|u|ā)"
)
_WEEKDAY = r"(?:pirm|otr|treš|ceturt|piekt|sest|svēt)dien(?:a|as|ai|u|ā)?"
_YEAR = r"(?:19|20)\d\d"
# Begins with a digit, which is searched for fastest; what precedes a day is read afterwards.
_PLAIN = re.compile(rf"\d(?:(?<!\d\d)\d?\.{_S}?(?P<month>{_MONTH})|\d{{3}}\.{_S}?gad(?:ā|am|a|u))(?!\w)")
_BEFORE_DAY = re.compile(
    rf"(?:(?<!\w)(?:{_WEEKDAY}),?{_S})?(?:(?<!\d)(?P<year>{_YEAR})\.{_S}?gada{_S})?$", re.IGNORECASE
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_LONGER_BEFORE = re.compile(
    rf"(?:\b(?:starp|un|uz|nākam\w{{1,12}}|nākoš\w{{1,12}}|pagājuš\w{{1,12}}|š\w{{1,3}}|gada|g|nogal\w{{0,12}}|beig\w{{0,12}}|rīt\w{{0,12}}|šodien\w{{0,12}}|nedēļas|sākum\w{{0,12}}|vid\w{{1,12}}|pērn|šogad|aizpērn)[.,]*"
    rf"|dien\w{{0,12}},?|[-–—/\d.](?<!{_S}[–—])|(?:\d\.?|\bgad\w{{0,12}}|\bšodien\w{{0,12}}|{_MONTH}){_S}*līdz){_S}*$",
    re.IGNORECASE,
)
_LONGER_AFTER = re.compile(
    rf"[,.]?{_S}*(?:līdz\b|[-–—/]{_S}?\d|[-–—/]{_S}?(?:{_MONTH})|un{_S}+\d|uz{_S}+\d|\d|[IVX]+\b|g\.|gad|(?:agr|vēl)āk"
    r"|(?:sākum|vid[usū]|beig|pus[eēi]|pirmā|otrā|šogad|pērn|pusgad|pirmaj|otraj|treš|ceturt|ceturksn|kvartāl|pēdēj|nogal|izskaņ|laik"
    r"|pavasar|vasar|ruden|ziem|janv|feb|mart|apr|maij|jūn|jūl|aug|sep|okt|nov|dec|mij|pirmdien|otrdien|piektdien"
    r"|sestdien|svētdien))",
    re.IGNORECASE,
)
_AROUND = 24
_YEARS_AHEAD = 8


@dataclass(frozen=True, slots=True)
class PlainTime:
    """A day or a year."""

    start: int
    end: int
    first: date
    last: date
    has_year: bool


def find_plain(text: str, start: int, end: int, today: date) -> Iterator[PlainTime]:
    """Yield the days and the years from *start* to *end* of *text* that are no part of a longer time."""
    for match in _PLAIN.finditer(text, start, end):
        time = _day(match, start, today) if match["month"] else _year(match)
        if not time or _LONGER_BEFORE.search(text, max(start, time.start - _AROUND), time.start):
            continue
        if not _LONGER_AFTER.match(text, time.end, end):
            yield time


def _year(match: re.Match[str]) -> PlainTime | None:
    year = int(match[0][:4])
    if match.string[match.start() - 1 : match.start()].isdigit() or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    return PlainTime(*match.span(), date(year, 1, 1), date(year, 12, 31), has_year=True)


def _day(match: re.Match[str], start: int, today: date) -> PlainTime | None:
    before = _BEFORE_DAY.search(match.string, max(start, match.start() - 2 * _AROUND), match.start())
    begin, year = (before.start(), before["year"]) if before else (match.start(), None)
    month = next(number for number, stem in enumerate(_STEMS, 1) if match["month"].startswith(stem))
    number = int(match[0].partition(".")[0])
    for each in [int(year)] if year else range(today.year, today.year + _YEARS_AHEAD):
        try:
            day = date(each, month, number)
        except ValueError:  # 29 February
            continue
        if year or day >= today:
            return PlainTime(begin, match.end(), day, day, has_year=bool(year))
    return None
