"""Dates in figures: `27.11.2017`, `2017-11-27`, `11/2017`, `27.11.`.

Day and month are exchanged only if the month would be over 12: `04/05/2023` is 4 May, `2017.27.11` is
27 November.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.query.times import spans
from index.query.times.grammar import Make, backwards
from index.query.times.spans import Time

_CENTURY = 100


def day(_: date, number: int, month: int, year: int) -> Time:
    """Return a day."""
    return spans.day(year, month, number)


def _month_first(_: date, month: int, number: int, year: int) -> Time:
    return spans.day(year, month, number)


def _day_of_short_year(today: date, number: int, month: int, short: int) -> Time:
    """Return a day; a year of two digits is of this century, unless it is more than a year away."""
    century = today.year // _CENTURY * _CENTURY
    return spans.day(century + short - (_CENTURY if short > today.year % _CENTURY + 1 else 0), month, number)


def latest_day(today: date, number: int, month: int) -> Time:
    """Return the latest such day that is not in the future."""
    yearly = spans.Yearly(lambda year: spans.day(year, month, number))
    return replace(spans.latest(yearly, today), relative=False)


def _month(_: date, month: int, year: int) -> Time:
    return spans.months(year, month, month)


def year(_: date, number: int) -> Time:
    """Return a year."""
    return spans.whole_year(number)


FIGURES: Sequence[tuple[str, Make]] = (
    ("DAY '.'~ MM '.'~ YEAR '.'~?", day),
    ("DAY '/'~ MM~ '/'~ YEAR~", day),
    ("DAY '-'~ MM~ '-'~ YEAR~", day),
    ("MM '/'~ OVER_12~ '/'~ YEAR~", _month_first),
    ("YEAR '-'~ MM_2~ '-'~ DD_2~", backwards(day)),
    ("YEAR '.'~ MM_2~ '.'~ DD_2~ '.'~?", backwards(day)),
    ("YEAR '/'~ MM_2~ '/'~ DD_2~", backwards(day)),
    ("YEAR '-'~ OVER_12~ '-'~ MM_2~", backwards(_month_first)),
    ("YEAR '.'~ OVER_12~ '.'~ MM_2~ '.'~?", backwards(_month_first)),
    ("YEAR '/'~ OVER_12~ '/'~ MM_2~", backwards(_month_first)),
    ("DAY '.'~ MM~ '.'~ NN_2~ '.'~?", _day_of_short_year),
    ("DAY '/'~ MM~ '/'~ NN_2~", _day_of_short_year),
    ("DAY '.'~? ROMAN_MONTH '.'~? YEAR", day),
    ("MM '.'~ YEAR~", _month),
    ("MM '/'~ YEAR~", _month),
    ("YEAR '-'~ MM_2~", backwards(_month)),
    ("DAY '.'~ MM_2~ '.'~ !YEAR !NN~", latest_day),
)
# Numbers of paragraphs and versions look the same, so these are dates only if nothing else is typed.
FIGURES_ALONE: Sequence[tuple[str, Make]] = (
    ("DAY '.' MM '.'", latest_day),
    ("DAY '.'~ MM_2~", latest_day),
    ("DAY '.'? MM '.'? ANY_YEAR '.'?", day),
    ("ANY_YEAR '-'~ MM~ '-'~ DAY~ '.'?", backwards(day)),
    ("ANY_YEAR '-'~ MM~ '.'?", backwards(_month)),
    ("ANY_YEAR '.'?", year),
    ("DAY '.'? MONTH '.'? ANY_YEAR", day),
)
