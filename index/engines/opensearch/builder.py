"""Builds, updates, swaps and rolls back the generations of an index in a cluster."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from crawler.store import Store
from index.analysis import Analyzer
from index.config import ClusterSettings
from index.engines.interface import IndexedChanges, IndexState
from index.engines.opensearch.connection import ClusterConnection
from index.engines.opensearch.engine import ClusterEngine
from index.engines.opensearch.generations import ClusterGenerations, Meta, now
from index.engines.opensearch.indexer import Indexer
from index.engines.opensearch.mappings import VERSION
from index.engines.opensearch.suggestions import SuggestionFiles
from index.errors import EngineError
from index.indexing import fingerprint
from index.register import NAMES_FILE, NO_NAMES, ListedNames, load_names


class ClusterBuilder:
    """The builder of the index in the cluster of *settings*.

    Keeps the data of corrections and completions under *folder*.
    """

    def __init__(self, settings: ClusterSettings, folder: Path) -> None:
        self._settings, self._folder = settings, folder
        self._generations = ClusterGenerations(ClusterConnection(settings), settings)

    def fingerprint(self, analyzer: Analyzer, names: ListedNames = NO_NAMES) -> str:
        """Return the fingerprint of an index built now."""
        return _fingerprint(analyzer, names, self._settings)

    def state(self) -> IndexState | None:
        """Return the origin of the index in use; None if there is none."""
        current = self._generations.current()
        if current is None:
            return None
        generation, meta = current
        # A killed update may have brought some of the changes that it was to bring.
        number = max(meta.number, meta.pending)
        return IndexState(location=self.location_of(generation), number=number, fingerprint=meta.fingerprint)

    def current(self, analyzer: Analyzer) -> ClusterEngine:
        """Open the generation in use, which *analyzer* made."""
        return self._open(*self._current(), analyzer)

    def last_sound(self) -> ClusterEngine | None:
        """Open the generation in use or, if it is damaged, the newest sound one; None if there is none."""
        current = self._generations.current()
        finished = [(name, meta) for name, meta in self._generations.all().items() if meta.finished]
        for generation, meta in [*([current] if current else []), *reversed(finished)]:
            with suppress(EngineError):
                engine = self._open(generation, meta)
                engine.verify()
                return engine
        return None

    def is_empty(self) -> bool:
        """Return whether no generation was ever published."""
        return not any(meta.finished for meta in self._generations.all().values())

    def find_damage(self, analyzer: Analyzer) -> Iterator[str]:
        """Yield a message if the generation in use lacks releases."""
        yield from _find_damage(self.current(analyzer))

    def update(
        self,
        store: Store,
        analyzer: Analyzer,
        *,
        on_progress: Callable[[int], None],
        approve: Callable[[IndexedChanges], None],
    ) -> IndexedChanges:
        """Bring the changes since the last update into the generation in use.

        Servers go on with the state before until all of it is confirmed. After a kill, the next update brings
        the same changes again; until then, the generation says that they are pending.
        """
        generation, meta = self._current()

        def begin(changes: IndexedChanges) -> None:
            approve(changes)
            self._generations.write_meta(generation, replace(meta, pending=changes.number))

        indexer = Indexer(self._generations, generation, store, analyzer, on_progress)
        changes = indexer.update(meta.number, begin)
        self._suggestions(generation).update(store, analyzer)
        documents = self._generations.count(generation)
        meta = replace(meta, number=changes.number, documents=documents, updated=now(), pending=0)
        self._generations.write_meta(generation, meta)
        return changes

    def announce(self) -> None:
        """Do nothing: whatever a cluster has not confirmed is sent again by the next update."""

    @contextmanager
    def draft(self, analyzer: Analyzer) -> Iterator["ClusterDraft"]:
        """Begin a new generation, which no alias names; it is removed on exit unless it was published."""
        generation = self._generations.create()
        draft = ClusterDraft(self, generation, analyzer)
        try:
            yield draft
        finally:
            if not draft.is_published:
                with suppress(EngineError):  # the cause is being raised; `clean` removes what is left
                    self.delete(generation)

    def prune(self, *, keep: int) -> None:
        """Remove all generations but the one in use and the *keep* newest before it."""
        current = self._generations.current()
        if current is None:
            return
        unused = [name for name in self._generations.all() if name != current[0]]
        older = [name for name in unused if name < current[0]]
        kept = set(older[len(older) - keep :] if keep else ())
        for generation in unused:
            if generation not in kept:
                self.delete(generation)

    def clean(self) -> None:
        """Remove the drafts of killed builds."""
        for generation, meta in self._generations.all().items():
            if not meta.finished:
                self.delete(generation)

    def rollback(self) -> ClusterEngine:
        """Verify the generation before the one in use, and put it into use."""
        current = self._generations.current()
        everything = self._generations.all()
        older = [name for name, meta in everything.items() if meta.finished and current and name < current[0]]
        if not older:
            raise EngineError(
                f"{self._generations.connection.location}: no earlier generation to roll back to"
            )
        engine = self._open(older[-1], everything[older[-1]])
        engine.verify()
        self._generations.use(older[-1])
        return engine

    def delete(self, generation: str) -> None:
        """Remove a generation that is not in use."""
        self._generations.delete(generation)
        shutil.rmtree(self._folder / generation, ignore_errors=True)

    def build(
        self, generation: str, store: Store, analyzer: Analyzer, on_progress: Callable[[int], None]
    ) -> IndexedChanges:
        """Index every release of *store* in the empty *generation*."""
        indexer = Indexer(self._generations, generation, store, analyzer, on_progress)
        changes = indexer.build()
        self._suggestions(generation).build(store, analyzer)
        names = load_names(store.path.with_name(NAMES_FILE))
        made = self.fingerprint(analyzer, names)
        meta = Meta(number=changes.number, fingerprint=made, documents=changes.added)
        self._generations.write_meta(generation, meta)
        return changes

    def open_generation(self, generation: str, analyzer: Analyzer) -> ClusterEngine:
        """Open a generation, in use or not."""
        return self._open(generation, self._generations.all()[generation], analyzer)

    def publish(self, generation: str) -> None:
        """Put a generation into use."""
        meta = replace(self._generations.all()[generation], finished=True, updated=now())
        self._generations.write_meta(generation, meta)
        self._generations.use(generation)

    def _current(self) -> tuple[str, Meta]:
        current = self._generations.current()
        if current is None:
            raise EngineError(f"{self._generations.connection.location}: no index; run `reindex`")
        return current

    def _open(self, generation: str, meta: Meta, analyzer: Analyzer | None = None) -> ClusterEngine:
        return ClusterEngine(self._generations, generation, meta, self._folder, analyzer)

    def _suggestions(self, generation: str) -> SuggestionFiles:
        return SuggestionFiles(
            self._generations.connection, self._generations.files_of(generation), self._folder / generation
        )

    def location_of(self, generation: str) -> str:
        """Return the address of a generation, for messages."""
        return self._generations.location_of(generation)


class ClusterDraft:
    """A *generation* of *builder* that is not in use."""

    def __init__(self, builder: ClusterBuilder, generation: str, analyzer: Analyzer) -> None:
        self._builder, self._generation, self._analyzer = builder, generation, analyzer
        self.is_published = False

    @property
    def location(self) -> str:
        """Return the address of the index."""
        return self._builder.location_of(self._generation)

    def build(self, store: Store, *, on_progress: Callable[[int], None]) -> IndexedChanges:
        """Index every release of *store*."""
        return self._builder.build(self._generation, store, self._analyzer, on_progress)

    def find_damage(self) -> Iterator[str]:
        """Yield a message if the index does not hold what was confirmed."""
        yield from _find_damage(self.open())

    def open(self) -> ClusterEngine:
        """Open what was built."""
        return self._builder.open_generation(self._generation, self._analyzer)

    def publish(self) -> ClusterEngine:
        """Let the alias name the generation."""
        self._builder.publish(self._generation)
        self.is_published = True
        return self.open()


def _find_damage(engine: ClusterEngine) -> Iterator[str]:
    try:
        engine.verify()
    except EngineError as error:
        yield str(error)


def _fingerprint(analyzer: Analyzer, names: ListedNames, settings: ClusterSettings) -> str:
    """Return the fingerprint of the analysis and of what an index cannot change once it is made."""
    made = f"{fingerprint(analyzer, names)} {VERSION} {settings.shards}"
    return sha256(made.encode()).hexdigest()[:16]
