"""Spans of days, each with its first and last day."""

from collections.abc import Callable
from datetime import date

import pytest

from index.query.times import spans
from index.query.times.spans import Part, Time, Unit, Yearly

TODAY = date(2026, 3, 4)  # a Wednesday


def days(time: Time) -> str:
    return f"{time.first or ''}..{time.last or ''}"


@pytest.mark.parametrize(
    ("time", "span", "unit"),
    [
        (spans.day(2024, 2, 29), "2024-02-29..2024-02-29", "day"),
        (spans.months(2024, 2, 2), "2024-02-01..2024-02-29", "month"),
        (spans.months(2023, 12, 12), "2023-12-01..2023-12-31", "month"),
        (spans.months(2023, 12, 14), "2023-12-01..2024-02-29", "quarter"),
        (spans.months(2023, 1, 6), "2023-01-01..2023-06-30", "half"),
        (spans.months(2023, 1, 2), "2023-01-01..2023-02-28", None),
        (spans.whole_year(2023), "2023-01-01..2023-12-31", "year"),
        (spans.decade(1990), "1990-01-01..1999-12-31", "decade"),
    ],
)
def test_a_span_of_the_calendar(time: Time, span: str, unit: Unit | None) -> None:
    assert (days(time), time.unit) == (span, unit)
    assert time.spoken == (unit == "decade")
    assert (time.relative, time.bound, time.yearless) == (False, False, False)


@pytest.mark.parametrize(
    ("unit", "steps", "span"),
    [
        ("day", 0, "2026-03-04..2026-03-04"),
        ("day", -4, "2026-02-28..2026-02-28"),
        ("week", 0, "2026-03-02..2026-03-08"),
        ("week", -1, "2026-02-23..2026-03-01"),
        ("week", 1, "2026-03-09..2026-03-15"),
        ("month", 0, "2026-03-01..2026-03-31"),
        ("month", -3, "2025-12-01..2025-12-31"),
        ("month", 10, "2027-01-01..2027-01-31"),
        ("quarter", 0, "2026-01-01..2026-03-31"),
        ("quarter", -1, "2025-10-01..2025-12-31"),
        ("half", 1, "2026-07-01..2026-12-31"),
        ("year", -1, "2025-01-01..2025-12-31"),
        ("decade", 0, "2020-01-01..2029-12-31"),
        ("decade", -1, "2010-01-01..2019-12-31"),
    ],
)
def test_a_unit_before_or_after_that_of_today(unit: Unit, steps: int, span: str) -> None:
    time = spans.unit_from(TODAY, unit, steps)
    assert (days(time), time.unit, time.spoken, time.relative) == (span, unit, True, True)


@pytest.mark.parametrize(
    ("today", "count", "unit", "first"),
    [
        (TODAY, 7, "day", "2026-02-26"),
        (TODAY, 1, "day", "2026-03-04"),
        (TODAY, 2, "week", "2026-02-19"),
        (TODAY, 1, "month", "2026-02-05"),
        (date(2026, 3, 31), 1, "month", "2026-03-01"),
        (TODAY, 1, "year", "2025-03-05"),
        (date(2024, 2, 29), 1, "year", "2023-03-01"),
        (TODAY, 1, "quarter", "2025-12-05"),
    ],
)
def test_the_last_units_end_today(today: date, count: int, unit: Unit, first: str) -> None:
    time = spans.last_units(today, count, unit)
    assert (days(time), time.bound, time.spoken, time.relative) == (f"{first}..{today}", True, True, True)


MARCH = spans.every_year(3, 3)
LEAP_DAY = Yearly(lambda year: spans.day(year, 2, 29))


@pytest.mark.parametrize(
    ("yearly", "today", "over", "first"),
    [
        (MARCH, date(2026, 2, 28), False, "2025-03-01"),
        (MARCH, date(2026, 3, 1), False, "2026-03-01"),
        (MARCH, date(2026, 3, 31), True, "2025-03-01"),
        (MARCH, date(2026, 4, 1), True, "2026-03-01"),
        (LEAP_DAY, date(2026, 1, 1), False, "2024-02-29"),
        (LEAP_DAY, date(1903, 6, 1), False, "1896-02-29"),
    ],
)
def test_the_latest_of_what_comes_every_year(yearly: Yearly, today: date, first: str, *, over: bool) -> None:
    time = spans.latest(yearly, today, over=over)
    assert (str(time.first), time.relative, time.yearless) == (first, True, True)


def test_what_never_comes_has_no_latest() -> None:
    with pytest.raises(ValueError, match="no such day"):
        spans.latest(Yearly(lambda year: spans.day(year, 2, 30)), TODAY)


YEAR, DECADE, QUARTER, MONTH = (
    spans.whole_year(2023), spans.decade(1990), spans.months(2023, 12, 14), spans.months(2023, 2, 2)
)  # fmt: skip
WEEK = spans.unit_from(TODAY, "week", 0)


@pytest.mark.parametrize(
    ("time", "part", "span"),
    [
        (YEAR, "beginning", "2023-01-01..2023-03-31"),
        (YEAR, "middle", "2023-05-01..2023-08-31"),
        (YEAR, "end", "2023-10-01..2023-12-31"),
        (DECADE, "beginning", "1990-01-01..1993-12-31"),
        (DECADE, "middle", "1994-01-01..1996-12-31"),
        (DECADE, "end", "1997-01-01..1999-12-31"),
        (QUARTER, "beginning", "2023-12-01..2023-12-31"),
        (QUARTER, "middle", "2024-01-01..2024-01-31"),
        (QUARTER, "end", "2024-02-01..2024-02-29"),
        (MONTH, "beginning", "2023-02-01..2023-02-10"),
        (MONTH, "middle", "2023-02-11..2023-02-20"),
        (MONTH, "end", "2023-02-21..2023-02-28"),
        (WEEK, "beginning", "2026-03-02..2026-03-03"),
        (WEEK, "middle", "2026-03-04..2026-03-05"),
        (WEEK, "end", "2026-03-06..2026-03-08"),
    ],
)
def test_a_part_of_a_time(time: Time, part: Part, span: str) -> None:
    found = spans.part_of(time, part)
    assert (days(found), found.unit, found.spoken, found.relative) == (span, None, True, time.relative)


@pytest.mark.parametrize(
    ("time", "number", "span"),
    [
        (YEAR, 1, "2023-01-01..2023-06-30"),
        (YEAR, 2, "2023-07-01..2023-12-31"),
        (MONTH, 1, "2023-02-01..2023-02-15"),
        (MONTH, 2, "2023-02-16..2023-02-28"),
        (WEEK, 1, "2026-03-02..2026-03-05"),
        (WEEK, 2, "2026-03-06..2026-03-08"),
    ],
)
def test_a_half_of_a_time(time: Time, number: int, span: str) -> None:
    assert days(spans.half_of(time, number)) == span


@pytest.mark.parametrize("number", [0, 3])
def test_there_are_two_halves(number: int) -> None:
    with pytest.raises(ValueError, match="no half"):
        spans.half_of(YEAR, number)


@pytest.mark.parametrize(
    ("bound", "span"),
    [
        (spans.after, "2023-03-01.."),
        (spans.before, "..2023-01-31"),
        (spans.since, "2023-02-01.."),
        (spans.until, "..2023-02-28"),
    ],
)
def test_a_bound_is_before_or_after_a_time(bound: Callable[[Time], Time], span: str) -> None:
    time = bound(MONTH)
    assert (days(time), time.spoken, time.bound, time.relative) == (span, True, True, False)
    deadline = bound(spans.latest(MARCH, TODAY))
    assert (deadline.spoken, deadline.bound, deadline.relative) == (False, False, True)


@pytest.mark.parametrize(
    "use", [spans.after, spans.before, spans.since, spans.until, lambda time: spans.half_of(time, 1)]
)
def test_a_time_without_ends_has_no_bound_and_no_half(use: Callable[[Time], Time]) -> None:
    with pytest.raises(ValueError, match="open"):
        use(Time(None, None))


def test_between_two_times_is_all_of_both_in_any_order() -> None:
    for time in (spans.between(MONTH, WEEK), spans.between(WEEK, MONTH)):
        assert (days(time), time.spoken, time.relative) == ("2023-02-01..2026-03-08", True, True)
    plain = spans.between(YEAR, MONTH)
    assert (days(plain), plain.spoken, plain.relative) == ("2023-01-01..2023-12-31", False, False)
