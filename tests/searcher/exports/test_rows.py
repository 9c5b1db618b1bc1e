from index.results import ListedRelease
from searcher.exports.rows import COLUMNS, ExportedRelease


def test_a_row_has_everything_that_the_index_lists() -> None:
    assert {*ExportedRelease.model_fields} == {*ListedRelease.__struct_fields__} - {"body"} | {"text"}


def test_a_spreadsheet_gets_all_but_the_text() -> None:
    assert {*ExportedRelease.model_fields} - {*COLUMNS} == {"text"}
