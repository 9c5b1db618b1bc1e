"""Resolves the parts of a typed date or period to its first and last day."""

import re
from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import date, timedelta

from preses_relizes.calendar import MONTHS

DayRange = tuple[date, date]
"""The first and the last day, both included."""
Resolve = Callable[[re.Match[str], date], DayRange]
"""Takes a match and today, and returns the days meant; raises ValueError if there are none.

The named groups of the match are folded parts of a date: year, month (a name), number (of the month), day...
"""

# Words by their first three letters, folded.
_ORDINALS = {
    "pir": 1, "otr": 2, "tre": 3, "cet": 4, "fir": 1, "sec": 2, "thi": 3, "fou": 4,
    "1": 1, "2": 2, "3": 3, "4": 4,
}  # fmt: skip
# The first and last month of a season. Winter ends in the next year.
_SEASONS = {
    "pav": (3, 5), "spr": (3, 5), "вес": (3, 5), "vas": (6, 8), "sum": (6, 8), "лет": (6, 8),
    "rud": (9, 11), "aut": (9, 11), "осе": (9, 11), "zie": (12, 14), "win": (12, 14), "зим": (12, 14),
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for names in ("pir otr tre cet pie ses sve", "mon tue wed thu fri sat sun", "пон вто сре чет пят суб вос")
    for number, name in enumerate(names.split())
}
_UNIT_DAYS = {
    "die": 1, "day": 1, "ден": 1, "дне": 1, "дня": 1, "ned": 7, "wee": 7, "нед": 7,
    "men": 30, "mon": 30, "мес": 30, "gad": 365, "yea": 365, "год": 365, "лет": 365,
}  # fmt: skip
_CENTURY = 100
_LEAP_YEAR = 2000


def _whole_months(year: int, first: int, last: int) -> DayRange:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _whole_years(first: int, last: int) -> DayRange:
    return date(first, 1, 1), date(last, 12, 31)


def _whole_season(year: int, season: str) -> DayRange:
    first, last = _SEASONS[season[:3].lower()]
    end_year, end_month = year + (last > 12), (last - 1) % 12 + 1
    return date(year, first, 1), _whole_months(end_year, end_month, end_month)[1]


def _ordinal(match: re.Match[str]) -> int:
    parts = match.groupdict()
    return _ORDINALS[(parts.get("ordinal") or match["number"])[:3].lower()]


def _month_number(parts: dict[str, str | None], name: str = "month") -> int | None:
    if month := parts.get(name):
        if month.lower() not in MONTHS:
            raise ValueError(f"{month}: not a month")
        return MONTHS[month.lower()]
    number = parts.get("number")
    return int(number) if number else None


def _year(parts: dict[str, str | None], today: date) -> int:
    """Return the year; one of two digits is of this century, unless it is more than a year away."""
    if year := parts.get("year"):
        return int(year)
    short, century = int(parts["short_year"] or 0), today.year // _CENTURY * _CENTURY
    return century + short - (_CENTURY if short > today.year % _CENTURY + 1 else 0)


# --- Dates and periods with a year ---------------------------------------------------------------


def day_month_or_year(match: re.Match[str], today: date) -> DayRange:
    """Return a day, month or year: the smallest that the match names."""
    parts = match.groupdict()
    year, month, day = _year(parts, today), _month_number(parts), parts.get("day")
    if month is None:
        return _whole_years(year, year)
    if day is None:
        return _whole_months(year, month, month)
    return date(year, month, int(day)), date(year, month, int(day))


def days_of_month(match: re.Match[str], _: date) -> DayRange:
    """Return the days from one to another of the same month."""
    year, month = int(match["year"]), _month_number(match.groupdict()) or 0
    return date(year, month, int(match["day"])), date(year, month, int(match["until_day"]))


def months(match: re.Match[str], _: date) -> DayRange:
    """Return the months from one to another of the same year."""
    parts = match.groupdict()
    first, last = _month_number(parts) or 0, _month_number(parts, "until_month") or 0
    return _whole_months(int(match["year"]), first, last)


def quarter(match: re.Match[str], _: date) -> DayRange:
    """Return a quarter of the year."""
    number = _ordinal(match)
    return _whole_months(int(match["year"]), 3 * number - 2, 3 * number)


def half_year(match: re.Match[str], _: date) -> DayRange:
    """Return a half of the year."""
    number = _ordinal(match)
    return _whole_months(int(match["year"]), 6 * number - 5, 6 * number)


def years(match: re.Match[str], _: date) -> DayRange:
    """Return the years from one to another."""
    return _whole_years(int(match["year"]), int(match["until"]))


def season(match: re.Match[str], _: date) -> DayRange:
    """Return the season of the year; winter begins in December of that year."""
    return _whole_season(int(match["year"]), match["season"])


# --- Relative to today ---------------------------------------------------------------------------


def day_without_year(match: re.Match[str], today: date) -> DayRange:
    """Return the latest such day that is not in the future."""
    month, day = _month_number(match.groupdict()) or 0, int(match["day"])
    date(_LEAP_YEAR, month, day)
    year = today.year if (month, day) <= (today.month, today.day) else today.year - 1
    if (month, day) == (2, 29):
        year = next(leap for leap in range(year, year - 9, -1) if isleap(leap))
    return date(year, month, day), date(year, month, day)


def month_without_year(match: re.Match[str], today: date) -> DayRange:
    """Return the latest such month that has begun."""
    month = _month_number(match.groupdict()) or 0
    return _whole_months(today.year - (month > today.month), month, month)


def weekday(match: re.Match[str], today: date) -> DayRange:
    """Return the latest such day of the week that is not in the future; if `last` is said, before today."""
    latest = today - timedelta(days=1 if match["last"] else 0)
    day = latest - timedelta(days=(latest.weekday() - _WEEKDAYS[match["weekday"][:3].lower()]) % 7)
    return day, day


def last_season(match: re.Match[str], today: date) -> DayRange:
    """Return the latest such season that is over."""
    candidates = (_whole_season(today.year - ago, match["season"]) for ago in range(3))
    return next(days for days in candidates if days[1] < today)


def this_season(match: re.Match[str], today: date) -> DayRange:
    """Return the latest such season that has begun; in January, winter began the year before."""
    candidates = (_whole_season(today.year - ago, match["season"]) for ago in range(2))
    return next(days for days in candidates if days[0] <= today)


def last_days(match: re.Match[str], today: date) -> DayRange:
    """Return a number of days, weeks, months or years up to today."""
    return today - timedelta(days=int(match["count"]) * _UNIT_DAYS[match["unit"][:3].lower()]), today


def units_ago(match: re.Match[str], today: date) -> DayRange:
    """Return the day, week, month or year that was a number of such units ago."""
    count, unit_days = int(match["count"]), _UNIT_DAYS[match["unit"][:3].lower()]
    resolvers = {1: days_ago, 7: weeks_ago, 30: months_ago, 365: years_ago}
    return resolvers[unit_days](count)(match, today)


def season_years_ago(ago: int) -> Resolve:
    """Return a function that resolves a season of the year *ago* years ago."""
    return lambda match, today: _whole_season(today.year - ago, match["season"])


def month_years_ago(ago: int) -> Resolve:
    """Return a function that resolves a month of the year *ago* years ago."""

    def resolve(match: re.Match[str], today: date) -> DayRange:
        month = _month_number(match.groupdict()) or 0
        return _whole_months(today.year - ago, month, month)

    return resolve


def day_in_another_year(ago: int) -> Resolve:
    """Return a function that resolves a day of the year *ago* years ago."""

    def resolve(match: re.Match[str], today: date) -> DayRange:
        day = date(today.year - ago, _month_number(match.groupdict()) or 0, int(match["day"]))
        return day, day

    return resolve


def days_ago(ago: int) -> Resolve:
    """Return a function that resolves the day *ago* days ago."""
    return lambda _, today: (today - timedelta(ago), today - timedelta(ago))


def weeks_ago(ago: int) -> Resolve:
    """Return a function that resolves the week, Monday to Sunday, *ago* weeks ago."""

    def resolve(_: re.Match[str], today: date) -> DayRange:
        monday = today - timedelta(days=today.weekday() + 7 * ago)
        return monday, monday + timedelta(days=6)

    return resolve


def months_ago(ago: int) -> Resolve:
    """Return a function that resolves the month *ago* months ago."""

    def resolve(_: re.Match[str], today: date) -> DayRange:
        year, month = divmod(today.year * 12 + today.month - 1 - ago, 12)
        return _whole_months(year, month + 1, month + 1)

    return resolve


def years_ago(ago: int) -> Resolve:
    """Return a function that resolves the year *ago* years ago."""
    return lambda _, today: _whole_years(today.year - ago, today.year - ago)
