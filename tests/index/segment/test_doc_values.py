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
