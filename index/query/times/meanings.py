"""What the parts of a time mean together; functions for `rules`.

Each takes today and the values of the parts in their order, and raises ValueError if they mean nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from math import ceil

from index.query.times import spans
from index.query.times.grammar import Make
from index.query.times.spans import Part, Time, Unit, Yearly

_CENTURY = 100
_FIRST_SHORT_DECADE = 30
"""`20. gados` are of this century, `30. gados` of the last one."""


def same(_: date, value: object) -> object:
    """Return the one value."""
    return value


def nothing(_: date) -> None:
    """Return no value: the words only lead to others."""


# --- What comes every year ------------------------------------------------------------------------


def day_of_year(_: date, number: int, month: int) -> Yearly:
    """Return a day of every year."""
    return Yearly(lambda year: spans.day(year, month, number))


def days_of_month(_: date, first: int, last: int, month: int) -> Yearly:
    """Return the days from one to another of a month."""
    return Yearly(lambda year: spans.between(spans.day(year, month, first), spans.day(year, month, last)))


def days_after_month(today: date, month: int, first: int, last: int) -> Yearly:
    """Return the days from one to another of a month."""
    return days_of_month(today, first, last, month)


def month(_: date, number: int) -> Yearly:
    """Return a month."""
    return spans.every_year(number, number)


def months(_: date, first: int, last: int) -> Yearly:
    """Return the months from one to another, perhaps of the next year."""
    return spans.every_year(first, last if last >= first else last + 12)


def season(_: date, first_month: int) -> Yearly:
    """Return a season; winter begins in December of the year."""
    return spans.every_year(first_month, first_month + 2, spoken=True)


def quarter(_: date, number: int) -> Yearly:
    """Return a quarter."""
    return spans.every_year(3 * number - 2, 3 * number)


def half_year(_: date, number: int) -> Yearly:
    """Return a half of the year."""
    return Yearly(lambda year: spans.half_of(spans.whole_year(year), number))


def part_of(_: date, part: Part, whole: Time | Yearly) -> Time | Yearly:
    """Return the beginning, middle or end."""
    if isinstance(whole, Yearly):
        return Yearly(lambda year: spans.part_of(whole.in_year(year), part))
    return spans.part_of(whole, part)


def turn(_: date) -> Yearly:
    """Return the days from Christmas into January; it begins in December of the year."""
    return Yearly(lambda year: spans.between(spans.day(year, 12, 21), spans.day(year + 1, 1, 10)))


def half_of(_: date, number: int, whole: Time | Yearly) -> Time | Yearly:
    """Return the first or second half."""
    if isinstance(whole, Yearly):
        return Yearly(lambda year: spans.half_of(whole.in_year(year), number))
    return spans.half_of(whole, number)


def end_of(_: date, time: Time) -> Time:
    """Return the end."""
    return spans.part_of(time, "end")


def latest(today: date, yearly: Yearly) -> Time:
    """Return the latest such time that has begun."""
    return spans.latest(yearly, today)


def latest_over(today: date, yearly: Yearly) -> Time:
    """Return the latest such time that is over."""
    return replace(spans.latest(yearly, today, over=True), spoken=True, yearless=False)


def latest_month(today: date, number: int) -> Time:
    """Return the latest such month that has begun."""
    return spans.latest(month(today, number), today)


def latest_part_of(unit: Unit) -> Make:
    """Return a function for the latest such part of a year or month that has begun."""

    def part_of_unit(today: date, part: Part) -> Time:
        this, last = (spans.part_of(spans.unit_from(today, unit, steps), part) for steps in (0, -1))
        return replace(this if this.first and this.first <= today else last, spoken=False, yearless=True)

    return part_of_unit


# --- With a year ----------------------------------------------------------------------------------


def only_year(_: date, time: Time) -> Time:
    """Return *time* if it is a year."""
    if time.unit != "year":
        raise ValueError("not a year")
    return time


def in_year(_: date, year: Time, yearly: Yearly) -> Time:
    """Return what comes every year in that year."""
    time = yearly.in_year(year.first.year if year.first else 0)
    return replace(time, spoken=time.spoken or year.spoken, relative=year.relative)


def last_quarter_of(today: date, year: Time) -> Time:
    """Return the fourth quarter."""
    return in_year(today, year, quarter(today, 4))


def years(_: date, first: int, last: int) -> Time:
    """Return the years from one to another."""
    if last <= first:
        raise ValueError("in the wrong order")
    return spans.between(spans.whole_year(first), spans.whole_year(last))


def winter(_: date, first: int, last: int, yearly: Yearly) -> Time:
    """Return a season of two years, the second perhaps of two digits: `2016./2017. gada ziema`."""
    if last % _CENTURY != (first + 1) % _CENTURY:
        raise ValueError("not the years of one winter")
    return yearly.in_year(first)


def turn_of(today: date, first: int, last: int) -> Time:
    """Return the turn of two years, the second perhaps of two digits."""
    return winter(today, first, last, turn(today))


def winter_of(today: date, yearly: Yearly, first: int, last: int) -> Time:
    """Return a season of two years."""
    return winter(today, first, last, yearly)


def decade(_: date, first: int) -> Time:
    """Return ten years: `1990`, or `90` of the last century."""
    if first % 10:
        raise ValueError("not a decade")
    if first >= _CENTURY:
        return spans.decade(first)
    return spans.decade(first + (1900 if first >= _FIRST_SHORT_DECADE else 2000))


# --- Relative to today ----------------------------------------------------------------------------


def tens_and_ones(_: date, tens: int, ones: int) -> int:
    """Return the sum: `divdesmit četri`."""
    if tens not in range(20, 100, 10) or ones not in range(1, 10):
        raise ValueError("not one number")
    return tens + ones


def steps(number: int) -> Make:
    """Return a function for the unit that is a *number* of units after that of today."""

    def unit_from_today(today: date, unit: Unit) -> Time:
        if unit == "day":
            raise ValueError("the last day of something")
        return spans.unit_from(today, unit, number)

    return unit_from_today


def days_from_today(number: int) -> Make:
    """Return a function for the day that is a *number* of days after today."""
    return lambda today: spans.unit_from(today, "day", number)


def then(today: date, unit_and_steps: tuple[Unit, int]) -> Time:
    """Return the unit that is a number of steps after that of today."""
    return spans.unit_from(today, *unit_and_steps)


def ago(today: date, count: int, unit: Unit) -> Time:
    """Return the day, week, month... that was a number of units ago; for halves of a year, the month."""
    return (
        spans.unit_from(today, "month", -6 * count)
        if unit == "half"
        else spans.unit_from(today, unit, -count)
    )


def one_ago(today: date, unit: Unit) -> Time:
    """Return the unit before that of today."""
    return ago(today, 1, unit)


def half_a_year_ago(today: date) -> Time:
    """Return the month that was six months ago."""
    return ago(today, 1, "half")


def last(today: date, count: int, unit: Unit) -> Time:
    """Return a number of units until today."""
    return spans.last_units(today, count, unit)


def last_one(today: date, unit: Unit) -> Time:
    """Return one unit until today; the last quarter is the one that is over."""
    if unit == "day":
        raise ValueError("the last day of something")
    return spans.unit_from(today, unit, -1) if unit == "quarter" else spans.last_units(today, 1, unit)


def last_hours(today: date, count: int) -> Time:
    """Return the days in which the last *count* hours lie, since releases have no time of day."""
    return last_days_of_24_hours(today, ceil(count / 24))


def last_days_of_24_hours(today: date, count: int) -> Time:
    """Return the days in which the last *count* times 24 hours lie: one more."""
    return spans.last_units(today, count + 1, "day")


def last_24_hours(today: date) -> Time:
    """Return yesterday and today."""
    return last_days_of_24_hours(today, 1)


def last_half_year(today: date) -> Time:
    """Return six months until today."""
    return spans.last_units(today, 6, "month")


def weekday(today: date, number: int) -> Time:
    """Return the latest such day of the week, perhaps today."""
    day = today - timedelta((today.weekday() - number) % 7)
    return Time(day, day, "day", spoken=True, relative=True)


def last_weekday(today: date, number: int) -> Time:
    """Return the latest such day of the week before today."""
    return weekday(today - timedelta(1), number)


def next_weekday(today: date, number: int) -> Time:
    """Return the first such day of the week after today."""
    return weekday(today + timedelta(7), number)


def weekday_of(_: date, week: Time, number: int) -> Time:
    """Return the day of a week."""
    if week.unit != "week" or not week.first:
        raise ValueError("not a week")
    day = week.first + timedelta(number)
    return Time(day, day, "day", spoken=True, relative=True)


def whatever_weekday(_: date, __: int, time: Time) -> Time:
    """Return a date with its year, which says more than the day of the week before it."""
    return replace(time, spoken=True)


def latest_on_weekday(today: date, number: int, yearly: Yearly) -> Time:
    """Return the latest such day of the calendar that was that day of the week: `pirmdien, 27. novembrī`."""

    def on_weekday(year: int) -> Time:
        time = yearly.in_year(year)
        if time.unit != "day" or not time.first or time.first.weekday() != number:
            raise ValueError("another day of the week")
        return time

    return replace(spans.latest(Yearly(on_weekday), today), relative=False, spoken=True)


def this_weekend(today: date) -> Time:
    """Return Saturday and Sunday of this week."""
    saturday = today + timedelta(5 - today.weekday())
    return Time(saturday, saturday + timedelta(1), spoken=True, relative=True)


def last_weekend(today: date) -> Time:
    """Return the latest Saturday and Sunday that are over."""
    return this_weekend(today - timedelta(7))


def this_season(today: date, season: Yearly) -> Time:
    """Return the latest such season that has begun."""
    return replace(spans.latest(season, today), spoken=True, yearless=False)


def season_now(today: date, first_month: int) -> Time:
    """Return the latest such season that has begun."""
    return this_season(today, season(today, first_month))


def season_over(today: date, first_month: int) -> Time:
    """Return the latest such season that is over."""
    return latest_over(today, season(today, first_month))


def season_years_ago(today: date, season_and_years: tuple[int, int]) -> Time:
    """Return a season of a year that is a number of years ago."""
    first_month, years = season_and_years
    return replace(season(today, first_month).in_year(today.year - years), relative=True)


# --- Bounds ---------------------------------------------------------------------------------------


def bound(limit: Callable[[Time], Time]) -> Make:
    """Return a function for what is before or after a time."""
    return lambda _, time: limit(time)


def between(_: date, one: Time, other: Time) -> Time:
    """Return the time from one to the other."""
    said = not (spans.is_deadline(one) or spans.is_deadline(other))
    return replace(spans.between(one, other), spoken=said, bound=said)


def between_yearly(today: date, one: Yearly, other: Yearly) -> Time:
    """Return the time from one to the other: the end is the latest, and the beginning before it."""
    return from_yearly(today, one, spans.latest(other, today))


def from_yearly(today: date, one: Yearly, other: Time) -> Time:
    """Return the time until *other* from the last *one* before it: `starp oktobri un 2019. gada janvāri`."""
    year = other.first.year if other.first else 0
    begin = one.in_year(year)
    is_later = begin.first and other.first and begin.first > other.first
    return between(today, one.in_year(year - 1) if is_later else begin, other)


def to_yearly(today: date, one: Time, other: Yearly) -> Time:
    """Return the time from *one* to the first *other* after it: `no 2021. gada novembra līdz februārim`."""
    year = one.first.year if one.first else 0
    end = other.in_year(year)
    is_earlier = end.first and one.first and end.first < one.first
    return between(today, one, other.in_year(year + 1) if is_earlier else end)


def from_year(today: date, year: Time, one: Yearly, other: Yearly) -> Time:
    """Return the time from one to the other, both from *year* on."""
    return to_yearly(today, in_year(today, year, one), other)
