"""Tests of the grammar of periods and of `day_ranges`."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.latvian.letters import fold
from index.query.periods import YEARS, find_periods, parse_date, parse_period

TODAY = date(2026, 11, 25)  # a Wednesday

WRITTEN = [
    ("27.11.2017", "2017-11-27", "2017-11-27"),
    ("27. 11. 2017", "2017-11-27", "2017-11-27"),
    ("2017-11-27", "2017-11-27", "2017-11-27"),
    ("2017. gada 27. novembrī", "2017-11-27", "2017-11-27"),
    ("27. novembris, 2017", "2017-11-27", "2017-11-27"),
    ("27. novembrī", "2025-11-27", "2025-11-27"),
    ("5. maijs", "2026-05-05", "2026-05-05"),
    ("2017. gada novembrī", "2017-11-01", "2017-11-30"),
    ("2017. gadā novembrī", "2017-11-01", "2017-11-30"),
    ("2017.gada februāris", "2017-02-01", "2017-02-28"),
    ("2016. g. februāris", "2016-02-01", "2016-02-29"),
    ("novembris 2017", "2017-11-01", "2017-11-30"),
    ("2017. gada 2. ceturksnī", "2017-04-01", "2017-06-30"),
    ("2017. gada pēdējā", "2017-01-01", "2017-12-31"),
    ("2017. gada pirmajā pusgadā", "2017-01-01", "2017-06-30"),
    ("2017.gadā", "2017-01-01", "2017-12-31"),
    ("2014.–2020. gadam", "2014-01-01", "2020-12-31"),
    ("no 2015. gada līdz 2017. gadam", "2015-01-01", "2017-12-31"),
    ("šodien", "2026-11-25", "2026-11-25"),
    ("vakar", "2026-11-24", "2026-11-24"),
    ("aizvakar", "2026-11-23", "2026-11-23"),
    ("šonedēļ", "2026-11-23", "2026-11-29"),
    ("šajā nedēļā", "2026-11-23", "2026-11-29"),
    ("pagājušajā nedēļā", "2026-11-16", "2026-11-22"),
    ("pagājušonedēļ", "2026-11-16", "2026-11-22"),
    ("šomēnes", "2026-11-01", "2026-11-30"),
    ("iepriekšējā mēnesī", "2026-10-01", "2026-10-31"),
    ("šogad", "2026-01-01", "2026-12-31"),
    ("pērn", "2025-01-01", "2025-12-31"),
    ("pagājušajā gadā", "2025-01-01", "2025-12-31"),
    ("pēdējās 30 dienās", "2026-10-26", "2026-11-25"),
    ("pēdējo 2 nedēļu", "2026-11-11", "2026-11-25"),
    ("pērnā gada decembrī", "2025-12-01", "2025-12-31"),
    ("pērn decembrī", "2025-12-01", "2025-12-31"),
    ("šā gada martā", "2026-03-01", "2026-03-31"),
    ("pagājušā gada rudenī", "2025-09-01", "2025-11-30"),
    ("pagājušajā ziemā", "2025-12-01", "2026-02-28"),
    ("šovasar", "2026-06-01", "2026-08-31"),
    ("šajā rudenī", "2026-09-01", "2026-11-30"),
    ("2023. gada ziemā", "2023-12-01", "2024-02-29"),
    ("summer 2023", "2023-06-01", "2023-08-31"),
    ("last summer", "2026-06-01", "2026-08-31"),
    ("this winter", "2025-12-01", "2026-02-28"),
    ("27 November 2017", "2017-11-27", "2017-11-27"),
    ("November 27, 2017", "2017-11-27", "2017-11-27"),
    ("May 2017", "2017-05-01", "2017-05-31"),
    ("in 2017", "2017-01-01", "2017-12-31"),
    ("last week", "2026-11-16", "2026-11-22"),
    ("last 7 days", "2026-11-18", "2026-11-25"),
    ("в 2017 году", "2017-01-01", "2017-12-31"),
    ("ноябрь 2017", "2017-11-01", "2017-11-30"),
    ("на прошлой неделе", "2026-11-16", "2026-11-22"),
]


@pytest.mark.parametrize(("text", "first", "last"), WRITTEN)
def test_periods_are_found_in_text(text: str, first: str, last: str) -> None:
    (period,) = find_periods(f"budžets {text} Rīgā", today=TODAY)
    assert (str(period.first), str(period.last)) == (first, last)


@pytest.mark.parametrize(("text", "first", "last"), WRITTEN)
def test_periods_are_found_without_diacritics(text: str, first: str, last: str) -> None:
    (period,) = find_periods(fold(text), today=TODAY)
    assert (str(period.first), str(period.last)) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31.02.2017",
        "maija",
        "Marta",
        "2017",
        "gada",
        "1.1.0001",
        "99. novembrī",
        "12345.gadā",
        "3000. gads",
    ],
)
def test_other_text_has_no_period(text: str) -> None:
    assert find_periods(text, today=TODAY) == ()


def test_a_period_has_its_span() -> None:
    text = "budžets 2017. gada novembrī un pērn"
    periods = find_periods(text, today=TODAY)
    assert [text[period.start : period.end] for period in periods] == ["2017. gada novembrī", "pērn"]


def test_last_month_in_january_is_december() -> None:
    (period,) = find_periods("last month", today=date(2026, 1, 31))
    assert (str(period.first), str(period.last)) == ("2025-12-01", "2025-12-31")


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("2017", ("2017-01-01", "2017-12-31")),
        ("2017-11", ("2017-11-01", "2017-11-30")),
        ("11.2017", ("2017-11-01", "2017-11-30")),
        ("27.11.2017", ("2017-11-27", "2017-11-27")),
        ("27 nov 2017", ("2017-11-27", "2017-11-27")),
        ("2017. gada 27. novembris", ("2017-11-27", "2017-11-27")),
        ("pērn", ("2025-01-01", "2025-12-31")),
        ("0999", None),
        ("2017-13", None),
        ("abc", None),
    ],
)
def test_values_of_typed_filters(value: str, days: tuple[str, str] | None) -> None:
    period = parse_period(value, today=TODAY)
    assert (period and tuple(map(str, period))) == days


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("2017", ("2017-01-01", "2017-12-31")),
        ("0999", ("0999-01-01", "0999-12-31")),
        (" 11.2017 ", ("2017-11-01", "2017-11-30")),
        ("27. 11. 2017.", ("2017-11-27", "2017-11-27")),
        ("27 novembris 2017", ("2017-11-27", "2017-11-27")),
        ("27 maija 2017", ("2017-05-27", "2017-05-27")),
        ("31.02.2017", None),
        ("27. novembris", None),
        ("novembris 2017", None),
        ("pērn", None),
    ],
)
def test_parse_date_reads_a_date_alone(value: str, days: tuple[str, str] | None) -> None:
    period = parse_date(value)
    assert (period and tuple(map(str, period))) == days


@given(
    text=st.one_of(st.text(), st.text(alphabet="0123456789. -–gadnovembrīpērnlast")),
    today=st.dates(date(1900, 1, 1), date(2100, 12, 31)),
)
def test_periods_of_any_text_are_ordered_and_plausible(text: str, today: date) -> None:
    end = 0
    for period in find_periods(text, today=today):
        assert end <= period.start < period.end
        assert period.first <= period.last
        assert period.first.year in YEARS
        end = period.end
