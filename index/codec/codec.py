"""The array codec, behind Whoosh's codec interface: any schema, any query tree."""

import base64
import zlib
from functools import partial
from typing import Any

import numpy as np
from whoosh.codec.base import Codec, Segment
from whoosh.formats import Format

from index.codec.field_writer import ArrayFieldWriter
from index.codec.terms_reader import ArrayTermsReader
from index.errors import DamagedError
from index.segment import ArrayFile, Postings
from index.segment.array_file import open_in
from index.segment.postings import EXTENSION as POSTINGS
from index.segment.stored_fields import EXTENSION as DOCUMENTS
from index.segment.stored_fields import ArrayDocumentReader, ArrayDocumentWriter


class ArraySegment(Segment):
    """A segment written by the array codec."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self._count = 0
        self._deleted: set[int] = set()

    def codec(self) -> Any:  # Whoosh's codecs are untyped
        """Return the codec that reads the segment."""
        return ArrayCodec()

    def should_assemble(self) -> bool:
        """Return False: Whoosh would copy a compound file to memory for each reader."""
        return False

    def set_doc_count(self, doccount: int) -> None:
        """Set the number of documents."""
        self._count = doccount

    def doc_count_all(self) -> int:
        """Return the number of documents, including deleted ones."""
        return self._count

    def deleted_count(self) -> int:
        """Return the number of deleted documents."""
        return len(self._deleted)

    def deleted_docs(self) -> set[int]:
        """Return the deleted documents."""
        return self._deleted

    def is_deleted(self, docnum: int) -> bool:
        """Return whether *docnum* is deleted."""
        return docnum in self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:  # Whoosh's signature
        """Delete *docnum*, or restore it."""
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)

    def to_json(self) -> dict[str, Any]:
        """Return the segment as JSON values."""
        deleted = np.zeros(self._count, bool)
        deleted[list(self._deleted)] = True
        packed = zlib.compress(np.packbits(deleted).tobytes())
        return {"id": self.segid, "documents": self._count, "deleted": base64.b64encode(packed).decode()}

    @classmethod
    def from_json(cls, indexname: str, values: dict[str, Any]) -> "ArraySegment":
        """Return the segment described by ``to_json``."""
        segment = cls(indexname)
        segment.segid = values["id"]
        segment._count = int(values["documents"])
        bits = np.frombuffer(zlib.decompress(base64.b64decode(values["deleted"])), np.uint8)
        segment._deleted = set(np.flatnonzero(np.unpackbits(bits)[: segment._count]).tolist())
        return segment


# A key of ``meta`` that only files with the extension have.
_META_KEY = {DOCUMENTS: "columns", POSTINGS: "fields"}


class ArrayCodec(Codec):
    """Writes a segment as two array files, and reads it; *has_unions* is for what it writes."""

    # Postings carry no lengths: field lengths have separate arrays.
    length_stats = False

    def __init__(self, *, has_unions: bool = True) -> None:
        self._has_unions = has_unions

    def per_document_writer(self, storage: Any, segment: ArraySegment) -> ArrayDocumentWriter:
        """Return the writer of stored fields and doc values."""
        return ArrayDocumentWriter(storage, segment)

    def field_writer(self, storage: Any, segment: ArraySegment) -> ArrayFieldWriter:
        """Return the writer of postings."""
        return ArrayFieldWriter(storage, segment, has_unions=self._has_unions)

    def postings_writer(self, dbfile: object, byteids: bool = False) -> None:  # Whoosh's signature
        """Refuse: a field is written as a whole, by the field writer."""
        raise NotImplementedError("postings are written by the field writer")

    def postings_reader(
        self, dbfile: object, terminfo: object, format_: Format, term: object = None, scorer: object = None
    ) -> None:
        """Refuse: postings are read by the terms reader."""
        raise NotImplementedError("postings are read by the terms reader")

    def terms_reader(self, storage: Any, segment: ArraySegment) -> ArrayTermsReader:
        """Return the reader of terms and postings."""
        postings = Postings(open_arrays(storage, segment, POSTINGS))
        if not storage.file_exists(segment.make_filename(DOCUMENTS)):
            return ArrayTermsReader(postings, None)
        return ArrayTermsReader(postings, partial(self.per_document_reader, storage, segment))

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> ArrayDocumentReader:
        """Return the reader of stored fields and doc values."""
        return ArrayDocumentReader(open_arrays(storage, segment, DOCUMENTS), segment)

    def column_filename(self, segment: ArraySegment, fieldname: str) -> str:
        """Refuse ``add_sortable``: a segment is immutable."""
        raise NotImplementedError(
            f"{fieldname}: array segments take no column after they are written; "
            "declare the field sortable and index the documents again"
        )

    def new_segment(self, storage: object, indexname: str) -> ArraySegment:
        """Return a new segment with a random id."""
        return ArraySegment(indexname)


def open_arrays(storage: Any, segment: ArraySegment, extension: str) -> ArrayFile:
    """Open a file of a segment.

    Raises:
        DamagedError: the file is damaged, belongs to another segment, or has the wrong extension.
    """
    arrays = open_in(storage, segment.make_filename(extension))
    if arrays.meta.get("segment") != segment.segid:
        raise DamagedError(f"{arrays.path}: of another segment")
    if _META_KEY[extension] not in arrays.meta:
        raise DamagedError(f"{arrays.path}: another file of its segment")
    return arrays
