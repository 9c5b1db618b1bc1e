"""Writes the postings from Whoosh and those of analysed texts into one file."""

import json
import struct
from array import array
from collections.abc import Iterable
from pickle import UnpicklingError
from typing import Any

import numpy as np
from whoosh.codec.base import FieldWriter, Segment
from whoosh.formats import Format, Positions

from index.segment import Array, ArrayWriter
from index.segment.array_file import path_in, shrink
from index.segment.doc_lists import DocListsWriter
from index.segment.positions import PositionCountsWriter
from index.segment.postings import EXTENSION, array_prefix
from index.segment.term_dictionary import StringsBuilder, write_terms
from index.writer import TextWriter
from preses_relizes.shared.durable import name_errors

# Richest first; plain positions have arrays of their own.
PAYLOADS = ("character_boosts", "characters", "position_boosts")


def payload_kind(format_: Format) -> str | None:
    """Return the richest kind of value that a format stores besides frequency and weight."""
    return next((kind for kind in (*PAYLOADS, "positions") if _stores(format_, kind)), None)


def _stores(format_: Format, kind: str) -> bool:
    # ``Positions`` reports that it supports boosts, but they are always 1.
    return format_.supports(kind) and not (kind == "position_boosts" and type(format_) is Positions)


class ArrayFieldWriter(FieldWriter):
    """Collects Whoosh's sorted postings and the analysed texts, and writes both when closed."""

    def __init__(self, storage: Any, segment: Segment, *, has_unions: bool = True) -> None:
        self._segment = segment
        self._file = segment.create_file(storage, EXTENSION)
        self._out = ArrayWriter(self._file, path_in(storage, segment.make_filename(EXTENSION)))
        self.text = TextWriter(
            lambda number: path_in(storage, segment.make_filename(f".run{number}")), has_unions=has_unions
        )
        self._fields: dict[str, _FieldPostings] = {}
        self._field: _FieldPostings | None = None
        self._term = b""
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: object, items: Iterable[tuple[Any, ...]]) -> None:
        """Add postings, sorted: (field, term, document, weight, value)."""
        for fieldname, term, docnum, weight, value in items:
            if docnum < 0:
                continue
            field = self._fields.get(fieldname)
            if field is None:
                field = self._fields[fieldname] = _FieldPostings(schema[fieldname].format)
            field.add(term, docnum, weight, value)

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        """Begin a field, for callers that add postings one by one."""
        self._field = self._fields.setdefault(fieldname, _FieldPostings(fieldobj.format))

    def start_term(self, text: bytes) -> None:
        """Begin a term of the field; terms come in ascending order."""
        if self._field is None:
            raise ValueError(f"term {text!r} without a field")
        self._term = text

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:
        """Add a posting of the term; documents come in ascending order."""
        if self._field is None:
            raise ValueError(f"posting of document {docnum} without a field")
        self._field.add(self._term, docnum, weight, vbytes)

    def finish_term(self) -> None:
        """End the term."""

    def finish_field(self) -> None:
        """End the field."""
        self._field = None

    def abandon(self) -> None:
        """Close the unfinished file; nothing refers to it."""
        self.is_closed = True  # first, because closing may fail and Whoosh would then write again
        self.text.remove()
        self._out.abandon()
        if not self._file.is_closed:
            with name_errors(self._out.path):
                self._file.close()

    def close(self) -> None:
        """Write the arrays and close the file."""
        try:
            self._write()
        finally:
            self.abandon()

    def _write(self) -> None:
        # If only postings are written, the number of documents was never set.
        counts = [self._segment.doc_count_all(), *(field.documents for field in self._fields.values())]
        documents = max(counts)
        names = list(self.text.write(self._out, documents)) if self.text else []
        holes = self._out.meta.setdefault("holes", {})
        for name, field in self._fields.items():
            prefix = array_prefix(name)
            field.write(self._out, prefix, documents)
            holes[prefix] = []
            names.append(name)
        self._out.describe(segment=self._segment.segid, documents=documents, fields=names)
        self._out.close()


class _FieldPostings:
    """Collects the postings of one field."""

    def __init__(self, format_: Format) -> None:
        self._terms = StringsBuilder()
        self._last: bytes | None = None
        self._sizes, self._docs, self._weights = array("I"), array("I"), array("d")
        self._payloads: list[Any] = []
        self._format, self._kind = format_, payload_kind(format_)
        self._decode = format_.decoder(self._kind) if self._kind else None

    @property
    def documents(self) -> int:
        """The number of the last document, plus one."""
        return max(self._docs, default=-1) + 1

    def add(self, term: bytes, docnum: int, weight: float, value: bytes) -> None:
        if term != self._last:
            self._last = term
            self._terms.append(term)
            self._sizes.append(0)
        self._sizes[-1] += 1
        self._docs.append(docnum)
        self._weights.append(weight)
        if self._decode:
            self._payloads.append(self._payload(docnum, value) if value else [])

    def _payload(self, docnum: int, value: bytes) -> list[Any]:
        try:
            payload: list[Any] = self._decode(value)  # type: ignore[misc]  # the caller has checked
        except (EOFError, UnpicklingError, ValueError, struct.error) as error:
            raise ValueError(
                f"document {docnum}, term {self._last!r}: {value!r} is not a value of {self._format}"
            ) from error
        return payload

    def write(self, out: ArrayWriter, name: str, documents: int) -> None:
        write_terms(out, name, *self._terms.pack())
        lists = DocListsWriter(out, name, documents)
        lists.add(np.array(self._docs, np.int64), np.array(self._sizes, np.int64))
        lists.write()
        weights = _to_integers(np.array(self._weights, np.float64))
        if (weights != 1).any():
            out.add(f"{name}/weights", weights)
        if self._kind == "positions":
            self._write_positions(out, name)
        elif self._kind:
            rows = [json.dumps(payload, separators=(",", ":")).encode() for payload in self._payloads]
            out.add(f"{name}/values", np.frombuffer(b"".join(rows), np.uint8))
            out.add(f"{name}/value_offsets", shrink(np.cumsum([0, *map(len, rows)])))

    def _write_positions(self, out: ArrayWriter, name: str) -> None:
        counts = np.array([len(payload) for payload in self._payloads], np.int64)
        count_writer = PositionCountsWriter(out, name)
        count_writer.add(counts, np.array(self._sizes, np.int64))
        count_writer.write()
        out.add(
            f"{name}/positions",
            shrink(np.array([at for payload in self._payloads for at in payload], np.int64)),
        )


def _to_integers(weights: Array) -> Array:
    """Return weights as integers if all are integers, otherwise unchanged."""
    whole = weights.astype(np.int64)
    return shrink(whole) if (whole == weights).all() and (whole >= 0).all() else weights
