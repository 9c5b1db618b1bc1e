"""Builds, updates, swaps and rolls back the generations of a Whoosh index."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.interface import IndexedChanges, IndexState
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.generations import Generations
from index.engines.whoosh.indexer import build, read_meta, recall, update
from index.engines.whoosh.parallel import PROCESSES_MAX, WORTHWHILE, build_shared, partition
from index.engines.whoosh.verification import find_damage
from index.errors import EngineError
from index.indexing import fingerprint
from index.register import NO_NAMES, ListedNames


class WhooshBuilder:
    """The builder of the index under *root*.

    A whole index is built by *processes* processes (0: one per processor) with the Hunspell *dictionary*.
    """

    def __init__(self, root: Path, *, dictionary: Path, processes: int) -> None:
        self._generations = Generations(root)
        self._dictionary = dictionary
        self._processes = processes or min(os.cpu_count() or 1, PROCESSES_MAX)

    def fingerprint(self, analyzer: Analyzer, names: ListedNames = NO_NAMES) -> str:
        """Return the fingerprint of an index built now."""
        return fingerprint(analyzer, names)

    def state(self) -> IndexState | None:
        """Return the origin of the index in use; None if there is none."""
        folder = self._generations.current()
        meta = read_meta(folder) if folder else None
        if meta is None:
            return None
        return IndexState(
            location=str(folder), number=meta["number"], fingerprint=meta.get("fingerprint", "")
        )

    def current(self, analyzer: Analyzer) -> WhooshEngine:
        """Open the generation in use, which was built with *analyzer*."""
        return WhooshEngine(self._current(), analyzer)

    def last_sound(self) -> WhooshEngine | None:
        """Open the generation in use or, if it is damaged, the newest sound one; None if there is none."""
        for folder in self._generations.newest_first():
            with suppress(EngineError):
                engine = WhooshEngine(folder)
                engine.verify()
                return engine
        return None

    def is_empty(self) -> bool:
        """Return whether no generation was ever finished."""
        return self._generations.newest() is None

    def find_damage(self, analyzer: Analyzer) -> Iterator[str]:
        """Yield a message for each file of the generation in use that is not what was written."""
        return find_damage(self._current(), analyzer)

    def update(
        self,
        store: Store,
        analyzer: Analyzer,
        *,
        on_progress: Callable[[int], None],
        approve: Callable[[IndexedChanges], None],
    ) -> IndexedChanges:
        """Apply the changes since the last update to the generation in use."""
        folder = self._current()
        meta = read_meta(folder) or {"number": 0}
        changes = update(
            folder, store, analyzer, since=meta["number"], on_progress=on_progress, approve=approve
        )
        self._generations.use(folder)
        return changes

    def announce(self) -> None:
        """Renew the time of ``CURRENT`` if the last commit is newer."""
        if not self._generations.is_announced():
            self._generations.use(self._current())

    @contextmanager
    def draft(self, analyzer: Analyzer) -> Iterator["WhooshDraft"]:
        """Begin a new generation in a separate folder; it is removed on exit unless it was published."""
        cached = self._generations.newest() or self._generations.root
        with self._generations.draft() as folder:
            yield WhooshDraft(
                folder,
                self._generations,
                analyzer,
                dictionary=self._dictionary,
                cached=cached,
                processes=self._processes,
            )
            shutil.rmtree(folder, ignore_errors=True)  # has another name if it was published

    def prune(self, *, keep: int) -> None:
        """Remove all generations but the one in use and the *keep* newest before it."""
        self._generations.prune(keep=keep)

    def clean(self) -> None:
        """Remove the drafts of killed builds."""
        self._generations.clean()

    def rollback(self) -> WhooshEngine:
        """Verify the generation before the one in use, and put it into use."""
        previous = self._generations.previous()
        if previous is None:
            raise EngineError(f"{self._generations.root}: no earlier generation to roll back to")
        engine = WhooshEngine(previous)
        engine.verify()
        self._generations.use(previous)
        return engine

    def _current(self) -> Path:
        folder = self._generations.current()
        if folder is None:
            raise EngineError(f"{self._generations.root}: no index; run `reindex`")
        return folder


class WhooshDraft:
    """A generation being built in *folder*, with the vocabulary cache of the index in *cached*."""

    def __init__(
        self,
        folder: Path,
        generations: Generations,
        analyzer: Analyzer,
        *,
        dictionary: Path,
        cached: Path,
        processes: int,
    ) -> None:
        self._folder, self._generations, self._analyzer = folder, generations, analyzer
        self._dictionary, self._cached, self._processes = dictionary, cached, processes

    @property
    def location(self) -> str:
        """Return the folder."""
        return str(self._folder)

    def build(self, store: Store, *, on_progress: Callable[[int], None]) -> IndexedChanges:
        """Index every release of *store*, in several processes if there are enough releases."""
        folder, analyzer = self._folder, self._analyzer
        if self._processes > 1 and store.last_number() >= WORTHWHILE:
            parts = partition(
                folder, store, dictionary=self._dictionary, cached=self._cached, processes=self._processes
            )
            return build_shared(folder, store, analyzer, parts, on_progress=on_progress)
        recall(analyzer, self._cached)
        return build(folder, store, analyzer, on_progress=on_progress)

    def find_damage(self) -> Iterator[str]:
        """Yield a message for each file that is not what was written."""
        return find_damage(self._folder, self._analyzer)

    def open(self) -> WhooshEngine:
        """Open what was built."""
        return WhooshEngine(self._folder, self._analyzer)

    def publish(self) -> WhooshEngine:
        """Rename the folder and name it in ``CURRENT``."""
        finished = self._generations.finish(self._folder)
        self._generations.use(finished)
        return WhooshEngine(finished)
