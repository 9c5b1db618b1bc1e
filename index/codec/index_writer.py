"""Whoosh's writer with a path for analysed texts, merges of arrays, and commits that survive a power cut."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
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
from index.writer import Part
from index.writer.vocabulary import FIELDS

# So many segments of about one size become one: few to search, and each document is rewritten seldom.
MERGE_FACTOR = 8
# Below this all segments count as one size.
SMALL = 64
# A segment with more than this share deleted is written anew.
DELETED_SHARE = 0.5

Beside = Callable[[FileStorage, ArraySegment], None]
"""Writes a file beside those of a segment."""


def _nothing(_storage: FileStorage, _segment: ArraySegment) -> None:
    """Write no file."""


class ArrayIndex(FileIndex):
    """An index of array segments; the schema is code, so it is given and not read."""

    def __init__(self, storage: FileStorage, schema: Any, indexname: str = "MAIN") -> None:
        self.storage: FileStorage = storage
        self._schema, self.indexname = schema, indexname
        self._read_toc()

    @classmethod
    def create(cls, storage: FileStorage, schema: Any, indexname: str = "MAIN") -> "ArrayIndex":
        """Make an empty index in the folder of *storage*; an index of that name there is lost."""
        folder = Path(storage.folder)
        for path in (*folder.glob(f"_{indexname}_*"), *folder.glob(f"{indexname}_*")):
            path.unlink()
        ArrayTOC(schema, [], 0, {}).write(storage, indexname)
        return cls(storage, schema, indexname)

    def _read_toc(self) -> ArrayTOC:
        return ArrayTOC.latest(Path(self.storage.folder), self.indexname, self._schema)

    @property
    def meta(self) -> dict[str, Any]:
        """What the owner kept with the newest generation."""
        return self._read_toc().meta

    def writer(self, procs: int = 1, **options: Any) -> "TextIndexWriter":
        """Return a writer; it holds the lock of the index until it commits or cancels."""
        if procs != 1:
            raise ValueError("array segments are written by one process")
        return TextIndexWriter(self, **options)


def create_in(folder: Path, schema: Any) -> ArrayIndex:
    """Make an empty index in *folder*."""
    return ArrayIndex.create(FileStorage(str(folder)), schema)


def open_dir(folder: Path, schema: Any) -> ArrayIndex:
    """Open the index in *folder*."""
    return ArrayIndex(FileStorage(str(folder), readonly=False), schema)


def newest_generation(folder: Path) -> int | None:
    """Return the number of the newest commit to the index in *folder*; None where there is none."""
    return ArrayTOC.newest(folder, "MAIN")


class TextIndexWriter(SegmentWriter):
    """Whoosh's writer, which also takes analysed texts as they are.

    *beside* is called with each new segment before a table of contents names it; what it writes beside the
    files of the segment stays with them.
    """

    def __init__(self, ix: ArrayIndex, *, beside: Beside = _nothing, **options: Any) -> None:
        self._beside = beside
        try:
            super().__init__(ix, codec=ArrayCodec(), compound=False, **options)
            self.meta = ix.meta
            """Kept with the generation that is committed: JSON values."""
        except OSError:
            # Whoosh has the lock by now, and nobody has the writer to cancel.
            self._give_up()
            raise
        self._added_here: defaultdict[str, dict[bytes, int]] = defaultdict(dict)

    def add_analysed(self, parts: Sequence[Part], **fields: object) -> None:
        """Add a document of analysed *parts*; *fields* are those of the schema that are not of the text."""
        text = self.fieldwriter.text
        text.weigh(parts)
        docnum = self.docnum
        self.add_document(**fields)
        text.add(docnum, parts)

    def read_all(self) -> None:
        """Read the texts that were added and wait to be; the analysis is done with then."""
        self.fieldwriter.text.read()

    def update_analysed(self, parts: Sequence[Part], *, unique: str = "id", **fields: object) -> bool:
        """Add a document in the place of the one with the same *unique* field, if there is one.

        Tells whether this writer had added that one.
        """
        value = self.schema[unique].to_bytes(fields[unique])
        was_here = self.delete_unique(unique, value)
        self._added_here[unique][value] = self.docnum
        self.add_analysed(parts, **fields)
        return was_here

    def delete_unique(self, unique: str, value: bytes) -> bool:
        """Delete the documents whose field *unique* is *value*; tell whether this writer had added one."""
        for segment, postings in self._committed(unique):
            field = postings.fields.get(unique)
            place = field.terms.find(value) if field is not None else -1
            if field is not None and place >= 0:
                for docnum in field.docs(place).tolist():
                    segment.delete_document(docnum)
        here = self._added_here[unique].pop(value, None)
        if here is not None:
            self.newsegment.delete_document(here)
        return here is not None

    def _committed(self, unique: str) -> list[tuple[ArraySegment, Postings]]:
        if not hasattr(self, "_opened"):
            self._opened = [
                (segment, Postings(open_arrays(self.storage, segment, POSTINGS))) for segment in self.segments
            ]
            for _, postings in self._opened:
                postings.arrays.verify(
                    f"{array_prefix(unique)}/"
                )  # what is damaged there would delete others
        return self._opened

    def add_reader(self, reader: SegmentReader) -> None:
        """Take over the documents of a segment that are not deleted.

        Raises:
            DamagedError: a file of the segment is not what was written.
        """
        if not isinstance(reader._terms, ArrayTermsReader):  # Whoosh has no public name for it
            super().add_reader(reader)
            return
        postings = reader._terms.postings
        for arrays in (postings.arrays, reader._perdoc.arrays):
            arrays.verify()  # what is damaged would pass for sound under the checksums of the new segment
        renumbered = _renumbered(reader, self.docnum)
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
        """Write what was added; where that fails, close the files and release the lock."""
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
        """Do what only some versions of Whoosh do where a call fails."""
        self._abandon()
        if hasattr(self, "_tempstorage"):
            with suppress(OSError):
                self._tempstorage.destroy()
        if self.writelock and self.writelock.locked:
            with suppress(OSError):
                self.writelock.release()
        self.is_closed = True

    def cancel(self, **_: object) -> None:
        """Drop what was added and release the lock."""
        self._abandon()
        super().cancel()

    def _abandon(self) -> None:
        for name in ("perdocwriter", "fieldwriter"):
            if hasattr(self, name):
                # On a full disk a file fails once more when it is closed; nothing of it is wanted.
                with suppress(OSError):
                    getattr(self, name).abandon()
        if hasattr(self, "newsegment"):
            with suppress(OSError, DamagedError):
                self._remove_unnamed()

    def _remove_unnamed(self) -> None:
        """Remove the files of the new segment, which may fill the disk, if no table of contents names it."""
        folder, new = Path(self.storage.folder), self.newsegment
        named = ArrayTOC.latest(folder, self.indexname, self.schema).segments
        if all(segment.segid != new.segid for segment in named):
            for path in folder.glob(new.make_filename(".*")):
                path.unlink()

    def _commit_toc(self, segments: list[ArraySegment]) -> None:
        new = [segment for segment in segments if segment is self.newsegment]
        for segment in new:
            self._beside(self.storage, segment)
        ArrayTOC(self.schema, segments, self.generation, self.meta).write(
            self.storage, self.indexname, new=new
        )
        clean_files(self.storage, self.indexname, self.generation, segments)


def _defaults(schema: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return what the columns *names* hold where no value was given, less those that *schema* has no more."""
    columns = {name: schema[name].column_type for name in names if name in schema}
    return {name: column.default_value() for name, column in columns.items() if column}


def _renumbered(reader: SegmentReader, first: int) -> Array:
    live = np.ones(reader.doc_count_all(), bool)
    live[list(reader._perdoc.deleted_docs())] = False
    return np.where(live, np.cumsum(live) - 1 + first, -1)


def merge_tiers(writer: SegmentWriter, segments: Iterable[ArraySegment]) -> list[ArraySegment]:
    """Merge into *writer* the segments of any size of which there are many, and those mostly deleted.

    Returns the segments that stay as they are.
    """
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
