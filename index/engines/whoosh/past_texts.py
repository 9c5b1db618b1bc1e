"""The index of the texts that releases had before, beside that of the present ones in the same folder."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from whoosh.index import EmptyIndexError

from index.analysis import Analyzer
from index.codec import create_in, open_dir
from index.codec.codec import ArraySegment
from index.engines.whoosh.schema import past_schema
from index.errors import DamagedError
from index.indexing import Document
from index.search import IndexReader

PAST = "PAST"
"""The name of the index of earlier texts."""


def create_past(folder: Path) -> None:
    """Create an empty index of earlier texts in *folder*."""
    create_in(folder, past_schema(), PAST)


def open_past(folder: Path, present: IndexReader) -> IndexReader:
    """Open the earlier texts of the index in *folder* of the *present* ones.

    Raises:
        DamagedError, OSError: they are not what was written.
    """
    try:
        return IndexReader(open_dir(folder, past_schema(), PAST))
    except EmptyIndexError as error:
        if present.meta:  # it was made from a store, and not by a test or a benchmark
            raise DamagedError(f"{folder}: has no earlier texts") from error
        return present.of([])


class PastWriter:
    """Writes the earlier texts of releases to the index in *folder*; only those that are not there yet.

    It holds the write lock until it commits or cancels.
    """

    def __init__(self, folder: Path, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        index = open_dir(folder, past_schema(), PAST)
        self._committed = IndexReader(index)
        # Earlier texts are searched seldom, and should not make the index much larger.
        self._writer = index.writer(has_unions=False)
        self._written: dict[str, dict[str, _Written]] = {}
        self._has_changed = False

    def replace(self, release: str, documents: Iterable[Document]) -> None:
        """Let *documents* be the earlier texts of the release with the id *release*."""
        known = self._written.get(release)
        if known is None:
            known = dict(self._read(release))
        now = self._written[release] = {}
        for document in documents:
            stamp, before = document.stamp(), known.get(document.id)
            if before is not None and before.stamp == stamp:
                now[document.id] = known.pop(document.id)
            else:
                now[document.id] = self._add(document, release, stamp)
        for old in known.values():
            self._has_changed = True
            old.segment.delete_document(old.row)

    def _add(self, document: Document, release: str, stamp: str) -> "_Written":
        self._has_changed = True
        written = _Written(stamp, self._writer.newsegment, self._writer.docnum)
        fields = document.fields()
        del fields["title"]
        fields |= {"id": document.id.encode(), "release": release, "stamp": stamp}
        self._writer.add_analysed(document.stream(self._analyzer), **fields)
        return written

    def read_all(self) -> None:
        """Read the waiting texts; no analyser is needed afterwards."""
        self._writer.read_all()

    def commit(self) -> None:
        """Commit what has changed, if anything has."""
        if self._has_changed:
            self._writer.commit()
        else:
            self._writer.cancel()

    def cancel(self) -> None:
        """Discard the changes that are not committed."""
        if not self._writer.is_closed:
            self._writer.cancel()

    def _read(self, release: str) -> Iterator[tuple[str, "_Written"]]:
        """Yield the committed texts of a release, by the ids of their documents."""
        for doc in self._committed.term("release", release).docs.tolist():
            reader, row = self._committed.locate(doc)
            segment = self._writer.segments[self._committed.segments.index(reader)]
            stamp = reader.documents.stored_fields(row)["stamp"]
            yield self._committed.id(doc).decode(), _Written(stamp, segment, row)


@dataclass(frozen=True, slots=True)
class _Written:
    """A document in a segment."""

    stamp: str
    segment: ArraySegment
    row: int
