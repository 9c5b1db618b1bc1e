"""Whoosh's index and writer, with analysed texts, merges of arrays, and power-safe commits."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex, clean_files
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from index.codec.codec import ArrayCodec, ArraySegment, open_arrays
from index.codec.terms_reader import ArrayTermsReader
from index.codec.toc import ArrayTOC
from index.errors import DamagedError
from index.segment import Array, Postings
from index.segment.postings import EXTENSION as POSTINGS
from index.segment.postings import TermField, array_prefix
from index.writer import DocumentPart
from index.writer.vocabulary import FIELDS

MAIN = "MAIN"
"""The name that Whoosh gives an index by default."""
# Segments per tier: a compromise between few segments to search and few merges of each document.
MERGE_FACTOR = 8
# Segments of fewer documents are in the lowest tier.
SMALL = 64
# A segment with a larger share of deleted documents is rewritten.
DELETED_SHARE = 0.5

OnNewSegment = Callable[[FileStorage, ArraySegment], None]
"""Called with each new segment; may write another file next to it."""


def _do_nothing(_storage: FileStorage, _segment: ArraySegment) -> None:
    """Write no other file."""


class ArrayIndex(FileIndex):
    """An index of array segments. The schema is not stored: it is code, and passed in."""

    def __init__(self, storage: FileStorage, schema: Any, indexname: str = MAIN) -> None:
        self.storage: FileStorage = storage
        self._schema, self.indexname = schema, indexname
        self._read_toc()

    @classmethod
    def create(cls, storage: FileStorage, schema: Any, indexname: str = MAIN) -> "ArrayIndex":
        """Create an empty index in the folder of *storage*, replacing any of that name."""
        folder = Path(storage.folder)
        for path in (*folder.glob(f"_{indexname}_*"), *folder.glob(f"{indexname}_*")):
            path.unlink()
        ArrayTOC(schema, [], 0, {}).write(storage, indexname)
        return cls(storage, schema, indexname)

    def _read_toc(self) -> ArrayTOC:
        return ArrayTOC.latest(Path(self.storage.folder), self.indexname, self._schema)

    @property
    def meta(self) -> dict[str, Any]:
        """The application's values of the newest generation."""
        return self._read_toc().meta

    def writer(self, procs: int = 1, **options: Any) -> "TextIndexWriter":
        """Return a writer; it holds the write lock until it commits or cancels."""
        if procs != 1:
            raise ValueError("array segments are written by one process")
        return TextIndexWriter(self, **options)


def create_in(folder: Path, schema: Any, name: str = MAIN) -> ArrayIndex:
    """Create an empty index in *folder*."""
    return ArrayIndex.create(FileStorage(str(folder)), schema, name)


def open_dir(folder: Path, schema: Any, name: str = MAIN) -> ArrayIndex:
    """Open the index of that name in *folder*."""
    return ArrayIndex(FileStorage(str(folder), readonly=False), schema, name)


def newest_generation(folder: Path, name: str = MAIN) -> int | None:
    """Return the newest generation of the index of that name in *folder*, None if there is none."""
    return ArrayTOC.newest(folder, name)


class TextIndexWriter(SegmentWriter):
    """Whoosh's writer, which also accepts analysed texts.

    *on_new_segment* is called with each new segment before a table of contents names it. A file that it
    writes next to the files of the segment lives as long as they do. Without unions, the index is smaller and
    searching it slower.
    """

    def __init__(
        self,
        ix: ArrayIndex,
        *,
        on_new_segment: OnNewSegment = _do_nothing,
        has_unions: bool = True,
        **options: Any,
    ) -> None:
        self._on_new_segment = on_new_segment
        try:
            super().__init__(ix, codec=ArrayCodec(has_unions=has_unions), compound=False, **options)
            self.meta = ix.meta
            """The application's values of the generation to be committed: JSON."""
        except OSError:
            # Whoosh holds the lock by now, and no caller has the writer to cancel it.
            self._give_up()
            raise
        self._added_here: defaultdict[str, dict[bytes, int]] = defaultdict(dict)

    def add_analysed(self, parts: Sequence[DocumentPart], **fields: object) -> None:
        """Add a document of analysed *parts*; *fields* are the other fields of the schema."""
        text = self.fieldwriter.text
        text.check(parts)
        docnum = self.docnum
        self._add_fields(fields)
        text.collect(docnum, parts)

    def _add_fields(self, fields: Mapping[str, object]) -> None:
        """Add a document of *fields*, as ``add_document`` does, but without boosts, vectors and spellings."""
        self._check_state()
        self._check_fields(self.schema, fields)
        documents, docnum = self.perdocwriter, self.docnum
        documents.start_doc(docnum)
        for name in sorted(fields):
            field, value = self.schema[name], fields[name]
            if value is None:
                continue
            length = 0
            for term, frequency, weight, payload in field.index(value) if field.indexed else ():
                length += frequency if field.scorable else 0
                self.pool.add((name, term, docnum, weight, payload))
            documents.add_field(name, field, value if field.stored else None, length)
            if column := field.column_type:
                documents.add_column_value(name, column, field.to_column_value(value))
        documents.finish_doc()
        self._added = True
        self.docnum += 1

    def read_all(self) -> None:
        """Read the waiting texts; no analyser is needed afterwards."""
        self.fieldwriter.text.read()

    def update_analysed(self, parts: Sequence[DocumentPart], *, unique: str = "id", **fields: object) -> bool:
        """Add a document, replacing the one with the same *unique* field, if any.

        Return whether this writer had added the replaced document.
        """
        value = self.schema[unique].to_bytes(fields[unique])
        was_here = self.delete_unique(unique, value)
        self._added_here[unique][value] = self.docnum
        self.add_analysed(parts, **fields)
        return was_here

    def delete_unique(self, unique: str, value: bytes) -> bool:
        """Delete the documents whose field *unique* is *value*; return whether this writer had added any."""
        for segment, postings in self._committed_segments(unique):
            field = postings.fields.get(unique)
            place = field.terms.find(value) if field is not None else -1
            if field is not None and place >= 0:
                for docnum in field.docs(place).tolist():
                    segment.delete_document(docnum)
        docnum_here = self._added_here[unique].pop(value, None)
        if docnum_here is not None:
            self.newsegment.delete_document(docnum_here)
        return docnum_here is not None

    def _committed_segments(self, unique: str) -> list[tuple[ArraySegment, Postings]]:
        if not hasattr(self, "_opened"):
            self._opened = [
                (segment, Postings(open_arrays(self.storage, segment, POSTINGS))) for segment in self.segments
            ]
            for _, postings in self._opened:
                postings.arrays.verify(
                    f"{array_prefix(unique)}/"
                )  # a damaged array would delete other documents
        return self._opened

    def add_reader(self, reader: SegmentReader) -> None:
        """Copy the live documents of a segment.

        Raises:
            DamagedError: a file of the segment is damaged.
        """
        if not isinstance(reader._terms, ArrayTermsReader):  # Whoosh has no public name for it
            super().add_reader(reader)
            return
        postings = reader._terms.postings
        for arrays in (postings.arrays, reader._perdoc.arrays):
            arrays.verify()  # the new segment's checksums would hide the damage
        renumbered = _renumber(reader, self.docnum)
        live = np.flatnonzero(renumbered >= 0)
        if not len(live):
            return
        columns = reader._perdoc.list_columns()
        self.perdocwriter.add_all(reader._perdoc, live, _defaults(self.schema, columns))
        for name, field in postings.fields.items():
            if isinstance(field, TermField) and name in self.schema:
                self._add_field(reader, name, renumbered)
        self.fieldwriter.text.merge(postings.arrays, renumbered)
        self.docnum += len(live)
        self._added = True

    def _add_field(self, reader: SegmentReader, name: str, renumbered: Array) -> None:
        add = self.pool.add
        for term in reader._terms.texts(name):
            matcher = reader._terms.matcher(name, term, self.schema[name].format)
            while matcher.is_active():
                docnum = int(renumbered[matcher.id()])
                if docnum >= 0:
                    add((name, term, docnum, matcher.weight(), matcher.value()))
                matcher.next()

    def _merge_segments(self, mergetype: Any, optimize: Any, merge: Any) -> list[ArraySegment]:
        if mergetype is None and not optimize and merge is not False and self.merge and not self.optimize:
            mergetype = merge_tiers
        kept: list[ArraySegment] = super()._merge_segments(mergetype, optimize, merge)
        return kept

    def commit(self, *args: Any, **options: Any) -> None:
        """Commit; on failure close the files and release the lock."""
        try:
            super().commit(*args, **options)
        except BaseException:
            self._give_up()
            raise

    def _flush_segment(self) -> None:
        self._added_here.clear()
        self.perdocwriter.set_lengths(FIELDS, self.fieldwriter.text.lengths(self.docnum))
        super()._flush_segment()

    def _give_up(self) -> None:
        """Clean up after a failed call, as only some versions of Whoosh do."""
        self._abandon()
        if hasattr(self, "_tempstorage"):
            with suppress(OSError):
                self._tempstorage.destroy()
        if self.writelock and self.writelock.locked:
            with suppress(OSError):
                self.writelock.release()
        self.is_closed = True

    def cancel(self, **_: object) -> None:
        """Discard the changes and release the lock."""
        self._abandon()
        super().cancel()

    def _abandon(self) -> None:
        for name in ("perdocwriter", "fieldwriter"):
            if hasattr(self, name):
                # On a full disk, closing fails again, but the file is no longer needed.
                with suppress(OSError):
                    getattr(self, name).abandon()
        if hasattr(self, "newsegment"):
            with suppress(OSError, DamagedError):
                self._remove_new_segment()

    def _remove_new_segment(self) -> None:
        """Remove the files of the new segment unless a table of contents names it."""
        folder, new = Path(self.storage.folder), self.newsegment
        committed = ArrayTOC.latest(folder, self.indexname, self.schema).segments
        if all(segment.segid != new.segid for segment in committed):
            for path in folder.glob(new.make_filename(".*")):
                path.unlink()

    def _commit_toc(self, segments: list[ArraySegment]) -> None:
        new = [segment for segment in segments if segment is self.newsegment]
        for segment in new:
            self._on_new_segment(self.storage, segment)
        ArrayTOC(self.schema, segments, self.generation, self.meta).write(
            self.storage, self.indexname, new=new
        )
        clean_files(self.storage, self.indexname, self.generation, segments)


def _defaults(schema: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return the default values of the columns *names* that *schema* still has."""
    columns = {name: schema[name].column_type for name in names if name in schema}
    return {name: column.default_value() for name, column in columns.items() if column}


def _renumber(reader: SegmentReader, first: int) -> Array:
    live = np.ones(reader.doc_count_all(), bool)
    live[list(reader._perdoc.deleted_docs())] = False
    return np.where(live, np.cumsum(live) - 1 + first, -1)


def merge_tiers(writer: SegmentWriter, segments: Iterable[ArraySegment]) -> list[ArraySegment]:
    """Merge full tiers and mostly deleted segments into *writer*; return the segments that stay."""
    kept: list[ArraySegment] = []
    chosen: list[ArraySegment] = []
    for _, same in groupby(sorted(segments, key=_tier), key=_tier):
        tier = list(same)
        for segment in tier:
            wasteful = segment.deleted_count() > DELETED_SHARE * segment.doc_count_all()
            (chosen if len(tier) >= MERGE_FACTOR or wasteful else kept).append(segment)
    for segment in chosen:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return kept


def _tier(segment: ArraySegment) -> int:
    return int(math.log(max(segment.doc_count(), SMALL) / SMALL, MERGE_FACTOR))
