"""Values by document number, each column in the form that fits what it holds."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import ColumnReader

from index.segment.array_file import Array, ArrayFile, ArrayWriter, Pack, Strings, pack_bytes, smallest

Value = int | float | bytes
Kind = dict[str, str | int]
"""How a column is kept: JSON."""
# Above this share of distinct values a table of them costs more than it saves.
DISTINCT_SHARE = 0.5
# A column that mostly repeats another keeps only what differs.
ALIKE_SHARE = 0.5


class GrowingColumn:
    """The values of a column, document after document; what none is given for has the *default*."""

    def __init__(self, name: str, default: Value) -> None:
        self._name, self._default = name, default
        self._values: Pack | list[Value] = Pack() if isinstance(default, bytes) else []

    def put(self, docnum: int, value: Value) -> None:
        """Give the document *docnum*, later than all before, its *value*."""
        if isinstance(value, bytes) != isinstance(self._values, Pack) or not isinstance(value, Value):
            raise TypeError(f"column {self._name!r}: only whole numbers, floats and bytes are stored")
        self._fill(docnum)
        self._values.append(value)  # type: ignore[arg-type]  # just checked

    def _fill(self, count: int) -> None:
        for _ in range(len(self._values), count):
            self._values.append(self._default)  # type: ignore[arg-type]  # it says of which kind they are

    def values(self, count: int) -> Sequence[Value]:
        """Return the values of so many documents; no other can be given then."""
        self._fill(count)
        return Strings(*self._values.packed()) if isinstance(self._values, Pack) else self._values


def write_columns(out: ArrayWriter, columns: Mapping[str, Sequence[Value]]) -> dict[str, Kind]:
    """Write *columns*, equally long, and return how to read each."""
    kinds: dict[str, Kind] = {}
    for name in sorted(columns):
        values = columns[name]
        if isinstance(values, Strings):
            others = (other for other, kind in kinds.items() if kind["kind"] == "bytes")
            like = next((other for other in others if _alike(values, columns[other])), None)
            kinds[name] = (
                _write_like(out, name, values, columns[like], like)
                if like
                else _write_bytes(out, name, values)
            )
        else:
            kinds[name] = _write_numbers(out, name, values)
    return kinds


def _alike(ours: Strings, theirs: Sequence[Value]) -> bool:
    same = sum(one == other for one, other in zip(ours, theirs, strict=True))
    return same >= ALIKE_SHARE * len(ours)


def _write_like(out: ArrayWriter, name: str, ours: Strings, theirs: Sequence[Value], like: str) -> Kind:
    pairs = enumerate(zip(ours, theirs, strict=True))
    rows = [row for row, (one, other) in pairs if one != other]
    blob, offsets = pack_bytes(ours[row] for row in rows)
    out.add(f"column/{name}/rows", np.array(rows, np.uint32))
    out.add(f"column/{name}/blob", blob)
    out.add(f"column/{name}/offsets", offsets)
    return {"kind": "like", "like": like}


def _write_numbers(out: ArrayWriter, name: str, values: Sequence[Value]) -> Kind:
    if not all(isinstance(value, int) for value in values):
        out.add(f"column/{name}", np.array(values, np.float64))
        return {"kind": "float"}
    least = min(values)
    out.add(f"column/{name}", smallest(np.array([int(value) - int(least) for value in values], np.uint64)))
    return {"kind": "int", "least": int(least)}


def _write_bytes(out: ArrayWriter, name: str, values: Strings) -> Kind:
    kind = "bytes"
    blob, offsets = values.packed
    if _distinct(values) <= max(1, DISTINCT_SHARE * len(values)):
        table = sorted(set(values))
        place = {value: number for number, value in enumerate(table)}
        codes = np.fromiter(map(place.__getitem__, values), np.int64, len(values))
        out.add(f"column/{name}/codes", smallest(codes))
        blob, offsets = pack_bytes(table)
        kind = "codes"
    out.add(f"column/{name}/blob", blob)
    out.add(f"column/{name}/offsets", offsets)
    return {"kind": kind}


def _distinct(values: Strings) -> int:
    """How many values differ, by their hashes: a set of them all would take more memory than they do."""
    return len(np.unique(np.fromiter(map(hash, values), np.int64, len(values))))


class Columns:
    """The columns of a segment."""

    def __init__(self, arrays: ArrayFile) -> None:
        self._arrays = arrays
        self._kinds: dict[str, Kind] = arrays.meta["columns"]

    def __contains__(self, name: str) -> bool:
        return name in self._kinds

    def names(self) -> list[str]:
        """Return the names of all columns."""
        return list(self._kinds)

    def numbers(self, name: str) -> NDArray[np.int64]:
        """Return a column of whole numbers."""
        return self._arrays[f"column/{name}"].astype(np.int64) + int(self._kinds[name]["least"])

    def coded(self, name: str) -> tuple[list[bytes], Array]:
        """Return the values of a column of few values, and for each document the place of its value."""
        if self._kinds[name]["kind"] == "codes":
            return list(self._strings(name)), self._arrays[f"column/{name}/codes"]
        values = self.values(name)
        table = sorted({values[row] for row in range(len(values))})
        place = {value: number for number, value in enumerate(table)}
        return table, np.array([place[values[row]] for row in range(len(values))])  # type: ignore[return-value]

    def different(self, name: str, other: str) -> list[int]:
        """Return the rows where column *name* differs from column *other*."""
        for one, another in ((name, other), (other, name)):
            if self._kinds[one].get("like") == another:
                rows: list[int] = self._arrays[f"column/{one}/rows"].tolist()
                return rows
        ours, theirs = self.values(name), self.values(other)
        return [row for row in range(len(ours)) if ours[row] != theirs[row]]

    def values(self, name: str) -> Sequence[Value]:
        """Return a column as a sequence."""
        kind = self._kinds[name]
        match kind["kind"]:
            case "int":
                return _Ints(self._arrays[f"column/{name}"], int(kind["least"]))
            case "float":
                return _Floats(self._arrays[f"column/{name}"])
            case "codes":
                return _Coded(self._strings(name), self._arrays[f"column/{name}/codes"])
            case "like":
                rows = self._arrays[f"column/{name}/rows"].tolist()
                differing = dict(zip(rows, self._strings(name), strict=True))
                return _Like(self.values(str(kind["like"])), differing)
        return self._strings(name)

    def _strings(self, name: str) -> Strings:
        return Strings(self._arrays[f"column/{name}/blob"], self._arrays[f"column/{name}/offsets"])


class _Rows(Sequence[Value]):
    """A column whose rows are an array."""

    def __init__(self, rows: Array) -> None:
        self._rows = rows.data

    def __len__(self) -> int:
        return len(self._rows)


class _Ints(_Rows):
    def __init__(self, rows: Array, least: int) -> None:
        super().__init__(rows)
        self._least = least

    def __getitem__(self, row: int) -> int:  # type: ignore[override]  # no slices of these
        return int(self._rows[row]) + self._least


class _Floats(_Rows):
    def __getitem__(self, row: int) -> float:  # type: ignore[override]  # no slices of these
        return float(self._rows[row])


class _Coded(_Rows):
    def __init__(self, table: Strings, codes: Array) -> None:
        super().__init__(codes)
        self._table = list(table)

    def __getitem__(self, row: int) -> bytes:  # type: ignore[override]  # no slices of these
        return self._table[self._rows[row]]


class _Like(Sequence[Value]):
    def __init__(self, other: Sequence[Value], differing: dict[int, bytes]) -> None:
        self._other, self._differing = other, differing

    def __len__(self) -> int:
        return len(self._other)

    def __getitem__(self, row: int) -> Value:  # type: ignore[override]  # no slices of these
        found = self._differing.get(row)
        return self._other[row] if found is None else found


class ArrayColumnReader(ColumnReader):
    """One of our columns as Whoosh reads it."""

    def __init__(self, values: Sequence[Value]) -> None:
        self._values = values
        self._reverse = False

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> Value:
        return self._values[docnum]

    def __iter__(self):  # type: ignore[no-untyped-def]  # as Whoosh declares it
        return iter(self._values)

    def sort_key(self, docnum: int) -> Value:  # type: ignore[override]  # Whoosh compares any type
        """Return what *docnum* is sorted by."""
        value = self._values[docnum]
        return -value if self._reverse and not isinstance(value, bytes) else value

    def set_reverse(self) -> None:
        """Sort the largest first; only numbers can, as in Whoosh."""
        if len(self._values) and isinstance(self._values[0], bytes):
            raise NotImplementedError("columns of bytes do not sort in reverse")
        self._reverse = True
