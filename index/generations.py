"""Generations of the index on disk: which is in use, which came before, and the swap from one to the next."""

import logging
import math
import os
import shutil
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeGuard

from index.analysis import Analyzer
from index.durable import naming, sync
from index.engine import DamagedIndexError
from index.errors import EngineError
from index.query import Query
from index.results import Explanation, Hit, IndexInfo, Results
from index.suggest import Completer, Suggester
from index.whoosh_engine import WhooshEngine

CURRENT = "CURRENT"
_DRAFT = ".draft"

# A generation that could not be opened is tried again after so long: what failed may have been the moment.
AGAIN_S = 60.0

_LAST = 19
"""The lowest priority."""

log = logging.getLogger(__name__)


class Generations:
    """The folder *root* with a folder for each generation, and ``CURRENT``, which names the one in use.

    One process changes it at a time.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> Path | None:
        """Return the folder of the generation in use; None where none was ever finished.

        Raises:
            DamagedIndexError: the file that names it is damaged.
        """
        name = _named(self.root)
        return self.root / name if name else None

    def newest(self) -> Path | None:
        """Return the folder of the generation finished last, in use or not; None where there is none."""
        return next(reversed(self._finished()), None)

    def previous(self) -> Path | None:
        """Return the newest finished generation before the one in use."""
        current = self.current()
        older = [folder for folder in self._finished() if current is not None and folder.name < current.name]
        return older[-1] if older else None

    def newest_first(self) -> Iterator[Path]:
        """Yield the generation in use, if it can be told which, then all others, the newest first."""
        current = None
        with suppress(EngineError, OSError):
            current = self.current()
        if current is not None:
            yield current
        yield from (folder for folder in reversed(self._finished()) if folder != current)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """Give a new folder to build a generation in; it is removed if the building fails."""
        folder = self.root / f"{self._next_name()}{_DRAFT}"
        folder.mkdir(parents=True)
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def finish(self, draft: Path) -> Path:
        """Give the generation in *draft* its name; it is complete, but not yet in use."""
        finished = draft.with_suffix("")
        draft.rename(finished)
        sync(self.root)
        return finished

    def use(self, generation: Path) -> None:
        """Make *generation* the one in use, also for those that have the index open.

        Whatever happens, ``CURRENT`` names the old or the new one.
        """
        written = self.root / f"{CURRENT}{_DRAFT}"
        name = generation.name.encode()
        with naming(written):
            written.write_bytes(name + b" " + _seal(name))
        sync(written)
        written.replace(self.root / CURRENT)
        sync(self.root)

    def is_announced(self) -> bool:
        """Whether those that have the index open were told of its last commit; a kill may come between."""
        current = self.current()
        if current is None:
            return True
        announced = (self.root / CURRENT).stat().st_mtime_ns
        return all(path.stat().st_mtime_ns <= announced for path in current.glob("*.toc"))

    def prune(self, *, kept: int) -> None:
        """Remove all generations but the one in use and the *kept* newest before it."""
        current = self.current()
        if current is None:
            return
        others = [folder for folder in self._finished() if folder != current]
        older = [folder for folder in others if folder.name < current.name]
        spare = set(older[len(older) - kept :] if kept else ())
        for folder in others:
            if folder not in spare:
                shutil.rmtree(folder, ignore_errors=True)

    def clean(self) -> None:
        """Remove what a build that was killed left behind."""
        for folder in self.root.glob(f"*{_DRAFT}"):
            if folder.is_dir():
                shutil.rmtree(folder, ignore_errors=True)

    def _finished(self) -> list[Path]:
        return sorted(path for path in self.root.glob("[0-9]*") if path.is_dir() and path.suffix != _DRAFT)

    def _next_name(self) -> str:
        """Return a name that sorts after all others, even if the clock went back."""
        now = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
        newest = max((folder.name for folder in self._finished()), default="")
        return f"{max(now, newest.partition('-')[0])}-{_serial(newest, now):03}"


def _serial(newest: str, now: str) -> int:
    stamp, _, serial = newest.partition("-")
    return int(serial or 0) + 1 if stamp >= now else 1


def _named(root: Path) -> str:
    """The generation in use; "" where there is none."""
    path = root / CURRENT
    try:
        with naming(path):
            name, _, seal = path.read_bytes().partition(b" ")
    except FileNotFoundError:
        return ""
    if seal != _seal(name):
        raise DamagedIndexError(f"{path}: damaged; run `reindex --full`")
    return name.decode()


def _seal(name: bytes) -> bytes:
    return b"%08x\n" % zlib.crc32(name)


@dataclass(frozen=True, slots=True)
class _Held:
    stamp: tuple[int, int]
    """Of ``CURRENT`` when it was opened."""
    engine: WhooshEngine
    until: float = math.inf
    """Of the clock: then the generation in use, which could not be opened, is tried again."""
    damage: str = ""
    """What the last verification found."""


class LiveEngine:
    """The engine on the generation in use under *root*; turns to a new one between two requests.

    Requests that are under way end on the generation they began with.
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
        """Return how many releases have all that *query* asks for."""
        return self._engine().count(query)

    def explain(self, query: Query, ids: Iterable[str]) -> Mapping[str, Explanation]:
        """Return why those of the releases *ids* that match *query* score what they do."""
        return self._engine().explain(query, ids)

    def similar(self, id_: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the releases most like the release *id_*, the most alike first."""
        return self._engine().similar(id_, limit=limit)

    def info(self) -> IndexInfo:
        """Return what the index in use holds, and what is known of damage to it."""
        info, held = self._engine().info(), self._held
        return replace(info, damage=held.damage if held else "")

    def verify(self) -> None:
        """Compare the files in use as they are on disk now with their checksums; log what is found.

        Turns to a new generation first, so that the files of the old one do not wait for a request.
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
            return  # there is no index; who searches is told so
        with self._opening:
            held = self._held
            if not self._is_current(held, stamp) or held.engine is not engine:
                return  # there is another generation by now, and the files of this one may be removed
            if held.damage != found:
                self._held = replace(held, damage=found)
                if found:
                    log.error("damaged while in use: %s", found)

    def keep_verified(self, every_s: float, stopped: threading.Event) -> None:
        """Verify so often until *stopped*, in the thread that calls it, which gets the lowest priority."""
        if sys.platform == "linux":  # elsewhere it would be the priority of the whole process
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LAST)
        while not stopped.wait(every_s):
            self.verify()

    def suggester(self) -> Suggester:
        """Return what corrects words by the forms that stand in the index."""
        return self._engine().suggester()

    def completer(self) -> Completer:
        """Return what completes what is typed to words, institutions and titles of the index."""
        return self._engine().completer()

    def _engine(self) -> WhooshEngine:
        held, stamp = self._held, self._stamp()
        if self._is_current(held, stamp):
            return held.engine
        # Whoever has an index goes on with it while another opens the new one.
        if self._opening.acquire(blocking=held is None):
            try:
                held = self._held
                if not self._is_current(held, stamp):
                    self._held = held = self._open(stamp, held)
            finally:
                self._opening.release()
        assert held is not None  # noqa: S101 - only without one is the lock waited for
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
            # Some 2 GB a second, and only for what a commit brought: no answer comes from damaged files.
            engine.verify(sound=held.engine.files if held else ())
            return _Held(stamp, engine)
        except EngineError as error:
            if held is None:
                raise
            if self._stamp() == stamp:
                # No traceback: the message says it all, and it would hold what was opened of the index.
                log.error("goes on with the index before: %s", str(error))  # noqa: TRY400
            return replace(held, stamp=stamp, until=self._clock() + AGAIN_S)

    def _name(self) -> str:
        try:
            return _named(self.root)
        except OSError as error:
            raise EngineError(f"{self.root / CURRENT}: {error.strerror}") from error
