"""Stored fields, doc values, field lengths and term vectors of each document."""

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import PerDocumentReader, PerDocumentWriter, Segment
from whoosh.formats import Format
from whoosh.matching.mcore import ListMatcher

from index.segment.array_file import Array, ArrayFile, ArrayWriter, path_in, shrink
from index.segment.doc_values import ArrayColumnReader, DocValue, DocValues, GrowingColumn, write_columns
from index.segment.stored_json import StoredJson, StoredJsonWriter
from index.segment.term_vectors import TermVectors, TermVectorWriter, VectorItem
from preses_relizes.shared.durable import name_errors

EXTENSION = ".docs"
# The documents that a merge copies at a time.
DOCUMENTS = 20_000


def _tag(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    raise TypeError(f"a stored field cannot hold a {type(value).__name__}: {value!r}")


def _tag_containers(value: object) -> object:
    """Return *value*, with tags on containers that JSON would not restore."""
    if isinstance(value, tuple):
        return {"$tuple": [_tag_containers(item) for item in value]}
    if isinstance(value, list):
        return [_tag_containers(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value) or (len(value) == 1 and set(value) <= set(_UNTAG)):
            return {"$dict": [[_tag_containers(item) for item in pair] for pair in value.items()]}
        return {key: _tag_containers(item) for key, item in value.items()}
    return value


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=_tag, separators=(",", ":"))
_UNTAG: dict[str, Callable[[Any], object]] = {
    "$time": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$bytes": bytes.fromhex,
    "$tuple": tuple,
    "$dict": dict,
}


def _untag(pairs: dict[str, Any]) -> Any:  # JSON holds any type
    if len(pairs) == 1:
        [(tag, content)] = pairs.items()
        if tag in _UNTAG:
            return _UNTAG[tag](content)
    return pairs


_DECODER = msgspec.json.Decoder()


def encode_stored(fields: Mapping[str, object]) -> bytes:
    """Return stored fields as JSON.

    Raises:
        TypeError: a value has a type that neither JSON nor a tag holds.
    """
    return _ENCODER.encode({name: _tag_containers(value) for name, value in fields.items()}).encode()


def decode_stored(content: bytes) -> dict[str, Any]:
    """Return the stored fields in JSON that ``encode_stored`` returned."""
    fields: dict[str, Any]
    try:
        # A page of hits decodes ten: msgspec takes two thirds of the time, but neither tags nor NaN.
        fields = _DECODER.decode(content) if b"$" not in content else _decode_tagged(content)
    except msgspec.DecodeError:
        fields = _decode_tagged(content)
    return fields


def _decode_tagged(content: bytes) -> Any:
    return json.loads(content, object_hook=_untag)


class ArrayDocumentWriter(PerDocumentWriter):
    """Writes documents: stored fields immediately, everything else when closed."""

    def __init__(self, storage: Any, segment: Segment) -> None:  # Whoosh's storages are untyped
        self._segment = segment
        self._file = segment.create_file(storage, EXTENSION)
        self._out = ArrayWriter(self._file, path_in(storage, segment.make_filename(EXTENSION)))
        self._json = StoredJsonWriter(self._out)
        self._columns: dict[str, GrowingColumn] = {}
        self._lengths: dict[str, array[int]] = {}
        self._vectors: dict[str, TermVectorWriter] = {}
        self._stored: dict[str, object] = {}
        self._pending: list[tuple[str, DocValue]] = []
        self._pending_lengths: list[tuple[str, int]] = []
        self._pending_vectors: list[tuple[str, list[VectorItem]]] = []
        self.is_closed = False

    @property
    def count(self) -> int:
        """The number of finished documents."""
        return len(self._json)

    def start_doc(self, docnum: int) -> None:
        """Begin the next document, whose number is *docnum*."""
        if docnum != self.count:
            raise ValueError(f"document {docnum} out of order; the next is {self.count}")
        self.cancel_doc()

    def set_lengths(self, names: Iterable[str], lengths: Array) -> None:
        """Set the field lengths of the analysed text, which Whoosh does not see."""
        for name in names if lengths.any() else ():
            field_lengths = np.frombuffer(self._lengths_before(len(lengths), name), np.uint32)
            np.copyto(field_lengths, lengths, where=lengths > 0, casting="unsafe")

    def add_field(self, fieldname: str, fieldobj: object, value: object, length: int) -> None:
        """Add a stored value, if any, and the length of the field."""
        if value is not None:
            self._stored[fieldname] = value
        if length:
            self._pending_lengths.append((fieldname, length))

    def add_column_value(self, fieldname: str, columnobj: Any, value: DocValue) -> None:
        """Add a doc value."""
        if fieldname not in self._columns:
            self._columns[fieldname] = GrowingColumn(fieldname, columnobj.default_value())
        self._pending.append((fieldname, value))

    def add_vector_items(self, fieldname: str, fieldobj: object, items: Iterable[VectorItem]) -> None:
        """Add the term vector of a field."""
        self._pending_vectors.append((fieldname, list(items)))

    def finish_doc(self) -> None:
        """Finish the document."""
        self._json.add(encode_stored(self._stored))
        docnum = self.count - 1
        for name, value in self._pending:
            self._columns[name].put(docnum, value)
        for name, length in self._pending_lengths:
            self._lengths_before(docnum, name).append(length)
        for name, items in self._pending_vectors:
            self._vector_writer(name).add(docnum, items)

    def _vector_writer(self, name: str) -> TermVectorWriter:
        return self._vectors.setdefault(name, TermVectorWriter())

    def cancel_doc(self) -> None:
        """Drop the current document."""
        self._stored, self._pending, self._pending_lengths, self._pending_vectors = {}, [], [], []

    def add_all(
        self, reader: "ArrayDocumentReader", live: NDArray[np.int64], defaults: Mapping[str, DocValue]
    ) -> None:
        """Copy the documents *live* of another segment, in that order.

        Only columns in *defaults* are copied; documents without a value get the default.
        """
        first = self.count
        if not first and len(live) == reader.doc_count_all():
            self._json.adopt_dictionary(reader.json)
        for chunk in np.array_split(live, len(live) // DOCUMENTS + 1):
            for docnum in chunk.tolist():
                self._json.copy(reader.json, docnum)
            reader.arrays.forget()
        for name in filter(defaults.__contains__, reader.columns.names()):
            values = reader.columns.values(name)
            column = self._columns.setdefault(name, GrowingColumn(name, defaults[name]))
            for row, docnum in enumerate(live.tolist(), first):
                column.put(row, values[docnum])
        for name in reader.length_names():
            lengths = reader.lengths(name)[live].astype(np.uint32)
            self._lengths_before(first, name).frombytes(lengths.tobytes())
        for name, vectors in reader.vectors.items():
            for row, docnum in enumerate(live.tolist(), first):
                self._vector_writer(name).add(row, vectors.items(docnum))

    def _lengths_before(self, docnum: int, name: str) -> "array[int]":
        """Return the lengths of a field, for all documents before *docnum*."""
        lengths = self._lengths.setdefault(name, array("I"))
        if len(lengths) < docnum:
            lengths.extend(bytes(docnum - len(lengths)))
        return lengths

    def abandon(self) -> None:
        """Close the unfinished file; nothing refers to it."""
        self.is_closed = True  # first, because closing may fail and Whoosh would then write again
        self._json.abandon()
        if not self._file.is_closed:
            with name_errors(self._out.path):
                self._file.close()

    def close(self) -> None:
        """Write everything else and close the file."""
        count = self.count
        self._json.close()
        columns = {name: column.values(count) for name, column in self._columns.items()}
        self._out.describe(segment=self._segment.segid, documents=count)
        self._out.describe(columns=write_columns(self._out, columns))
        self._out.describe(lengths=self._write_lengths(count))
        if self._vectors:
            self._write_vectors()
        self._out.close()
        self._columns, self._lengths, self._vectors = (
            {},
            {},
            {},
        )  # the postings are written next, and need the memory
        self._segment.set_doc_count(count)
        self.abandon()

    def _write_vectors(self) -> None:
        for name, writer in self._vectors.items():
            writer.write(self._out, name)
        self._out.describe(vectors=list(self._vectors))

    def _write_lengths(self, count: int) -> dict[str, str]:
        """Write each distinct array of lengths once; return the name of the array of each field."""
        names_by_content: dict[bytes, str] = {}
        array_names: dict[str, str] = {}
        for name, field_lengths in self._lengths.items():
            lengths = np.zeros(count, np.uint32)
            lengths[: len(field_lengths)] = field_lengths
            array_names[name] = names_by_content.setdefault(lengths.tobytes(), name)
            if array_names[name] == name:
                self._out.add(f"length/{name}", shrink(lengths))
        return array_names


class ArrayDocumentReader(PerDocumentReader):
    """The documents of a segment; immutable except for deletions, which belong to the segment."""

    def __init__(self, arrays: ArrayFile, segment: Segment) -> None:
        self.arrays = arrays
        self._segment = segment
        self._count: int = arrays.meta["documents"]
        self.json = StoredJson(arrays)
        self.columns = DocValues(arrays)
        self.vectors = {name: TermVectors(arrays, name) for name in arrays.meta.get("vectors", ())}

    def doc_count(self) -> int:
        """Return the number of live documents."""
        return self._count - int(self._segment.deleted_count())

    def doc_count_all(self) -> int:
        """Return the number of documents, including deleted ones."""
        return self._count

    def has_deletions(self) -> bool:
        """Return whether any document is deleted."""
        return bool(self._segment.deleted_count())

    def is_deleted(self, docnum: int) -> bool:
        """Return whether *docnum* is deleted."""
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> set[int]:
        """Return the deleted documents."""
        return set(self._segment.deleted_docs())

    def supports_columns(self) -> bool:
        """Return True: doc values are stored."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Return whether a field has doc values in this segment."""
        return fieldname in self.columns

    def list_columns(self) -> list[str]:
        """Return the names of the fields with doc values."""
        return self.columns.names()

    def column_reader(self, fieldname: str, column: object) -> ArrayColumnReader:
        """Return the doc values of a field."""
        return ArrayColumnReader(self.columns.values(fieldname))

    def length_names(self) -> list[str]:
        """Return the names of the fields with lengths."""
        return list(self.arrays.meta["lengths"])

    def lengths(self, fieldname: str) -> Array:
        """Return the length of a field in each document; 0 where it is missing."""
        name = self.arrays.meta["lengths"].get(fieldname)
        return self.arrays[f"length/{name}"] if name else np.zeros(self._count, np.uint8)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field in one document."""
        return int(self.lengths(fieldname)[docnum]) or default

    def field_length(self, fieldname: str) -> int:
        """Return the total length of a field."""
        return int(self.lengths(fieldname).sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        """Return the smallest length of a field."""
        return int(self.lengths(fieldname).min()) if self._count else 0

    def max_field_length(self, fieldname: str) -> int:
        """Return the largest length of a field."""
        return int(self.lengths(fieldname).max(initial=0))

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        """Return whether a document has a term vector of a field."""
        return fieldname in self.vectors and docnum in self.vectors[fieldname]

    def vector(self, docnum: int, fieldname: str, format_: Format) -> ListMatcher:
        """Return the term vector of a field of a document."""
        if not self.has_vector(docnum, fieldname):
            raise KeyError(f"document {docnum} has no term vector of field {fieldname!r}")
        return self.vectors[fieldname].matcher(docnum, format_)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        return decode_stored(self.json[docnum])

    def all_stored_fields(self) -> Iterator[dict[str, Any]]:
        """Yield the stored fields of the live documents."""
        return (self.stored_fields(docnum) for docnum in self.all_doc_ids())
