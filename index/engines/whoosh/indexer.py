"""Indexes releases of the store with Whoosh: all of them, or those that changed."""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any

from whoosh.index import EmptyIndexError
from zstandard import ZstdError

from crawler.store import Store, StoredRelease, stays_of
from index.analysis import Analyzer
from index.codec import create_in, open_dir
from index.codec.index_writer import TextIndexWriter
from index.engines.interface import IndexedChanges
from index.engines.whoosh.past_texts import PastWriter, create_past
from index.engines.whoosh.schema import schema
from index.errors import BuildError, DamagedError, DamagedIndexError
from index.indexing import Document, fingerprint
from index.indexing.abbreviations import Miner
from index.register import MentionReader
from index.search import IndexReader
from index.suggest import suggester_data

VOCABULARY = "vocabulary"
"""Prefix of the files beside an index that cache the analysed words of its releases."""


class WorkerError(Exception):
    """A worker process ended before its work was done."""


# Errors raised if numbers, arrays or texts exceed their limits, or a process runs out of memory.
_LIMIT_ERRORS = (
    ArithmeticError,
    BufferError,
    LookupError,
    MemoryError,
    RecursionError,
    ValueError,
    WorkerError,
    ZstdError,
    struct.error,
    zlib.error,
)


@contextmanager
def wrap_limit_errors(folder: Path) -> Iterator[None]:
    """Turn errors from exceeded limits into a BuildError that names *folder*; file errors pass through."""
    try:
        yield
    except _LIMIT_ERRORS as error:
        cause = " ".join(f"{type(error).__name__}: {error}".split())
        if isinstance(error, MemoryError | WorkerError):
            cause += " (out of memory? lower index.processes)"
        raise BuildError(f"{folder}: cannot be built: {cause}") from error


def _ignore(_: object = None) -> None:
    """Do nothing."""


def build(
    folder: Path,
    store: Store,
    analyzer: Analyzer,
    *,
    since: int = 0,
    until: int | None = None,
    on_progress: Callable[[int], None] = _ignore,
    on_analysed: Callable[[], None] = _ignore,
) -> IndexedChanges:
    """Make an index of the changes after *since* up to *until* (default: all) in the empty *folder*.

    Writes the vocabulary cache of *analyzer* beside the index. *on_progress* gets the number of changes since
    its last call; *on_analysed* is called when *analyzer* is no longer needed.
    """
    create_in(folder, schema())
    create_past(folder)

    def save_vocabulary() -> None:
        analyzer.save_vocabulary(folder / VOCABULARY)
        on_analysed()

    return update(
        folder,
        store,
        analyzer,
        since=since,
        until=until,
        on_progress=on_progress,
        on_analysed=save_vocabulary,
    )


def update(
    folder: Path,
    store: Store,
    analyzer: Analyzer,
    *,
    since: int,
    until: int | None = None,
    on_progress: Callable[[int], None] = _ignore,
    on_analysed: Callable[[], None] = _ignore,
    approve: Callable[[IndexedChanges], None] = _ignore,
) -> IndexedChanges:
    """Apply the changes after *since* up to *until* to the index in *folder*, all of them or none.

    *approve* is called before the commit; if it raises, the index stays as it was.

    Raises:
        BuildError: the releases exceed the limits of the index, or of the memory.
    """
    with wrap_limit_errors(folder), _writers(folder, analyzer) as (writer, past):
        number, reader = since, MentionReader.beside(store.path, analyzer)
        miner, committed = Miner(), IndexReader(open_dir(folder, schema()))
        # A release that changes during the loop is yielded twice, so counts and sets are corrected.
        added, removed, gone = 0, set[str](), set[str]()
        for stored in _changes(store, since, until):
            miner.remove(stored.id, _read_text(committed, stored.id))
            if stored.state == "hidden":
                added -= writer.delete_unique("id", stored.id.encode())
                removed.add(stored.id)
                miner.drop(stored.id)
                past.replace(stored.id, ())
            else:
                *earlier, present = stays_of(store, stored)
                document = Document.of(stored, present, reader.mentions(stored))
                parts, fields = document.stream(analyzer), document.fields()
                added += not writer.update_analysed(parts, unique="id", **fields)
                removed.discard(stored.id)
                (gone.add if stored.state == "gone" else gone.discard)(stored.id)
                miner.add(document.id, f"{document.lead}\n{document.body}")
                past.replace(stored.id, document.earlier(earlier))
            number = stored.number
            on_progress(1)
        writer.read_all()
        past.read_all()
        on_analysed()
        writer.meta = {"number": number, "fingerprint": fingerprint(analyzer, reader.names)}
        changes = IndexedChanges(
            number=number,
            added=added,
            removed=len(removed),
            absent=frozenset(removed | gone),
            definitions=tuple(miner.definitions()),
        )
        approve(changes)
        # First: after a kill between the two, a text is found twice, as of one release, and not missed.
        past.commit()
        writer.commit()
    return changes


@contextmanager
def _writers(folder: Path, analyzer: Analyzer) -> Iterator[tuple[TextIndexWriter, PastWriter]]:
    """Open the writers of the present texts and of the earlier ones; cancel what is not committed on exit."""
    with ExitStack() as stack:
        writer = open_dir(folder, schema()).writer(on_new_segment=suggester_data.write)
        stack.callback(lambda: None if writer.is_closed else writer.cancel())
        past = PastWriter(folder, analyzer)
        stack.callback(past.cancel)
        yield writer, past


def _read_text(reader: IndexReader, id_: str) -> str:
    """Return the text of the release *id_* in which abbreviations are explained; "" if it is not indexed."""
    for doc in reader.term("id", id_).docs.tolist():
        segment, row = reader.locate(doc)
        shown = segment.documents.stored_fields(row)["shown"]
        return f"{shown.get('lead', '')}\n{shown.get('body', '')}"
    return ""


def recall(analyzer: Analyzer, folder: Path) -> None:
    """Load the words cached beside the index in *folder* into *analyzer*."""
    for path in sorted(folder.glob(f"{VOCABULARY}*")):
        analyzer.load_vocabulary(path)


def _changes(store: Store, since: int, until: int | None) -> Iterator[StoredRelease]:
    changes = store.changes_since(since)
    return changes if until is None else takewhile(lambda stored: stored.number <= until, changes)


def read_meta(folder: Path) -> Mapping[str, Any] | None:
    """Return what the last commit to the index in *folder* was made from; None if there is none.

    Raises:
        DamagedIndexError: it is not what was written.
    """
    try:
        return open_dir(folder, schema()).meta
    except EmptyIndexError:
        return None
    except DamagedError as error:
        raise DamagedIndexError(f"{error}; run `reindex --full`") from error
