"""Doc values: one value per document, each column encoded to fit its values."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import ColumnReader

from index.segment.array_file import Array, ArrayFile, ArrayWriter, shrink
from index.segment.term_dictionary import Strings, StringsBuilder, pack_bytes

DocValue = int | float | bytes
Encoding = dict[str, str | int]
"""How a column is encoded: JSON."""
# With a larger share of distinct values, a table of them takes more space than it saves.
DISTINCT_SHARE = 0.5
# A column that equals another in at least this share of the rows stores only the differences.
ALIKE_SHARE = 0.5


class GrowingColumn:
    """Collects the values of a column, document by document; missing ones get the *default*."""

    def __init__(self, name: str, default: DocValue) -> None:
        self._name, self._default = name, default
        self._values: StringsBuilder | list[DocValue] = StringsBuilder() if isinstance(default, bytes) else []

    def put(self, docnum: int, value: DocValue) -> None:
        """Set the value of document *docnum*; document numbers ascend."""
        if isinstance(value, bytes) != isinstance(self._values, StringsBuilder) or not isinstance(
            value, DocValue
        ):
            raise TypeError(f"column {self._name!r}: only integers, floats and bytes can be stored")
        self._fill(docnum)
        self._values.append(value)  # type: ignore[arg-type]  # just checked

    def _fill(self, count: int) -> None:
        for _ in range(len(self._values), count):
            self._values.append(self._default)  # type: ignore[arg-type]  # the default has the type of the column

    def values(self, count: int) -> Sequence[DocValue]:
        """Return the values of *count* documents; nothing can be added afterwards."""
        self._fill(count)
        return Strings(*self._values.pack()) if isinstance(self._values, StringsBuilder) else self._values


def write_columns(out: ArrayWriter, columns: Mapping[str, Sequence[DocValue]]) -> dict[str, Encoding]:
    """Write *columns* of equal length; return the encoding of each."""
    kinds: dict[str, Encoding] = {}
    for name in sorted(columns):
        values = columns[name]
        if isinstance(values, Strings):
            others = (other for other, kind in kinds.items() if kind["kind"] == "bytes")
            like = next((other for other in others if _are_mostly_equal(values, columns[other])), None)
            kinds[name] = (
                _write_like(out, name, values, columns[like], like)
                if like
                else _write_bytes(out, name, values)
            )
        else:
            kinds[name] = _write_numbers(out, name, values)
    return kinds


def _are_mostly_equal(ours: Strings, theirs: Sequence[DocValue]) -> bool:
    same = sum(our == their for our, their in zip(ours, theirs, strict=True))
    return same >= ALIKE_SHARE * len(ours)


def _write_like(
    out: ArrayWriter, name: str, ours: Strings, theirs: Sequence[DocValue], like: str
) -> Encoding:
    pairs = enumerate(zip(ours, theirs, strict=True))
    rows = [row for row, (our, their) in pairs if our != their]
    blob, offsets = pack_bytes(ours[row] for row in rows)
    out.add(f"column/{name}/rows", np.array(rows, np.uint32))
    out.add(f"column/{name}/blob", blob)
    out.add(f"column/{name}/offsets", offsets)
    return {"kind": "like", "like": like}


def _write_numbers(out: ArrayWriter, name: str, values: Sequence[DocValue]) -> Encoding:
    if not all(isinstance(value, int) for value in values):
        out.add(f"column/{name}", np.array(values, np.float64))
        return {"kind": "float"}
    least = min(values)
    out.add(f"column/{name}", shrink(np.array([int(value) - int(least) for value in values], np.uint64)))
    return {"kind": "int", "least": int(least)}


def _write_bytes(out: ArrayWriter, name: str, values: Strings) -> Encoding:
    kind = "bytes"
    blob, offsets = values.arrays
    if _count_distinct(values) <= max(1, DISTINCT_SHARE * len(values)):
        table = sorted(set(values))
        place = {value: number for number, value in enumerate(table)}
        codes = np.fromiter(map(place.__getitem__, values), np.int64, len(values))
        out.add(f"column/{name}/codes", shrink(codes))
        blob, offsets = pack_bytes(table)
        kind = "codes"
    out.add(f"column/{name}/blob", blob)
    out.add(f"column/{name}/offsets", offsets)
    return {"kind": kind}


def _count_distinct(values: Strings) -> int:
    """Count distinct values by their hashes, because a set of the values would take too much memory."""
    return len(np.unique(np.fromiter(map(hash, values), np.int64, len(values))))


class DocValues:
    """The doc values of a segment."""

    def __init__(self, arrays: ArrayFile) -> None:
        self._arrays = arrays
        self._kinds: dict[str, Encoding] = arrays.meta["columns"]

    def __contains__(self, name: str) -> bool:
        return name in self._kinds

    def names(self) -> list[str]:
        """Return the names of all columns."""
        return list(self._kinds)

    def numbers(self, name: str) -> NDArray[np.int64]:
        """Return a column of integers."""
        return self._arrays[f"column/{name}"].astype(np.int64) + int(self._kinds[name]["least"])

    def ordinals(self, name: str) -> tuple[list[bytes], Array]:
        """Return the sorted distinct values of a column, and each document's ordinal among them."""
        if self._kinds[name]["kind"] == "codes":
            return list(self._strings(name)), self._arrays[f"column/{name}/codes"]
        values = self.values(name)
        table = sorted({values[row] for row in range(len(values))})
        place = {value: number for number, value in enumerate(table)}
        return table, np.array([place[values[row]] for row in range(len(values))])  # type: ignore[return-value]

    def different(self, name: str, other: str) -> list[int]:
        """Return the rows where columns *name* and *other* differ."""
        for column, base in ((name, other), (other, name)):
            if self._kinds[column].get("like") == base:
                rows: list[int] = self._arrays[f"column/{column}/rows"].tolist()
                return rows
        ours, theirs = self.values(name), self.values(other)
        return [row for row in range(len(ours)) if ours[row] != theirs[row]]

    def values(self, name: str) -> Sequence[DocValue]:
        """Return a column as a sequence."""
        kind = self._kinds[name]
        match kind["kind"]:
            case "int":
                return _IntColumn(self._arrays[f"column/{name}"], int(kind["least"]))
            case "float":
                return _FloatColumn(self._arrays[f"column/{name}"])
            case "codes":
                return _CodedColumn(self._strings(name), self._arrays[f"column/{name}/codes"])
            case "like":
                rows = self._arrays[f"column/{name}/rows"].tolist()
                differing = dict(zip(rows, self._strings(name), strict=True))
                return _LikeColumn(self.values(str(kind["like"])), differing)
        return self._strings(name)

    def _strings(self, name: str) -> Strings:
        return Strings(self._arrays[f"column/{name}/blob"], self._arrays[f"column/{name}/offsets"])


class _ArrayColumn(Sequence[DocValue]):
    """A column stored as an array."""

    def __init__(self, rows: Array) -> None:
        self._rows = rows.data

    def __len__(self) -> int:
        return len(self._rows)


class _IntColumn(_ArrayColumn):
    def __init__(self, rows: Array, least: int) -> None:
        super().__init__(rows)
        self._least = least

    def __getitem__(self, row: int) -> int:  # type: ignore[override]  # never sliced
        return int(self._rows[row]) + self._least


class _FloatColumn(_ArrayColumn):
    def __getitem__(self, row: int) -> float:  # type: ignore[override]  # never sliced
        return float(self._rows[row])


class _CodedColumn(_ArrayColumn):
    def __init__(self, table: Strings, codes: Array) -> None:
        super().__init__(codes)
        self._table = list(table)

    def __getitem__(self, row: int) -> bytes:  # type: ignore[override]  # never sliced
        return self._table[self._rows[row]]


class _LikeColumn(Sequence[DocValue]):
    def __init__(self, other: Sequence[DocValue], differing: dict[int, bytes]) -> None:
        self._other, self._differing = other, differing

    def __len__(self) -> int:
        return len(self._other)

    def __getitem__(self, row: int) -> DocValue:  # type: ignore[override]  # never sliced
        value = self._differing.get(row)
        return self._other[row] if value is None else value


class ArrayColumnReader(ColumnReader):
    """A column, as Whoosh reads it."""

    def __init__(self, values: Sequence[DocValue]) -> None:
        self._values = values
        self._reverse = False

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> DocValue:
        return self._values[docnum]

    def __iter__(self):  # type: ignore[no-untyped-def]  # as Whoosh declares it
        return iter(self._values)

    def sort_key(self, docnum: int) -> DocValue:  # type: ignore[override]  # Whoosh compares any type
        """Return the sort key of *docnum*."""
        value = self._values[docnum]
        return -value if self._reverse and not isinstance(value, bytes) else value

    def set_reverse(self) -> None:
        """Sort descending; as in Whoosh, only numbers can."""
        if len(self._values) and isinstance(self._values[0], bytes):
            raise NotImplementedError("a column of bytes cannot be sorted in reverse")
        self._reverse = True
