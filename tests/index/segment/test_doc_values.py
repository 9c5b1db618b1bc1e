from collections.abc import Sequence
from pathlib import Path

import pytest

from index.segment import ArrayFile, ArrayWriter
from index.segment.doc_values import ArrayColumnReader, DocValue, DocValues, GrowingColumn, write_columns


def write(path: Path, columns: dict[str, Sequence[DocValue]]) -> DocValues:
    collected = {}
    for name, values in columns.items():
        column = GrowingColumn(name, type(values[0])())
        for number, value in enumerate(values):
            column.put(number, value)
        collected[name] = column.values(len(values))
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        out.describe(columns=write_columns(out, collected))
        out.close()
    return DocValues(ArrayFile(path))


COLUMNS: dict[str, Sequence[DocValue]] = {
    "few": (b"b", b"a", b"b", b"b"),
    "many": (b"1", b"2", b"3", b"4"),
    "similar": (b"1", b"2", b"x", b"4"),
    "int": (-5, 0, 3, 300),
    "float": (0.5, 1.0, -1.5, 2.0),
}
ENCODINGS = {"few": "codes", "many": "bytes", "similar": "like", "int": "int", "float": "float"}


@pytest.mark.parametrize("name", COLUMNS)
def test_column_is_read_as_written_in_its_encoding(tmp_path: Path, name: str) -> None:
    values = write(tmp_path / "file", COLUMNS)
    assert list(values.values(name)) == list(COLUMNS[name])
    assert values._kinds[name]["kind"] == ENCODINGS[name]


def test_coded_and_differing_rows(tmp_path: Path) -> None:
    values = write(tmp_path / "file", COLUMNS)
    assert (values.ordinals("few")[0], values.ordinals("few")[1].tolist()) == ([b"a", b"b"], [1, 0, 1, 1])
    assert values.different("similar", "many") == values.different("many", "similar") == [2]
    assert values.numbers("int").tolist() == [-5, 0, 3, 300]


def test_missing_values_are_the_default() -> None:
    column = GrowingColumn("a", 7)
    column.put(2, 1)
    assert list(column.values(4)) == [7, 7, 1, 7]


@pytest.mark.parametrize(("default", "value"), [(b"", 1), (0, b"a"), (0, "a")])
def test_value_of_another_type_is_refused(default: DocValue, value: DocValue) -> None:
    with pytest.raises(TypeError, match="column 'a': only integers, floats and bytes"):
        GrowingColumn("a", default).put(0, value)


def test_only_numbers_sort_in_reverse() -> None:
    reader = ArrayColumnReader([1, 2])
    reader.set_reverse()
    assert reader.sort_key(1) == -2
    with pytest.raises(NotImplementedError, match="column of bytes"):
        ArrayColumnReader([b"a"]).set_reverse()


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ((b"a", b"a", b"b"), "bytes"),  # two of three
        ((b"a", b"a", b"b", b"b"), "codes"),  # half
        ((b"a", b"b"), "bytes"),
        ((b"a",), "codes"),
        ((1, 2), "int"),
        ((True, False), "int"),
        ((1, 2.0), "float"),
    ],
)
def test_a_column_is_encoded_by_its_values(tmp_path: Path, values: Sequence[DocValue], kind: str) -> None:
    written = write(tmp_path / "file", {"column": values})
    assert written._kinds["column"]["kind"] == kind
    read = written.values("column")
    assert (list(read), len(read)) == (list(values), len(values))


@pytest.mark.parametrize(
    ("other", "kind", "differing"),
    [
        ((b"1", b"2", b"3", b"4"), "like", []),
        ((b"1", b"2", b"x", b"y"), "like", [2, 3]),
        ((b"1", b"x", b"y", b"z"), "bytes", [1, 2, 3]),
        ((b"1", b"2", b"", b"y"), "like", [2, 3]),
    ],
)
def test_a_column_that_mostly_equals_another_has_only_the_differences(
    tmp_path: Path, other: Sequence[bytes], kind: str, differing: list[int]
) -> None:
    values = write(tmp_path / "file", {"a": (b"1", b"2", b"3", b"4"), "b": other})
    assert values._kinds["b"]["kind"] == kind
    read = values.values("b")
    assert (list(read), len(read)) == (list(other), 4)
    assert values.different("a", "b") == values.different("b", "a") == differing


@pytest.mark.parametrize("name", ["few", "many", "similar"])
def test_ordinals_are_of_the_sorted_distinct_values(tmp_path: Path, name: str) -> None:
    table, ordinals = write(tmp_path / "file", COLUMNS).ordinals(name)
    assert table == sorted({*COLUMNS[name]})  # type: ignore[type-var]  # bytes
    assert [table[number] for number in ordinals.tolist()] == list(COLUMNS[name])


def test_columns_are_known_by_name(tmp_path: Path) -> None:
    values = write(tmp_path / "file", COLUMNS)
    assert values.names() == sorted(COLUMNS)
    assert ("few" in values, "none" in values) == (True, False)


def test_a_column_as_whoosh_reads_it() -> None:
    reader = ArrayColumnReader([3, 1])
    assert (len(reader), reader[1], list(reader), reader.sort_key(0)) == (2, 1, [3, 1], 3)
    text = ArrayColumnReader([b"a"])
    assert text.sort_key(0) == b"a"
    empty = ArrayColumnReader([])
    empty.set_reverse()


def test_document_numbers_may_be_left_out_at_the_end() -> None:
    column = GrowingColumn("a", b"-")
    column.put(1, b"x")
    column.put(2, b"y")
    assert list(column.values(5)) == [b"-", b"x", b"y", b"-", b"-"]
