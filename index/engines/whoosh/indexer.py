"""Releases of the store into an index: what changed, or all of them, and whether the result is sound."""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from lz4.block import LZ4BlockError
from whoosh.index import EmptyIndexError

from crawler.store import Store, StoredRelease
from index.analysis import Analyzer
from index.codec import create_in, open_dir
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.schema import schema
from index.errors import BuildError, DamagedError, DamagedIndexError, EngineError
from index.indexing.abbreviations import Definition, Miner
from index.indexing.document import Document, fingerprint
from index.query import AllOf, Everything, Query, Word
from index.results import Hit
from index.suggest import files as hints

VOCABULARY = "vocabulary"
"""How the files beside an index begin that keep the words of its releases analysed."""


class WorkerError(Exception):
    """A process of the build ended before its work was done."""


# What numbers, arrays and texts beyond their limits raise, and processes that run out of memory.
_FAULTS = (
    ArithmeticError,
    BufferError,
    LookupError,
    LZ4BlockError,
    MemoryError,
    RecursionError,
    ValueError,
    WorkerError,
    struct.error,
    zlib.error,
)


@contextmanager
def faults_named(folder: Path) -> Iterator[None]:
    """Raise what goes wrong with the index in *folder*, but for its files, as one BuildError."""
    try:
        yield
    except _FAULTS as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        if isinstance(error, MemoryError | WorkerError):
            said += " (too little memory? fewer index.processes take less)"
        raise BuildError(f"{folder}: cannot be built: {said}") from error


@dataclass(frozen=True, slots=True)
class Counts:
    """What went into an index."""

    added: int
    """Releases."""
    removed: int
    """Taken out, or never put in, because they are hidden."""
    number: int
    """Of the last change that is in."""
    absent: frozenset[str] = frozenset()
    """Ids of those that were taken out, or are gone."""
    definitions: tuple[Definition, ...] = ()
    """What the releases that were added say that abbreviations stand for."""


def build(
    folder: Path,
    store: Store,
    analyzer: Analyzer,
    *,
    since: int = 0,
    until: int | None = None,
    told: Callable[[], None],
    analysed: Callable[[], None] = lambda: None,
) -> Counts:
    """Make an index of all releases or a share of them in the empty *folder*; *told* is called after each.

    The words that *analyzer* met are kept beside the index; *analysed* is called when it is needed no more.
    """
    create_in(folder, schema())

    def keep_words() -> None:
        analyzer.save_vocabulary(folder / VOCABULARY)
        analysed()

    return update(folder, store, analyzer, since=since, until=until, told=told, analysed=keep_words)


def update(
    folder: Path,
    store: Store,
    analyzer: Analyzer,
    *,
    since: int,
    until: int | None = None,
    told: Callable[[], None],
    analysed: Callable[[], None] = lambda: None,
    approve: Callable[[Counts], None] = lambda _: None,
) -> Counts:
    """Bring what changed after the number *since* into the index in *folder*, all of it or nothing.

    *analysed* is called when *analyzer* is needed no more, *approve* before the commit: what it raises keeps
    the index as it was.

    Raises:
        BuildError: the releases do not fit an index.
    """
    with faults_named(folder):
        writer = open_dir(folder, schema()).writer(on_new_segment=hints.write)
        number = since
        miner = Miner()
        # A release that changes meanwhile comes again.
        added, removed, gone = 0, set[str](), set[str]()
        try:
            for stored in _changes(store, since, until):
                if stored.state == "hidden":
                    added -= writer.delete_unique("id", stored.id.encode())
                    removed.add(stored.id)
                else:
                    document = Document.of(stored)
                    parts, fields = document.stream(analyzer), document.fields()
                    added += not writer.update_analysed(parts, unique="id", **fields)
                    removed.discard(stored.id)
                    (gone.add if stored.state == "gone" else gone.discard)(stored.id)
                    miner.add(document.id, f"{document.lead}\n{document.body}")
                number = stored.number
                told()
            writer.read_all()
            analysed()
            writer.meta = {"number": number, "fingerprint": fingerprint(analyzer)}
            counts = Counts(
                added, len(removed), number, frozenset(removed | gone), definitions=tuple(miner.definitions())
            )
            approve(counts)
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
    return counts


def recall(analyzer: Analyzer, folder: Path) -> None:
    """Let *analyzer* know the words that were met when the index in *folder* was built."""
    for path in sorted(folder.glob(f"{VOCABULARY}*")):
        analyzer.load_vocabulary(path)


def _changes(store: Store, since: int, until: int | None) -> Iterator[StoredRelease]:
    changes = store.changes_since(since)
    return changes if until is None else takewhile(lambda stored: stored.number <= until, changes)


def told_of(folder: Path) -> Mapping[str, Any] | None:
    """Return what the last commit to the index in *folder* says of itself; None if there is none.

    Raises:
        DamagedIndexError: it is not what was written.
    """
    try:
        return open_dir(folder, schema()).meta
    except EmptyIndexError:
        return None
    except DamagedError as error:
        raise DamagedIndexError(f"{error}; run `reindex --full`") from error


def damage(folder: Path, analyzer: Analyzer) -> Iterator[str]:
    """Yield which files of the index in *folder*, made by *analyzer*, are not what was written."""
    try:
        WhooshEngine(folder).verify()
    except EngineError as error:
        yield str(error)
        return
    for path in sorted(folder.glob(f"{VOCABULARY}*")):
        if not analyzer.can_load(path):
            yield f"{path}: damaged; run `reindex --full`"


def faults(folder: Path, analyzer: Analyzer, *, releases: int | None = None) -> Iterator[str]:
    """Yield what is wrong with the index in *folder*, made by *analyzer*; it must hold so many *releases*."""
    if found := list(damage(folder, analyzer)):
        yield from found
        return
    with faults_named(folder):
        yield from _wrong_with(folder, analyzer, releases)


def _wrong_with(folder: Path, analyzer: Analyzer, releases: int | None) -> Iterator[str]:
    engine = WhooshEngine(folder)
    held = engine.info().documents
    if releases is not None and held != releases:
        yield f"{folder}: holds {held} releases where the store has {releases}"
    newest = engine.search(Query(text="", clause=Everything(), reading="", sort="newest"))
    if held and not newest.hits:
        yield f"{folder}: shows none of its releases"
    for hit in newest.hits:
        if not _is_found(hit, engine, analyzer):
            yield f"{folder}: does not find {hit.id} by its title"


def _is_found(hit: Hit, engine: WhooshEngine, analyzer: Analyzer) -> bool:
    """Whether the words of a release's title find anything."""
    tokens = analyzer.analyze(hit.title.text, hit.language)
    words = tuple(Word(text="", lemma=token.forms.lemma) for token in tokens if token.forms.lemma)
    return not words or engine.count(Query(text="", clause=AllOf(words), reading="")) > 0
