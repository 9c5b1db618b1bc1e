"""Dates and their roles in lines of text."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config import DateOrder
from crawler.extraction.fields.dates import parse_timestamp, publication_date_in, read_dates, update_date_in
from preses_relizes.shared.calendar import MONTHS

TODAY = date(2026, 11, 25)
with (Path(__file__).parent / "dates.tsv").open(encoding="utf-8") as lines:
    ROWS = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


@pytest.mark.parametrize(("line", "order", "day", "about"), ROWS, ids=[f"{row[3]}: {row[0]}" for row in ROWS])
def test_line_is_read_correctly_or_not_at_all(line: str, order: DateOrder, day: str, about: str) -> None:
    reading = publication_date_in(line, latest=TODAY, order=order)
    assert (str(reading.day) if reading else "-") == day


def test_table_has_enough_rows() -> None:
    assert len(ROWS) >= 150


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Last update 04.08.2021", date(2021, 8, 4)),
        ("Publicēts: 12.03.2021, labots: 15.03.2021", date(2021, 3, 15)),
        ("Обновлено 4 августа 2021 года", date(2021, 8, 4)),
        ("Publicēts: 12.03.2021", None),
    ],
)
def test_update_is_recognised(line: str, day: date | None) -> None:
    assert update_date_in(line, latest=TODAY) == day


def test_year_is_inferred_only_if_given_and_then_flagged() -> None:
    assert read_dates("Pirmdien, 27.novembrī", latest=TODAY) == ()
    [reading] = read_dates("Pirmdien, 27.novembrī", latest=TODAY, year=2017)
    assert (reading.day, reading.inferred) == (date(2017, 11, 27), True)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2021-07-09", date(2021, 7, 9)),
        ("20210709", date(2021, 7, 9)),
        ("2021-07-08T21:00:00Z", date(2021, 7, 9)),
        ("2021-07-09T00:00:00+03:00", date(2021, 7, 9)),
        ("Thu, 08 Jul 2021 23:30:00 GMT", date(2021, 7, 9)),
        ("9999-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2027-01-01", None),
        ("soon", None),
        ("", None),
    ],
)
def test_timestamp_is_a_day_in_riga(value: str, day: date | None) -> None:
    assert parse_timestamp(value, latest=TODAY) == day


@pytest.mark.parametrize(
    ("day", "is_read"),
    [
        (date(1970, 1, 1), False),
        (date(1989, 12, 31), False),
        (date(1990, 1, 1), True),
        (TODAY, True),
        (TODAY + timedelta(days=1), False),
    ],
)
def test_days_are_read_from_the_earliest_to_the_latest(day: date, *, is_read: bool) -> None:
    read = [day] if is_read else []
    assert [reading.day for reading in read_dates(f"{day:%d.%m.%Y}.", latest=TODAY)] == read
    assert parse_timestamp(f"{day}T12:00:00", latest=TODAY) == (day if is_read else None)


@pytest.mark.parametrize(
    ("others", "is_read"),
    [
        ("", True),
        ("Rīga", True),
        ("Rīgas domes preses centrs", True),
        ("Rīgas domes preses centrs ziņo", False),
        ("Sveiki!", True),
        ("Rīgas centrs.", False),
    ],
)
def test_date_beside_a_sentence_is_not_that_of_the_release(others: str, *, is_read: bool) -> None:
    reading = publication_date_in(f"12.03.2021 {others}", latest=TODAY)
    assert (reading and reading.day) == (date(2021, 3, 12) if is_read else None)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_names_in_three_languages(month: int) -> None:
    words = {word for word, number in MONTHS.items() if number == month}
    assert len([word for word in words if word.isascii()]) >= 6
    assert len([word for word in words if not word.isascii()]) >= 5


@given(st.text(max_size=300))
def test_any_text_is_read_without_errors_and_future_dates(text: str) -> None:
    assert all(reading.day <= TODAY for reading in read_dates(text, latest=TODAY, year=2026))
