"""Reads typed dates and periods: `2017-11`, `27/11/2017`, `2017. gada novembrī`, `last week`.

The one reader of dates: of queries, of filters among their words, and of the fields of the page and the API.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice

from index.query.date_patterns import (
    BEGINS,
    FIGURES,
    VALUES,
    WORD_VALUES,
    DatePattern,
    fold_letters,
    may_be_spoken,
    patterns_in,
)
from index.query.day_ranges import DayRange

READ_CHARS = 1_000
"""The most characters of a text that are searched for dates."""
VALUE_CHARS = 100
"""The most characters of a text that is only a date."""
YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Period:
    """A range of days, ``first`` and ``last`` included, and the span of the text that names it."""

    start: int
    end: int
    first: date
    last: date
    spoken: bool = False
    """Whether it is named as people speak (`last week`), which releases of these days do not."""
    figures: bool = False
    """Whether it is written in figures only: `27/11/2017`."""


def find_periods(text: str, *, today: date) -> tuple[Period, ...]:
    """Return the periods named in *text*, none overlapping another, in reading order.

    >>> [str(period.last) for period in find_periods("budžets 2017. gada novembrī", today=date(2026, 1, 15))]
    ['2017-11-30']
    """
    folded, places = _close_gaps(fold_letters(text[:READ_CHARS]))
    periods: list[Period] = []
    for pattern in patterns_in(folded):
        for match in pattern.regex.finditer(folded):
            days = _resolve(match, pattern, today)
            if days is None or not is_plausible(days):
                continue
            start, end = places[match.start()], places[match.end() - 1] + 1
            period = Period(start, end, *days, pattern.spoken, pattern.figures)
            if all(period.end <= other.start or other.end <= period.start for other in periods):
                periods.append(period)
    return tuple(sorted(periods, key=lambda period: period.start))


def count_spoken(text: str, *, today: date) -> int:
    """Return how many periods *text* names as people speak."""
    if not may_be_spoken(fold_letters(text[:READ_CHARS])):
        return 0
    return sum(period.spoken for period in find_periods(text, today=today))


def _close_gaps(text: str) -> tuple[str, Sequence[int]]:
    """Return *text* with one space between words, and the place of each of its letters in *text*."""
    if not _GAP.search(text):
        return text, range(len(text))
    closed: list[str] = []
    places: list[int] = []
    for match in _GAP_OR_LETTER.finditer(text):
        closed.append(match[0] if match["letter"] else " ")
        places.append(match.start())
    return "".join(closed), places


_GAP = re.compile(r"[,;:]|\s{2}|[^\S ]")
_GAP_OR_LETTER = re.compile(r"(?P<letter>[^\s,;:])|[\s,;:]++")


def figures_at(text: str, at: int, *, today: date) -> Period | None:
    """Return the date in figures that begins at *at*, whatever is before or after it."""
    for pattern in FIGURES if text[at].isdigit() else ():
        match = pattern.regex.match(text, at)
        days = _resolve(match, pattern, today) if match else None
        if match and days and is_plausible(days):
            return Period(at, match.end(), *days, figures=True)
    return None


@dataclass(frozen=True, slots=True)
class TypedDate:
    """The days of a text that is only a date or period."""

    days: DayRange
    relative: bool = False
    """Whether the days depend on today: `vakar`, `pērn`. Releases of other days use the same words."""


def read_date(text: str, *, today: date) -> TypedDate | None:
    """Return the days of *text* if it is only a date, a period or a range of them, else None.

    >>> [str(day) for day in read_date("pērn", today=date(2026, 1, 15)).days]
    ['2025-01-01', '2025-12-31']
    >>> [str(day) for day in read_date("2019-2021", today=date(2026, 1, 15)).days]
    ['2019-01-01', '2021-12-31']
    """
    value = " ".join(text.split()).strip(",;!? ")
    folded = fold_letters(value)
    if not folded or len(folded) > VALUE_CHARS or _FIRST_NAME.fullmatch(value):
        return None
    since = _SINCE.match(folded)
    if since and (reading := _read_one(folded[since.end() :], today)):
        return TypedDate((reading.days[0], max(reading.days[0], today)), reading.relative)
    bare = _PREPOSITION.sub("", folded, count=1)
    if not BEGINS.match(bare):
        return None
    return _read_one(folded, today) or _read_one(bare, today) or _read_range(bare, today)


# Maija is a woman, maija is of May.
_FIRST_NAME = re.compile("[Mm]ārta|Marta|Maij[as]|J[uū]lij[as]|August[as]")
_SINCE = re.compile("(?:kops|since|с) ", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\A(?:(?:no|in|during|on|from|в|во|за|от|с) )?(?:the |gads |year |год )?", re.IGNORECASE
)
_TO = re.compile(r" ?(?:[-–—]|\.\.\.?|…) ?| (?:lidz|to|till|until|through|по|до) ", re.IGNORECASE)
_TO_MAX = 8


def _read_one(folded: str, today: date) -> TypedDate | None:
    values = VALUES if any(map(str.isdigit, folded)) else WORD_VALUES
    for pattern in chain(values, patterns_in(folded)):
        match = pattern.regex.fullmatch(folded)
        if match and (days := _resolve(match, pattern, today)):
            return TypedDate(days, pattern.relative)
    return None


def _read_range(folded: str, today: date) -> TypedDate | None:
    """Return the days from one date to another; in the wrong order they mean the same."""
    for to in islice(_TO.finditer(folded), _TO_MAX):
        ends = [_read_one(folded[: to.start()], today), _read_one(folded[to.end() :], today)]
        if ends[0] and ends[1]:
            first, last = sorted((ends[0], ends[1]), key=lambda reading: reading.days)
            return TypedDate((first.days[0], last.days[1]), first.relative or last.relative)
    return None


def _resolve(match: re.Match[str], pattern: DatePattern, today: date) -> DayRange | None:
    try:
        first, last = pattern.resolve(match, today)
    except (ValueError, OverflowError):  # 31.02.2017
        return None
    return (first, last) if first <= last else None


def is_plausible(days: DayRange) -> bool:
    """Return whether releases, or the events in them, may be of these *days*."""
    return days[0].year in YEARS and days[1].year in YEARS
