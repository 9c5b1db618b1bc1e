"""Spans of days: years, months, seasons, parts of them, and everything before or after a day."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Days = tuple[date | None, date | None]
"""The first and the last day, both included; None is an open end."""
Unit = Literal["day", "week", "month", "quarter", "half", "year", "decade"]
Part = Literal["beginning", "middle", "end"]

_ONE_DAY = timedelta(days=1)
_MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}
"""The months of a unit; days and weeks have none."""
_BACK = 40
"""Years within which every day of the calendar is each day of the week: 29 February needs up to 40."""


@dataclass(frozen=True, slots=True)
class Time:
    """A span of days that a text names."""

    first: date | None
    last: date | None
    unit: Unit | None = None
    spoken: bool = False
    """Named as people speak and releases do not: `last week`, `2023. gada vasarā`."""
    relative: bool = False
    """Relative to today."""
    yearless: bool = False
    """Its year was not named."""
    bound: bool = False
    """Says which releases are asked for, not what they say: `pēc 2024. gada`, `last 7 days`."""

    @property
    def days(self) -> Days:
        """The first and the last day."""
        return self.first, self.last


@dataclass(frozen=True, slots=True)
class Yearly:
    """What comes every year: `November`, `27. novembris`, `vasara`, `first quarter`."""

    in_year: Callable[[int], Time]
    """Raises ValueError if the year has no such day."""


# --- Calendar -------------------------------------------------------------------------------------


def day(year: int, month: int, number: int) -> Time:
    """Return a day; ValueError if there is none."""
    return Time(date(year, month, number), date(year, month, number), "day")


def months(year: int, first: int, last: int) -> Time:
    """Return the months from *first* to *last* of *year*; a last month over 12 is of the next year."""
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    unit: Unit | None = {number: unit for unit, number in _MONTHS.items()}.get(last - first + 1)
    return Time(date(year, first, 1), date(end_year, end_month, monthrange(end_year, end_month)[1]), unit)


def whole_year(year: int) -> Time:
    """Return a year."""
    return months(year, 1, 12)


def decade(first: int) -> Time:
    """Return the ten years from *first* on."""
    return Time(date(first, 1, 1), date(first + 9, 12, 31), "decade", spoken=True)


def every_year(first: int, last: int, *, spoken: bool = False) -> Yearly:
    """Return the months from *first* to *last* of every year."""
    return Yearly(lambda year: replace(months(year, first, last), spoken=spoken))


# --- Relative to today ----------------------------------------------------------------------------


def unit_from(today: date, unit: Unit, steps: int) -> Time:
    """Return the day, week, month... that is *steps* after that of *today*; before it if negative."""
    if unit in ("day", "week"):
        length = 7 if unit == "week" else 1
        first = today - timedelta(today.weekday() if unit == "week" else 0) + timedelta(steps * length)
        return Time(first, first + timedelta(length - 1), unit, spoken=True, relative=True)
    length = _MONTHS[unit]
    start = (today.year * 12 + today.month - 1) // length + steps
    year, month = divmod(start * length, 12)
    return replace(months(year, month + 1, month + length), spoken=True, relative=True)


def last_units(today: date, count: int, unit: Unit) -> Time:
    """Return *count* units up to *today* and with it: the last 7 days are seven, as on the page."""
    length = count * (7 if unit == "week" else 1)
    eve = (
        today - timedelta(length) if unit in ("day", "week") else _months_before(today, count * _MONTHS[unit])
    )
    return Time(eve + _ONE_DAY, today, spoken=True, relative=True, bound=True)


def _months_before(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def latest(yearly: Yearly, today: date, *, over: bool = False) -> Time:
    """Return the latest such time that has begun or, with *over*, is over."""
    for year in range(today.year, today.year - _BACK, -1):
        try:
            time = yearly.in_year(year)
        except ValueError:  # 29 February
            continue
        end = time.last if over else time.first
        if end and (end < today or (end == today and not over)):
            return replace(time, relative=True, yearless=True)
    raise ValueError("no such day")


# --- Parts and bounds -----------------------------------------------------------------------------

# The first and last month of a part of a year.
_YEAR_PARTS: dict[Part, tuple[int, int]] = {"beginning": (1, 3), "middle": (5, 8), "end": (10, 12)}
# The first and last of the years of a part of a decade, from 0.
_DECADE_PARTS: dict[Part, tuple[int, int]] = {"beginning": (0, 3), "middle": (4, 6), "end": (7, 9)}


def part_of(time: Time, part: Part) -> Time:
    """Return a part: about a quarter of a year, a month of a season, a third of anything else."""
    first, last = _ends(time)
    if time.unit == "decade":
        from_year, to_year = _DECADE_PARTS[part]
        return _within(time, date(first.year + from_year, 1, 1), date(first.year + to_year, 12, 31))
    if time.unit == "year":
        return _within(time, *_ends(months(first.year, *_YEAR_PARTS[part])))
    number = ("beginning", "middle", "end").index(part)
    if time.unit == "quarter":  # seasons are as long
        year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
        return _within(time, *_ends(months(year, month + 1, month + 1)))
    third = 10 if time.unit == "month" else ((last - first).days + 1) // 3
    begin = first + timedelta(third * number)
    return _within(time, begin, last if part == "end" else begin + timedelta(third - 1))


def half_of(time: Time, number: int) -> Time:
    """Return the first or second half of a month or year."""
    first, last = _ends(time)
    if number not in (1, 2):
        raise ValueError("no half")
    if time.unit == "year":
        return replace(months(first.year, 6 * number - 5, 6 * number), relative=time.relative)
    middle = first + timedelta(14 if time.unit == "month" else (last - first).days // 2)
    return _within(time, first, middle) if number == 1 else _within(time, middle + _ONE_DAY, last)


def _within(time: Time, first: date, last: date) -> Time:
    return replace(time, first=first, last=last, unit=None, spoken=True)


def _ends(time: Time) -> tuple[date, date]:
    if not time.first or not time.last:
        raise ValueError("an end is open")
    return time.first, time.last


def after(time: Time) -> Time:
    """Return what follows *time*, without it."""
    return _bound(time, first=time.last and time.last + _ONE_DAY)


def before(time: Time) -> Time:
    """Return what precedes *time*, without it."""
    return _bound(time, last=time.first and time.first - _ONE_DAY)


def since(time: Time) -> Time:
    """Return *time* and what follows it."""
    return _bound(time, first=time.first)


def until(time: Time) -> Time:
    """Return *time* and what precedes it."""
    return _bound(time, last=time.last)


def _bound(time: Time, *, first: date | None = None, last: date | None = None) -> Time:
    if not first and not last:
        raise ValueError("both ends are open")
    said = not is_deadline(time)
    return Time(first, last, spoken=said, relative=time.relative, bound=said)


def is_deadline(time: Time) -> bool:
    """Return whether *time* has no year: releases themselves say `līdz 1. jūnijam`, `pirms gada beigām`."""
    return time.yearless


def between(one: Time, other: Time) -> Time:
    """Return the time from one to the other; in the wrong order they mean the same."""
    ends = (*_ends(one), *_ends(other))
    spoken, relative = one.spoken or other.spoken, one.relative or other.relative
    return Time(min(ends), max(ends), spoken=spoken, relative=relative)
