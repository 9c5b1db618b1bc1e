"""The engine on the generation in use; follows each swap between two requests."""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeGuard

from index.analysis import Analyzer
from index.engines.interface import Listing
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.generations import CURRENT, read_current
from index.errors import DamagedIndexError, EngineError
from index.query import Part, Query
from index.results import Coverage, Explanation, Hit, IndexInfo, Passage, Results
from index.suggest import Completer, Suggester

RETRY_S = 60.0
"""Pause before opening a generation is retried: the failure may have been temporary."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _OpenGeneration:
    stamp: tuple[int, int]
    """The time and inode of ``CURRENT`` when the engine was opened."""
    engine: WhooshEngine
    until: float = math.inf
    """When, by the clock, to retry opening the generation in use."""
    damage: str = ""
    """The damage that the last verification found; empty if none."""


class LiveEngine:
    """The engine on the generation in use under *root*; switches to a new one between two requests.

    A request ends on the generation it began with.
    """

    def __init__(
        self, root: Path, analyzer: Analyzer | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.root = root
        self._analyzer = analyzer
        self._clock = clock
        self._generation: _OpenGeneration | None = None
        self._opening = threading.Lock()
        self._opens_aside = False

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for.

        Raises:
            EngineError: there is no index, or it is damaged.
        """
        return self._engine().search(query)

    def count(self, query: Query) -> int:
        """Return how many releases match every part of *query*."""
        return self._engine().count(query)

    def listing(self, query: Query) -> Listing:
        """Return all releases that `search` finds, read from the generation in use now."""
        return self._engine().listing(query)

    def explain(self, query: Query, ids: Iterable[str]) -> Mapping[str, Explanation]:
        """Return the explained scores of those of the releases *ids* that match *query*, by id."""
        return self._engine().explain(query, ids)

    def similar(self, id_: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the releases most similar to the release *id_*, best first."""
        return self._engine().similar(id_, limit=limit)

    def mark(self, query: Query, id_: str) -> Mapping[Part, Passage]:
        """Return title, lead and body of the release *id_* as indexed, with the matches of *query* marked."""
        return self._engine().mark(query, id_)

    def coverage(self) -> tuple[Coverage, ...]:
        """Return what the index holds of each institution, by name."""
        return self._engine().coverage()

    def info(self) -> IndexInfo:
        """Return facts about the index in use, and the damage found in it."""
        generation = self._current_generation()
        published = datetime.fromtimestamp(generation.stamp[0] / 1e9, UTC)
        return replace(generation.engine.info(), published=published, damage=generation.damage)

    def verify(self) -> None:
        """Compare the files in use, as they are on disk now, with their checksums; log damage.

        Switches to a new generation first; so the files of the old one are released even without requests.
        """
        damage = ""
        try:
            engine = self._engine()
            try:
                engine.verify_on_disk()
            except DamagedIndexError as error:
                damage = str(error)
            stamp = self._stamp()
        except EngineError:
            return  # there is no index; searches report that
        with self._opening:
            generation = self._generation
            if not self._is_current(generation, stamp) or generation.engine is not engine:
                return  # swapped meanwhile: the files of the old generation may be gone
            if generation.damage != damage:
                self._generation = replace(generation, damage=damage)
                if damage:
                    log.error("damaged while in use: %s", damage)

    def keep_verified(self, every_s: float, stopped: threading.Event) -> None:
        """Verify every *every_s* seconds until *stopped*; requests do not wait for a generation to be opened.

        Runs at normal priority: at a low one it would keep the interpreter's lock longer while requests wait
        for it, and might never finish.
        """
        self._opens_aside = True
        while not stopped.wait(every_s):
            self.verify()

    def suggester(self) -> Suggester:
        """Return the spelling corrector, which knows the word forms of the index."""
        return self._engine().suggester()

    def completer(self) -> Completer:
        """Return the autocompletion, which knows the words, institutions and titles of the index."""
        return self._engine().completer()

    def _engine(self) -> WhooshEngine:
        return self._current_generation().engine

    def _current_generation(self) -> _OpenGeneration:
        generation, stamp = self._generation, self._stamp()
        # One thread opens the new index while all others keep searching the old one.
        if not self._is_current(generation, stamp) and self._opening.acquire(blocking=generation is None):
            if generation is not None and self._opens_aside:
                self._start_opening(stamp)
                return generation
            self._open_current(stamp)
            generation = self._generation
        assert generation is not None  # noqa: S101 - without an index, the thread waited for the lock
        return generation

    def _start_opening(self, stamp: tuple[int, int]) -> None:
        try:
            threading.Thread(target=self._open_current, args=(stamp,), daemon=True).start()
        except RuntimeError:  # the system allows no more threads: the next request tries again
            self._opening.release()

    def _open_current(self, stamp: tuple[int, int]) -> None:
        """Open the generation in use, and release the lock that the caller took."""
        try:
            if not self._is_current(self._generation, stamp):
                self._generation = self._open(stamp, self._generation)
        finally:
            self._opening.release()

    def _is_current(
        self, generation: _OpenGeneration | None, stamp: tuple[int, int]
    ) -> TypeGuard[_OpenGeneration]:
        return generation is not None and generation.stamp == stamp and self._clock() < generation.until

    def _stamp(self) -> tuple[int, int]:
        try:
            status = (self.root / CURRENT).stat()
        except OSError as error:
            raise EngineError(f"{self.root}: no index; run `reindex`") from error
        return status.st_mtime_ns, status.st_ino

    def _open(self, stamp: tuple[int, int], generation: _OpenGeneration | None) -> _OpenGeneration:
        try:
            engine = WhooshEngine(self.root / self._name(), self._analyzer)
            # No answer may come from damaged files. Only new files are read, at about 2 GB a second.
            engine.verify(sound=generation.engine.files if generation else ())
            if self._opens_aside:  # no request waits
                engine.warm()
            return _OpenGeneration(stamp, engine)
        except EngineError as error:
            if generation is None:
                raise
            if self._stamp() == stamp:
                # A traceback would keep the files of the failed index open.
                log.error("still serving the old index: %s", str(error))  # noqa: TRY400
            return replace(generation, stamp=stamp, until=self._clock() + RETRY_S)

    def _name(self) -> str:
        try:
            return read_current(self.root)
        except OSError as error:
            raise EngineError(f"{self.root / CURRENT}: {error.strerror}") from error
