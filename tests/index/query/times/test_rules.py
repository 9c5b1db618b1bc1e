"""Expressions of time as people type them, asked on many days, and words that are no time."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.query import Query, drop_days
from index.query.periods import find_periods
from tests.support.queries import Parse

JUDGED = Path(__file__).parents[3] / "judged" / "times.tsv"


def rows() -> Iterator[list[str]]:
    with JUDGED.open(encoding="utf-8") as lines:
        judged = (line for line in lines if not line.startswith("#"))
        yield from list(csv.reader(judged, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


ROWS = list(rows())


def days(query: Query) -> str:
    """Return the days that *query* is limited to or, if to none, those of the one period that it names."""
    if query.filters.published_from or query.filters.published_to:
        return f"{query.filters.published_from or ''}..{query.filters.published_to or ''}"
    return " and ".join(f"{period.first or ''}..{period.last or ''}" for period in query.periods) or "none"


def words_beside(text: str, today: date) -> str:
    """Return *text* without its times, and without the spaces and signs that parted them."""
    text = drop_days(text, today=today)
    for period in reversed(find_periods(text, today=today)):
        text = text[: period.start] + text[period.end :]
    return " ".join(text.replace("()", "").split()).strip(", ")


@pytest.mark.parametrize(
    ("today", "text", "expected", "words"), ROWS, ids=[f"{row[1]} @ {row[0]}" for row in ROWS]
)
def test_a_time_is_read_as_it_is_meant(read: Parse, today: str, text: str, expected: str, words: str) -> None:
    day = date.fromisoformat(today)
    assert days(read(f"{text} vārds", today=day)) == expected
    assert words_beside(text, day) == (text if words == "=" else words)


def test_a_month_in_capitals_is_no_name(read: Parse) -> None:
    assert [read(text).time for text in ("AUGUSTS", "Augusts")] == [
        (date(2026, 8, 1), date(2026, 8, 31)),
        None,
    ]


def test_table_has_enough_rows() -> None:
    assert len(ROWS) >= 300
    assert sum(row[2] == "none" for row in ROWS) >= 60
