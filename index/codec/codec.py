"""The array codec under Whoosh's own interface: any schema, any query tree."""

from pathlib import Path
from typing import Any

from whoosh.codec.base import Codec
from whoosh.formats import Format

from index.codec.field_writer import ArrayFieldWriter
from index.codec.segment import ArraySegment
from index.codec.terms_reader import ArrayTermsReader
from index.segment.array_file import ArrayFile, DamagedError
from index.segment.postings import EXTENSION as POSTINGS
from index.segment.postings import Postings
from index.segment.stored_fields import EXTENSION as DOCUMENTS
from index.segment.stored_fields import ArrayDocumentReader, ArrayDocumentWriter

# What only files of this kind tell of themselves.
_TOLD = {DOCUMENTS: "columns", POSTINGS: "fields"}


class ArrayCodec(Codec):
    """Writes a segment as two files of arrays, and reads it."""

    # Field lengths are columns here, so the postings need not carry them.
    length_stats = False

    def per_document_writer(self, storage: Any, segment: ArraySegment) -> ArrayDocumentWriter:
        """Return the writer of stored fields and columns."""
        return ArrayDocumentWriter(storage, segment)

    def field_writer(self, storage: Any, segment: ArraySegment) -> ArrayFieldWriter:
        """Return the writer of postings."""
        return ArrayFieldWriter(storage, segment)

    def postings_writer(self, dbfile: object, byteids: bool = False) -> None:  # Whoosh's signature
        """Refuse: the arrays of a field are written together, not term by term."""
        raise NotImplementedError("postings are written by the field writer")

    def postings_reader(
        self, dbfile: object, terminfo: object, format_: Format, term: object = None, scorer: object = None
    ) -> None:
        """Refuse, likewise."""
        raise NotImplementedError("postings are read by the terms reader")

    def terms_reader(self, storage: Any, segment: ArraySegment) -> ArrayTermsReader:
        """Return the reader of terms and postings."""
        lengths = self.per_document_reader(storage, segment)
        return ArrayTermsReader(Postings(open_arrays(storage, segment, POSTINGS)), lengths)

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> ArrayDocumentReader:
        """Return the reader of stored fields and columns."""
        return ArrayDocumentReader(open_arrays(storage, segment, DOCUMENTS), segment)

    def new_segment(self, storage: object, indexname: str) -> ArraySegment:
        """Return a segment with a name of its own."""
        return ArraySegment(indexname)


def open_arrays(storage: Any, segment: ArraySegment, extension: str) -> ArrayFile:
    """Open a file of a segment.

    Raises:
        DamagedError: it is not what was written, or for another segment or another of its files.
    """
    arrays = ArrayFile(Path(storage.folder) / segment.make_filename(extension))
    if arrays.meta.get("segment") != segment.segid:
        raise DamagedError(f"{arrays.path}: of another segment")
    if _TOLD[extension] not in arrays.meta:
        raise DamagedError(f"{arrays.path}: another file of its segment")
    return arrays
