"""The index of the texts that releases had before, beside that of the present ones in the same folder."""

from collections.abc import Iterable
from pathlib import Path

from whoosh.index import EmptyIndexError

from index.analysis import Analyzer
from index.codec import create_in, open_dir
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
        self._writer = index.writer()
        self._written: dict[str, dict[str, str]] = {}
        self._has_changed = False

    def replace(self, release: str, documents: Iterable[Document]) -> None:
        """Let *documents* be the earlier texts of the release with the id *release*."""
        known = self._written.get(release)
        if known is None:
            known = self._read(release)
        now = {}
        for document in documents:
            now[document.id] = stamp = document.stamp()
            if known.get(document.id) != stamp:
                self._has_changed = True
                parts, fields = document.stream(self._analyzer), document.fields()
                self._writer.update_analysed(parts, unique="id", release=release, stamp=stamp, **fields)
        for id_ in known.keys() - now.keys():
            self._has_changed = True
            self._writer.delete_unique("id", id_.encode())
        self._written[release] = now

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
        """Discard the changes."""
        self._writer.cancel()

    def _read(self, release: str) -> dict[str, str]:
        """Return the stamps of the committed texts of a release, by the ids of their documents."""
        stamps = {}
        for doc in self._committed.term("release", release).docs.tolist():
            segment, row = self._committed.locate(doc)
            stored = segment.documents.stored_fields(row)
            stamps[stored["id"]] = stored["stamp"]
        return stamps
