"""Takes what was hidden out of the answers of an index that still has it, until the next `reindex`."""

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Generic, Protocol, Self, TypeVar

from crawler.store import Store, StoreError, hidden_since
from index.errors import EngineError

ReadHidden = Callable[[int], Collection[str]]
"""Returns the releases that were hidden since a change to the store, given its number.

Raises EngineError if that is not known.
"""

# The system counts the time of a file in ticks of up to 10 ms: a second write in one tick may not show.
_TICKS_NS = 50_000_000

_Stamp = tuple[tuple[int, int, int], ...]


class Takedowns:
    """What was hidden, by the store at *path*, which is opened only after a write; safe to share."""

    def __init__(self, path: Path) -> None:
        self._files = path, path.with_name(f"{path.name}-wal")
        self._last: tuple[int, _Stamp, frozenset[str]] | None = None

    def since(self, number: int) -> frozenset[str]:
        """Return the releases that were hidden after the change *number*, and still are.

        Raises:
            EngineError: the store cannot be read, or is older than the change *number*.
        """
        stamp, last = self._stamp(), self._last
        if last is not None and last[:2] == (number, stamp):
            return last[2]
        hidden = _read(self._files[0], number)
        is_settled = all(time.time_ns() - modified > _TICKS_NS for _, modified, _ in stamp)
        self._last = (number, stamp, hidden) if is_settled else None
        return hidden

    def _stamp(self) -> _Stamp:
        stamp = []
        for path in self._files:
            with suppress(OSError):
                status = path.stat()
                stamp.append((status.st_ino, status.st_mtime_ns, status.st_size))
        return tuple(stamp)


def _read(path: Path, number: int) -> frozenset[str]:
    try:
        with Store.open_served(path) as store:
            if store.last_number() < number:
                raise EngineError(f"{path}: older than the index")
            return hidden_since(store, number)
    except StoreError as error:
        raise EngineError(str(error)) from error


class Indexed(Protocol):
    """An engine on one state of an index."""

    @property
    def number(self) -> int:
        """Every change to the store up to this number is in the index."""

    def without(self, ids: Collection[str]) -> Self:
        """Return the engine without the releases *ids*; this one if it has none of them."""


Engine = TypeVar("Engine", bound=Indexed)


def name_commit(commit: str, hidden: Collection[str]) -> str:
    """Return the name in cursors of the state *commit* without the releases *hidden*."""
    digest = blake2b("\n".join(sorted(hidden)).encode(), digest_size=6).hexdigest()
    return f"{commit}-{digest}" if hidden else commit


class Shown(Generic[Engine]):
    """The part of an engine that may be shown, by *read_hidden*; safe to share between threads.

    While the store cannot be read, what was known to be hidden stays so: searches need no store.
    """

    def __init__(self, read_hidden: ReadHidden | None) -> None:
        self._read_hidden = read_hidden
        self._last: tuple[Engine, Collection[str], Engine] | None = None

    def of(self, engine: Engine) -> Engine:
        """Return *engine* without what was hidden since its index was made."""
        if self._read_hidden is None:
            return engine
        last = self._last if self._last and self._last[0] is engine else None
        hidden: Collection[str] = last[1] if last else ()
        with suppress(EngineError):
            hidden = self._read_hidden(engine.number)
        if last is None or last[1] != hidden:
            # Nothing is kept of an engine that is shown whole: its files are released when it is replaced.
            last = (engine, hidden, engine.without(hidden)) if hidden else None
            self._last = last
        return last[2] if last else engine
