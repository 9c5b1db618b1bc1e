"""The engine on the generation in use; follows each swap between two requests."""

import logging
import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeGuard

from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.generations import CURRENT, read_current
from index.errors import DamagedIndexError, EngineError
from index.query import Query
from index.results import Explanation, Hit, IndexInfo, Results
from index.suggest import Completer, Suggester

RETRY_S = 60.0
"""Pause before a generation that could not be opened is tried again: the failure may have been temporary."""

_LOWEST_PRIORITY = 19

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    stamp: tuple[int, int]
    """The time and inode of ``CURRENT`` when the engine was opened."""
    engine: WhooshEngine
    until: float = math.inf
    """When, by the clock, to try again to open the generation in use."""
    damage: str = ""
    """What the last verification found; empty if nothing."""


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
        self._held: _Held | None = None
        self._opening = threading.Lock()

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for.

        Raises:
            EngineError: there is no index, or it is damaged.
        """
        return self._engine().search(query)

    def count(self, query: Query) -> int:
        """Return how many releases match every part of *query*."""
        return self._engine().count(query)

    def explain(self, query: Query, ids: Iterable[str]) -> Mapping[str, Explanation]:
        """Return the explained scores of those of the releases *ids* that match *query*, by id."""
        return self._engine().explain(query, ids)

    def similar(self, id_: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the releases most similar to the release *id_*, best first."""
        return self._engine().similar(id_, limit=limit)

    def info(self) -> IndexInfo:
        """Return what the index in use holds, and the damage found in it."""
        info, held = self._engine().info(), self._held
        return replace(info, damage=held.damage if held else "")

    def verify(self) -> None:
        """Compare the files in use, as they are on disk now, with their checksums; log damage.

        Switches to a new generation first, so that the files of the old one are released without a request.
        """
        found = ""
        try:
            engine = self._engine()
            try:
                engine.verify_on_disk()
            except DamagedIndexError as error:
                found = str(error)
            stamp = self._stamp()
        except EngineError:
            return  # there is no index; searches report that
        with self._opening:
            held = self._held
            if not self._is_current(held, stamp) or held.engine is not engine:
                return  # swapped meanwhile: the files of the old generation may be gone
            if held.damage != found:
                self._held = replace(held, damage=found)
                if found:
                    log.error("damaged while in use: %s", found)

    def keep_verified(self, every_s: float, stopped: threading.Event) -> None:
        """Verify every *every_s* seconds until *stopped*; the calling thread gets the lowest priority."""
        if sys.platform == "linux":  # elsewhere it would be the priority of the whole process
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST_PRIORITY)
        while not stopped.wait(every_s):
            self.verify()

    def suggester(self) -> Suggester:
        """Return the spelling corrections, made from the word forms in the index."""
        return self._engine().suggester()

    def completer(self) -> Completer:
        """Return the completions to words, institutions and titles of the index."""
        return self._engine().completer()

    def _engine(self) -> WhooshEngine:
        held, stamp = self._held, self._stamp()
        if self._is_current(held, stamp):
            return held.engine
        # Other threads keep searching the old index while one thread opens the new one.
        if self._opening.acquire(blocking=held is None):
            try:
                held = self._held
                if not self._is_current(held, stamp):
                    self._held = held = self._open(stamp, held)
            finally:
                self._opening.release()
        assert held is not None  # noqa: S101 - without an index, the thread waited for the lock
        return held.engine

    def _is_current(self, held: _Held | None, stamp: tuple[int, int]) -> TypeGuard[_Held]:
        return held is not None and held.stamp == stamp and self._clock() < held.until

    def _stamp(self) -> tuple[int, int]:
        try:
            status = (self.root / CURRENT).stat()
        except OSError as error:
            raise EngineError(f"{self.root}: no index; run `reindex`") from error
        return status.st_mtime_ns, status.st_ino

    def _open(self, stamp: tuple[int, int], held: _Held | None) -> _Held:
        try:
            engine = WhooshEngine(self.root / self._name(), self._analyzer)
            # No answer may come from damaged files. Reads about 2 GB a second, and only files that are new.
            engine.verify(sound=held.engine.files if held else ())
            return _Held(stamp, engine)
        except EngineError as error:
            if held is None:
                raise
            if self._stamp() == stamp:
                # No traceback: it would keep the files of the failed index open.
                log.error("continues with the old index: %s", str(error))  # noqa: TRY400
            return replace(held, stamp=stamp, until=self._clock() + RETRY_S)

    def _name(self) -> str:
        try:
            return read_current(self.root)
        except OSError as error:
            raise EngineError(f"{self.root / CURRENT}: {error.strerror}") from error
