"""The terms and postings of a segment, behind Whoosh's one-at-a-time interface."""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
from whoosh.codec.base import FieldCursor, TermsReader
from whoosh.formats import Existence, Format, Frequency
from whoosh.matching.mcore import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound

from index.codec.field_writer import payload_kind
from index.segment import Postings
from index.segment.postings import TermField
from index.segment.stored_fields import ArrayDocumentReader


class ArrayTermsReader(TermsReader):
    """The terms of a segment, and matchers over their postings.

    *documents* opens the documents, for field lengths; None if only postings were written.
    """

    def __init__(self, postings: Postings, documents: Callable[[], ArrayDocumentReader] | None) -> None:
        self.postings = postings
        self._open_documents = documents

    @cached_property
    def _documents(self) -> ArrayDocumentReader | None:
        return self._open_documents() if self._open_documents else None

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field = self.postings.fields.get(term[0])
        return field is not None and field.terms.find(term[1]) >= 0

    def _place(self, fieldname: str, term: bytes) -> int:
        field = self.postings.fields.get(fieldname)
        place = field.terms.find(term) if field is not None else -1
        if place < 0:
            raise TermNotFound(f"no term {fieldname}:{term!r}")
        return place

    def cursor(self, fieldname: str, fieldobj: Any) -> "ArrayCursor":
        """Return a cursor over the terms of a field."""
        return ArrayCursor(self, fieldname, fieldobj)

    def texts(self, fieldname: str) -> list[bytes] | Any:
        """Return the sorted terms of a field; empty if there is no such field."""
        field = self.postings.fields.get(fieldname)
        return field.terms if field is not None else []

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield all (field, term), ascending."""
        for fieldname in sorted(self.postings.fields):
            for term in self.texts(fieldname):
                yield fieldname, term

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms from *prefix* on, including later fields."""
        for name in sorted(self.postings.fields):
            if name < fieldname:
                continue
            terms = self.texts(name)
            for place in range(bisect_left(terms, prefix) if name == fieldname else 0, len(terms)):
                yield name, terms[place]

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield all terms with their statistics."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield the terms from *prefix* on with their statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term."""
        place = self._place(fieldname, text)
        field = self.postings.fields[fieldname]
        docs, weights = field.docs(place), field.weights(place)
        lengths = self._documents.lengths(fieldname)[docs] if self._documents else np.zeros(len(docs), int)
        return TermInfo(
            weight=float(weights.sum()),
            df=len(docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(weights.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return the total weighted frequency of a term; 0 if there is no such term."""
        return self.term_info(fieldname, text).weight() if (fieldname, text) in self else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return the document frequency of a term."""
        if (fieldname, text) not in self:
            return 0
        return len(self.postings.fields[fieldname].docs(self._place(fieldname, text)))

    def matcher(self, fieldname: str, text: bytes, format_: Format, scorer: Any = None) -> "ArrayMatcher":
        """Return a matcher over the postings of a term."""
        place = self._place(fieldname, text)
        return ArrayMatcher(self.postings.fields[fieldname], place, (fieldname, text), format_, scorer)

    def indexed_field_names(self) -> list[str]:
        """Return the names of all indexed fields."""
        return list(self.postings.fields)


class ArrayCursor(FieldCursor):
    """Iterates over the terms of a field as text."""

    def __init__(self, reader: ArrayTermsReader, fieldname: str, fieldobj: Any) -> None:
        self._reader, self._fieldname, self._fieldobj = reader, fieldname, fieldobj
        self._terms = reader.texts(fieldname)
        self._place = 0

    def first(self) -> str | None:
        """Go to the first term."""
        self._place = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        """Go to the first term that is not less than *term*."""
        encoded = term if isinstance(term, bytes) else self._fieldobj.to_bytes(term)
        self._place = bisect_left(self._terms, encoded)
        return self.text()

    def next(self) -> str | None:
        """Go to the next term."""
        self._place += 1
        return self.text()

    def text(self) -> str | None:
        """Return the current term, None after the last."""
        return self._fieldobj.from_bytes(self._terms[self._place]) if self.is_valid() else None

    def term_info(self) -> TermInfo | None:
        """Return the statistics of the current term."""
        return self._reader.term_info(self._fieldname, self._terms[self._place]) if self.is_valid() else None

    def is_valid(self) -> bool:
        """Return whether there is a current term."""
        return self._place < len(self._terms)


class ArrayMatcher(LeafMatcher):
    """Iterates over the postings of a term, for Whoosh's own query trees.

    It reports no block qualities: pruning by them is unsound in Whoosh, and our searcher does not need them.
    """

    def __init__(self, field: Any, place: int, term: tuple[str, bytes], format_: Format, scorer: Any) -> None:
        self._field, self._place, self._term = field, place, term
        self.format, self.scorer = format_, scorer
        self._docs = field.docs(place)
        self._ids: list[int] = self._docs.tolist()
        self._weights = np.ascontiguousarray(field.weights(place)).data
        self._kind = payload_kind(format_)
        self._at = 0

    def is_active(self) -> bool:
        """Return whether there is a current posting."""
        return self._at < len(self._ids)

    def id(self) -> int:
        """Return the current document; after the end, the last one."""
        # Whoosh's AndNot calls it after the end, where stock segments return the last document.
        return self._ids[min(self._at, len(self._ids) - 1)]

    def next(self) -> None:
        """Go to the next posting."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1

    def skip_to(self, docnum: int) -> None:
        """Go to the first posting whose document is at least *docnum*."""
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._ids, docnum, self._at)

    def reset(self) -> None:
        """Go to the first posting."""
        self._at = 0

    def copy(self) -> "ArrayMatcher":
        """Return a matcher at the same posting."""
        twin = ArrayMatcher(self._field, self._place, self._term, self.format, self.scorer)
        twin._at = self._at
        return twin

    def all_ids(self) -> Iterator[int]:
        """Yield all documents."""
        return iter(self._ids)

    def weight(self) -> float:
        """Return the weighted frequency of the current posting."""
        return float(self._weights[self._at])

    def value(self) -> bytes:
        """Return the value of the current posting as its format encodes it."""
        if self._kind is None:
            return b"" if isinstance(self.format, Existence) else self._frequency()
        payload = self._payload()
        encoded = self.format.encode(payload)  # type: ignore[attr-defined]  # every format with a payload has it
        return encoded[0] if isinstance(encoded, tuple) else encoded  # type: ignore[no-any-return]

    def _frequency(self) -> bytes:
        frequency = round(self.weight() / self.format.field_boost)
        return frequency.to_bytes(4, "big") if isinstance(self.format, Frequency) else b""

    def _payload(self) -> list[Any]:
        if self._kind != "positions" and isinstance(self._field, TermField):
            return list(map(tuple, json.loads(self._field.value(self._place, self._at))))
        _, positions = self._field.positions(self._place, self._docs[self._at : self._at + 1])
        return sorted(positions.tolist())

    def value_as(self, astype: str) -> Any:
        """Return the value of the current posting, decoded, without encoding it first."""
        return self._payload() if astype == self._kind else super().value_as(astype)

    def supports_block_quality(self) -> bool:
        """Return False: there are no block qualities."""
        return False
