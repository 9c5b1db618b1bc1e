from datetime import date
from typing import Any

import pytest
from msgspec import structs

from index.results import ListedRelease
from searcher.exports.rows import COLUMNS, ExportedRelease
from tests.support.listed_release import LISTED


def test_a_row_has_everything_that_the_index_lists() -> None:
    assert {*ExportedRelease.model_fields} == {*ListedRelease.__struct_fields__} - {"body"} | {"text"}


def test_a_spreadsheet_gets_all_but_the_text() -> None:
    assert {*ExportedRelease.model_fields} - {*COLUMNS} == {"text"}


@pytest.mark.parametrize("name", ListedRelease.__struct_fields__)
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
