import csv
import io
from datetime import date

import pytest
from msgspec.structs import replace

from searcher.exports import ExportedRelease, csv_lines, json_lines
from searcher.exports.writing import cell
from tests.support.listed_release import LISTED

ROW = ExportedRelease.of(
    replace(
        LISTED,
        title='=HYPERLINK("x")',
        lead='Ar "pēdiņām"; un, komatu\nun rindu',
        published=date(2024, 3, 5),
        also_published_by=("-A", "B"),
        edited=True,
    )
)


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_begins_like_a_formula(first: str) -> None:
    assert cell(f"{first}1+1") == f"'{first}1+1"


def test_a_formula_behind_a_character_that_programs_skip_is_disarmed() -> None:
    assert cell("\0=1+1") == "'=1+1"


def test_csv_is_read_back_as_it_was_written() -> None:
    text = "".join(csv_lines([ROW]))
    assert text.startswith('\ufeff"id","published"')
    assert text.count("\r\n") == 2
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert row["lead"] == ROW.lead
    assert row["title"] == '\'=HYPERLINK("x")'
    assert (row["published"], row["edited"], row["gone"]) == ("2024-03-05", "true", "false")
    assert row["also_published_by"] == "'-A; B"
    assert "text" not in row


def test_lines_have_only_the_fields_asked_for() -> None:
    assert [*csv_lines([ROW], ("id", "text"))][1] == '"iem-1","Teksts."\r\n'
    assert [*json_lines([ROW], ("id", "published"))] == ['{"id":"iem-1","published":"2024-03-05"}\n']


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        ([], ""),
        (["A", "B"], "A; B"),
        (["-A", "=B"], "'-A; =B"),
        (date(2024, 3, 5), "2024-03-05"),
        ("a\0b\0", "ab"),
        (" =1", " =1"),
        ("1=1", "1=1"),
    ],
)
def test_a_cell_is_the_value_as_text(value: str | date | bool | list[str] | None, text: str) -> None:
    assert cell(value) == text


def test_every_cell_is_quoted_and_every_field_of_a_json_line_is_there_by_default() -> None:
    header, line = csv_lines([ROW], ("id", "gone"))
    assert (header, line) == ('\ufeff"id","gone"\r\n', '"iem-1","false"\r\n')
    (whole,) = json_lines([ROW])
    assert whole == f"{ROW.model_dump_json()}\n"
