"""Term vectors: the terms of one field, document by document."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
from whoosh.formats import Format
from whoosh.matching.mcore import ListMatcher

from index.segment.array_file import ArrayFile, ArrayWriter, shrink
from index.segment.term_dictionary import Strings, StringsBuilder

VectorItem = tuple[str, float, bytes]
"""A term, its weight, and its value as the field's vector format encodes it."""


class TermVectorWriter:
    """Collects the term vectors of a field, in the order of the documents."""

    def __init__(self) -> None:
        self._docs, self._ends, self._weights = array("I"), array("Q", [0]), array("d")
        self._terms, self._values = StringsBuilder(), StringsBuilder()

    def add(self, docnum: int, items: Iterable[VectorItem]) -> None:
        """Add the vector of a document; an empty vector is not stored."""
        before = len(self._terms)
        for term, weight, value in items:
            self._terms.append(term.encode())
            self._weights.append(weight)
            self._values.append(value)
        if len(self._terms) > before:
            self._docs.append(docnum)
            self._ends.append(len(self._terms))

    def write(self, out: ArrayWriter, name: str) -> None:
        """Write the vectors of field *name*."""
        out.add(f"vector/{name}/docs", np.array(self._docs, np.uint32))
        out.add(f"vector/{name}/starts", shrink(np.array(self._ends, np.uint64)))
        out.add(f"vector/{name}/weights", np.array(self._weights, np.float64))
        for part, strings in (("terms", self._terms), ("values", self._values)):
            blob, offsets = strings.pack()
            out.add(f"vector/{name}/{part}", blob)
            out.add(f"vector/{name}/{part}_offsets", offsets)


class TermVectors:
    """The term vectors of a field of a segment."""

    def __init__(self, arrays: ArrayFile, name: str) -> None:
        self._docs = arrays[f"vector/{name}/docs"]
        self._starts = arrays[f"vector/{name}/starts"]
        self._weights = arrays[f"vector/{name}/weights"]
        self._terms, self._values = (
            Strings(arrays[f"vector/{name}/{part}"], arrays[f"vector/{name}/{part}_offsets"])
            for part in ("terms", "values")
        )

    def __contains__(self, docnum: int) -> bool:
        return self._row(docnum) is not None

    def _row(self, docnum: int) -> int | None:
        row = bisect_left(self._docs, docnum)
        return row if row < len(self._docs) and self._docs[row] == docnum else None

    def items(self, docnum: int) -> list[VectorItem]:
        """Return the vector of a document; empty if it has none."""
        row = self._row(docnum)
        if row is None:
            return []
        return [
            (self._terms[place].decode(), float(self._weights[place]), self._values[place])
            for place in range(int(self._starts[row]), int(self._starts[row + 1]))
        ]

    def matcher(self, docnum: int, format_: Format) -> ListMatcher:
        """Return a vector as Whoosh reads it: a matcher whose ids are terms."""
        items = self.items(docnum)
        terms, weights, values = zip(*items, strict=True) if items else ((), (), ())
        return ListMatcher(terms, weights, values, format_)
