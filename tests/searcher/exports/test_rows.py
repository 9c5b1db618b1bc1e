from datetime import date
from typing import Any

import pytest
from msgspec import structs

from index.results import ListedRelease
from searcher.exports.rows import COLUMNS, TEXT_COLUMNS, ExportedRelease, ExportedText
from tests.support.listed_release import LISTED, STOOD

FIELDS = tuple(name for name in ListedRelease.__struct_fields__ if name != "stood")
"""What a row of a plain search is made from."""


def test_a_row_through_time_has_the_same_and_when_its_text_stood() -> None:
    plain = ExportedRelease.of(LISTED).model_dump()
    row = ExportedText.at(structs.replace(LISTED, stood=STOOD), "{}/{}".format).model_dump()
    assert {name: value for name, value in row.items() if name not in plain} == {
        "version_of": "iem-0",
        "version": 2,
        "presumed": STOOD.presumed,
        "after": STOOD.after,
        "since": STOOD.since,
        "seen": STOOD.seen,
        "until": STOOD.until,
        "version_url": "iem-0/2",
    }
    assert {name: row[name] for name in plain} == plain
    assert {*row} - {*TEXT_COLUMNS} == {"text"}


def test_a_row_has_everything_that_the_index_lists() -> None:
    assert {*ExportedRelease.model_fields} == {*FIELDS} - {"body"} | {"text"}


def test_a_spreadsheet_gets_all_but_the_text() -> None:
    assert {*ExportedRelease.model_fields} - {*COLUMNS} == {"text"}


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_of_a_row_is_that_of_the_release(name: str) -> None:
    values: dict[str, Any] = {
        "published": date(2020, 1, 2),
        "also_published_by": ("Cita ministrija",),
        "language": "ru",
    }
    value = values.get(name, "cits" if isinstance(getattr(LISTED, name), str) else True)
    before, after = (
        ExportedRelease.of(one).model_dump() for one in (LISTED, structs.replace(LISTED, **{name: value}))
    )
    shown = "text" if name == "body" else name
    assert {key for key, one in after.items() if one != before[key]} == {shown}
    assert after[shown] == (list(value) if name == "also_published_by" else value)


def test_columns_are_in_this_order() -> None:
    assert COLUMNS == (
        "id",
        "published",
        "ministry",
        "title",
        "url",
        "language",
        "site",
        "also_published_by",
        "gone",
        "edited",
        "machine_translated",
        "lead",
    )
