"""What the parts of a time mean on one day, with all that is known of it."""

from collections.abc import Callable
from datetime import date

import pytest

from index.query.times import meanings, spans
from index.query.times.spans import Time

T = date(2026, 11, 26)
"""A Thursday."""


@pytest.mark.parametrize(
    ("time", "days", "known"),
    [
        # Known: spoken, relative, without a year (l), bound.
        (meanings.day_of_year(T, 5, 3).in_year(2020), "2020-03-05..2020-03-05", ""),
        (meanings.days_of_month(T, 5, 9, 3).in_year(2020), "2020-03-05..2020-03-09", ""),
        (meanings.months(T, 11, 2).in_year(2020), "2020-11-01..2021-02-28", ""),
        (meanings.months(T, 2, 2).in_year(2020), "2020-02-01..2020-02-29", ""),
        (meanings.season(T, 12).in_year(2020), "2020-12-01..2021-02-28", "s"),
        (meanings.quarter(T, 1).in_year(2020), "2020-01-01..2020-03-31", ""),
        (meanings.quarter(T, 4).in_year(2020), "2020-10-01..2020-12-31", ""),
        (meanings.half_year(T, 1).in_year(2020), "2020-01-01..2020-06-30", ""),
        (meanings.half_year(T, 2).in_year(2020), "2020-07-01..2020-12-31", ""),
        (meanings.part_of(T, "middle", spans.whole_year(2020)), "2020-05-01..2020-08-31", "s"),
        (meanings.part_of(T, "end", meanings.month(T, 2)).in_year(2020), "2020-02-21..2020-02-29", "s"),
        (meanings.turn(T).in_year(2020), "2020-12-21..2021-01-10", ""),
        (meanings.half_of(T, 2, spans.whole_year(2020)), "2020-07-01..2020-12-31", ""),
        (meanings.half_of(T, 1, meanings.month(T, 2)).in_year(2020), "2020-02-01..2020-02-15", "s"),
        (meanings.latest(T, meanings.month(T, 11)), "2026-11-01..2026-11-30", "rl"),
        (meanings.latest(T, meanings.month(T, 12)), "2025-12-01..2025-12-31", "rl"),
        (meanings.latest_over(T, meanings.month(T, 11)), "2025-11-01..2025-11-30", "sr"),
        (meanings.latest_month(T, 12), "2025-12-01..2025-12-31", "rl"),
        (meanings.latest_part_of("year")(T, "end"), "2026-10-01..2026-12-31", "rl"),
        (meanings.latest_part_of("year")(date(2026, 2, 1), "end"), "2025-10-01..2025-12-31", "rl"),
        (meanings.latest_part_of("month")(T, "beginning"), "2026-11-01..2026-11-10", "rl"),
        (meanings.in_year(T, spans.whole_year(2020), meanings.month(T, 2)), "2020-02-01..2020-02-29", ""),
        (meanings.last_quarter_of(T, spans.whole_year(2020)), "2020-10-01..2020-12-31", ""),
        (meanings.years(T, 2019, 2020), "2019-01-01..2020-12-31", ""),
        (meanings.winter(T, 2016, 17, meanings.season(T, 12)), "2016-12-01..2017-02-28", "s"),
        (meanings.winter(T, 1999, 0, meanings.season(T, 12)), "1999-12-01..2000-02-29", "s"),
        (meanings.turn_of(T, 2016, 2017), "2016-12-21..2017-01-10", ""),
        (meanings.decade(T, 1990), "1990-01-01..1999-12-31", "s"),
        (meanings.decade(T, 100), "0100-01-01..0109-12-31", "s"),
        (meanings.decade(T, 90), "1990-01-01..1999-12-31", "s"),
        (meanings.decade(T, 30), "1930-01-01..1939-12-31", "s"),
        (meanings.decade(T, 20), "2020-01-01..2029-12-31", "s"),
        (meanings.steps(-1)(T, "month"), "2026-10-01..2026-10-31", "sr"),
        (meanings.steps(0)(T, "week"), "2026-11-23..2026-11-29", "sr"),
        (meanings.days_from_today(-2)(T), "2026-11-24..2026-11-24", "sr"),
        (meanings.then(T, ("day", 1)), "2026-11-27..2026-11-27", "sr"),
        (meanings.ago(T, 2, "half"), "2025-11-01..2025-11-30", "sr"),
        (meanings.ago(T, 2, "quarter"), "2026-04-01..2026-06-30", "sr"),
        (meanings.one_ago(T, "week"), "2026-11-16..2026-11-22", "sr"),
        (meanings.half_a_year_ago(T), "2026-05-01..2026-05-31", "sr"),
        (meanings.last(T, 2, "week"), "2026-11-13..2026-11-26", "srb"),
        (meanings.last_one(T, "quarter"), "2026-07-01..2026-09-30", "sr"),
        (meanings.last_one(T, "month"), "2026-10-27..2026-11-26", "srb"),
        (meanings.last_hours(T, 24), "2026-11-25..2026-11-26", "srb"),
        (meanings.last_hours(T, 25), "2026-11-24..2026-11-26", "srb"),
        (meanings.last_24_hours(T), "2026-11-25..2026-11-26", "srb"),
        (meanings.last_half_year(T), "2026-05-27..2026-11-26", "srb"),
        (meanings.weekday(T, 3), "2026-11-26..2026-11-26", "sr"),
        (meanings.weekday(T, 4), "2026-11-20..2026-11-20", "sr"),
        (meanings.last_weekday(T, 3), "2026-11-19..2026-11-19", "sr"),
        (meanings.last_weekday(T, 2), "2026-11-25..2026-11-25", "sr"),
        (meanings.next_weekday(T, 3), "2026-12-03..2026-12-03", "sr"),
        (meanings.next_weekday(T, 4), "2026-11-27..2026-11-27", "sr"),
        (meanings.weekday_of(T, spans.unit_from(T, "week", 0), 6), "2026-11-29..2026-11-29", "sr"),
        (meanings.latest_on_weekday(T, 0, meanings.day_of_year(T, 27, 11)), "2023-11-27..2023-11-27", "sl"),
        (meanings.this_weekend(T), "2026-11-28..2026-11-29", "sr"),
        (meanings.this_weekend(date(2026, 11, 29)), "2026-11-28..2026-11-29", "sr"),
        (meanings.last_weekend(T), "2026-11-21..2026-11-22", "sr"),
        (meanings.season_now(T, 12), "2025-12-01..2026-02-28", "sr"),
        (meanings.season_now(T, 9), "2026-09-01..2026-11-30", "sr"),
        (meanings.season_over(T, 9), "2025-09-01..2025-11-30", "sr"),
        (meanings.season_years_ago(T, (6, 2)), "2024-06-01..2024-08-31", "sr"),
        (meanings.between(T, spans.day(2020, 1, 5), spans.day(2020, 2, 5)), "2020-01-05..2020-02-05", "sb"),
        (
            meanings.between_yearly(T, meanings.month(T, 10), meanings.month(T, 1)),
            "2025-10-01..2026-01-31",
            "r",
        ),
        (
            meanings.from_yearly(T, meanings.month(T, 1), spans.day(2020, 1, 1)),
            "2020-01-01..2020-01-31",
            "sb",
        ),
        (
            meanings.from_yearly(T, meanings.month(T, 1), spans.day(2019, 12, 31)),
            "2019-01-01..2019-12-31",
            "sb",
        ),
        (meanings.to_yearly(T, spans.day(2021, 11, 1), meanings.month(T, 2)), "2021-11-01..2022-02-28", "sb"),
        (
            meanings.to_yearly(T, spans.day(2021, 11, 1), meanings.month(T, 11)),
            "2021-11-01..2021-11-30",
            "sb",
        ),
        (
            meanings.from_year(T, spans.whole_year(2020), meanings.month(T, 11), meanings.month(T, 2)),
            "2020-11-01..2021-02-28",
            "sb",
        ),
    ],
)
def test_a_time_has_its_days(time: Time, days: str, known: str) -> None:
    assert f"{time.first}..{time.last}" == days
    flags = {"s": time.spoken, "r": time.relative, "l": time.yearless, "b": time.bound}
    assert "".join(letter for letter, is_so in flags.items() if is_so) == known


def test_tens_and_ones_are_one_number() -> None:
    assert (meanings.tens_and_ones(T, 20, 1), meanings.tens_and_ones(T, 90, 9)) == (21, 99)


def test_a_year_is_taken_as_it_is() -> None:
    year = spans.whole_year(2020)
    assert meanings.only_year(T, year) is year


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: meanings.tens_and_ones(T, 20, 0), "not one number"),
        (lambda: meanings.tens_and_ones(T, 20, 10), "not one number"),
        (lambda: meanings.tens_and_ones(T, 10, 1), "not one number"),
        (lambda: meanings.tens_and_ones(T, 100, 1), "not one number"),
        (lambda: meanings.tens_and_ones(T, 25, 1), "not one number"),
        (lambda: meanings.only_year(T, spans.day(2020, 1, 1)), "not a year"),
        (lambda: meanings.years(T, 2020, 2020), "in the wrong order"),
        (lambda: meanings.years(T, 2021, 2020), "in the wrong order"),
        (lambda: meanings.winter(T, 2016, 18, meanings.season(T, 12)), "not the years of one winter"),
        (lambda: meanings.decade(T, 95), "not a decade"),
        (lambda: meanings.steps(-1)(T, "day"), "the last day of something"),
        (lambda: meanings.last_one(T, "day"), "the last day of something"),
        (lambda: meanings.weekday_of(T, spans.unit_from(T, "month", 0), 1), "not a week"),
    ],
)
def test_what_means_nothing_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
