"""The generation that a server answers from, while the next one is opened."""

import logging
import math
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from index.errors import DamagedIndexError, EngineError

RETRY_S = 60.0
"""Pause before opening a generation is retried: the failure may have been temporary."""

log = logging.getLogger(__name__)


class Warmable(Protocol):
    """An engine that can read what its first searches need."""

    def warm(self) -> None:
        """Read what the first searches need, so that they need not wait."""


Stamp = TypeVar("Stamp")
Opened = TypeVar("Opened", bound=Warmable)


@dataclass(frozen=True, slots=True)
class OpenGeneration(Generic[Stamp, Opened]):
    """A generation that answers."""

    stamp: Stamp
    """The stamp of the index when the engine was opened."""
    engine: Opened
    until: float = math.inf
    """When, by the clock, to retry opening the generation in use."""
    damage: str = ""
    """The damage of the generation in use, in whose place this one answers."""


class GenerationInUse(Generic[Stamp, Opened]):
    """The generation in use: one thread opens it while all others go on with the one before.

    *read_stamp* returns a value that every swap and every update changes. *open_engine* opens the generation
    with that stamp; it also gets the engine before, if any. *open_fallback* opens the engine that answers in
    its place while it is damaged; it gets the engine that answered until now, and returns it if it still can.
    All raise EngineError. None may be a method of this object's owner: the cycle would keep files open until
    a garbage collection.
    """

    def __init__(
        self,
        read_stamp: Callable[[], Stamp],
        open_engine: Callable[[Stamp, Opened | None], Opened],
        clock: Callable[[], float] = time.monotonic,
        open_fallback: Callable[[Opened | None], Opened] | None = None,
    ) -> None:
        self.opens_aside = False
        """Whether a thread of its own opens the next generation, so that no request waits."""
        self.look_every_s = 0.0
        """How long a stamp that was read is taken for the current one."""
        self._read_stamp, self._open_engine, self._clock = read_stamp, open_engine, clock
        self._open_fallback = open_fallback
        self._generation: OpenGeneration[Stamp, Opened] | None = None
        self._look_next = -math.inf
        self._opening = threading.Lock()
        self._damage: tuple[Stamp, str] | None = None

    def get(self) -> OpenGeneration[Stamp, Opened]:
        """Return the generation in use or, while it is opened or if it cannot be, the one before.

        Raises:
            EngineError: there is none, or the first one cannot be opened.
        """
        generation = self._generation
        if generation is None:
            self._opening.acquire()
            return self._open_current()
        if self._clock() < self._look_next:
            return generation
        self._look_next = self._clock() + self.look_every_s
        if self._is_current(generation, self._read_stamp()) or not self._opening.acquire(blocking=False):
            return generation
        if self.opens_aside:
            self._start_opening()
            return generation
        return self._open_current()

    def forget(self, engine: Opened) -> None:
        """Go on without *engine*, which cannot answer any more; waits if the next one is being opened."""
        with self._opening:
            if self._generation is not None and self._generation.engine is engine:
                self._generation = None

    def verify(self, verify_engine: Callable[[Opened], None]) -> None:
        """Call *verify_engine* on the engine in use; keep the damage that it raises, and log it once.

        A damaged engine is replaced by the fallback, if there is any.
        """
        damage = ""
        try:
            generation = self.get()
            try:
                verify_engine(generation.engine)
            except DamagedIndexError as error:
                damage = str(error)
            if self._read_stamp() != generation.stamp:
                return  # swapped meanwhile: the files of the old generation may be gone
        except EngineError:
            return  # there is no index; searches report that
        if damage and damage != self.damage(generation):
            log.error("damaged while in use: %s", damage)
        self._damage = generation.stamp, damage
        if damage:
            self._replace(generation, damage)

    def damage(self, generation: OpenGeneration[Stamp, Opened]) -> str:
        """Return the damage known of the index in use, in whose place *generation* may answer; or empty."""
        found = self._damage[1] if self._damage and self._damage[0] == generation.stamp else ""
        return generation.damage or found

    def _replace(self, generation: OpenGeneration[Stamp, Opened], damage: str) -> None:
        """Let the fallback answer in the place of a damaged *generation*, unless that has been replaced."""
        with self._opening:
            engine = self._fall_back(generation.engine)
            if engine not in (None, generation.engine) and self._generation is generation:
                log.error("an earlier index answers in the place of the damaged one")
                self._generation = self._in_place_of(generation.stamp, engine, damage)
                self._damage = None  # once the one in use can be opened again, it is sound

    def _fall_back(self, before: Opened | None) -> Opened | None:
        """Return the engine to answer with while the generation in use cannot; None if there is none."""
        if self._open_fallback is not None:
            with suppress(EngineError, OSError):
                return self._open_fallback(before)
        return before

    def _is_current(self, generation: OpenGeneration[Stamp, Opened], stamp: Stamp) -> bool:
        return generation.stamp == stamp and self._clock() < generation.until

    def _start_opening(self) -> None:
        try:
            threading.Thread(target=self._open_aside, daemon=True).start()
        except RuntimeError:  # the system allows no more threads: the next request tries again
            self._opening.release()

    def _open_aside(self) -> None:
        with suppress(EngineError):  # there is no index any more; searches report that
            self._open_current()

    def _open_current(self) -> OpenGeneration[Stamp, Opened]:
        """Open the generation in use if it is not open, and release the lock that the caller took."""
        try:
            # Read again: another thread may have opened a newer generation than the caller has seen.
            stamp, generation = self._read_stamp(), self._generation
            if generation is None or not self._is_current(generation, stamp):
                generation = self._generation = self._open(stamp, generation)
            return generation
        finally:
            self._opening.release()

    def _open(
        self, stamp: Stamp, before: OpenGeneration[Stamp, Opened] | None
    ) -> OpenGeneration[Stamp, Opened]:
        try:
            engine = self._open_engine(stamp, before.engine if before else None)
            if before and self.opens_aside:  # no request waits
                engine.warm()
            return OpenGeneration(stamp, engine)
        except (EngineError, OSError) as error:
            fallback = self._fall_back(before.engine if before else None)
            if fallback is None:
                raise
            # Once for each generation, and not if it was replaced while it was opened.
            if (before is None or stamp != before.stamp) and stamp == self._read_stamp():
                # A traceback would keep the files of the failed index open.
                serving = "still serving the old index" if before else "serving an earlier index"
                log.error("%s: %s", serving, str(error))  # noqa: TRY400
            damage = str(error) if isinstance(error, DamagedIndexError) else ""
            return self._in_place_of(stamp, fallback, damage)

    def _in_place_of(self, stamp: Stamp, engine: Opened, damage: str) -> OpenGeneration[Stamp, Opened]:
        """Return *engine* as the generation that answers until the one in use is tried again."""
        return OpenGeneration(stamp, engine, until=self._clock() + RETRY_S, damage=damage)
