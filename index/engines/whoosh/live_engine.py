"""The engine on the generation in use; follows each swap between two requests."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path

from msgspec.structs import replace

from index.analysis import Analyzer
from index.engines.generation_in_use import GenerationInUse
from index.engines.interface import Listing
from index.engines.takedowns import ReadHidden, Shown
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.fallback import open_fallback
from index.engines.whoosh.generations import CURRENT, read_current
from index.errors import EngineError, unreadable
from index.query import Part, Query
from index.results import Appearance, Coverage, Explanation, Hit, IndexInfo, ListedRelease, Passage, Results
from index.suggest import Completer, Suggester

# An answer asks for the index several times. Each look at the disk lets the thread that opens a new one take
# the interpreter's lock, for 5 ms.
LOOK_EVERY_S = 0.05
# A file that is cut while it is mapped gives wrong answers, or ends the process with SIGBUS. Sixty files are
# looked at in 0.1 ms.
WATCH_EVERY_S = 0.5


class LiveEngine:
    """The engine on the generation in use under *root*; switches to a new one between two requests.

    A request ends on the generation it began with. If *read_hidden* says what must not be shown, that is left
    out, and an earlier generation answers in the place of a damaged one.
    """

    def __init__(
        self,
        root: Path,
        analyzer: Analyzer | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        read_hidden: ReadHidden | None = None,
    ) -> None:
        self.root = root
        self._in_use: GenerationInUse[tuple[int, int], WhooshEngine] = GenerationInUse(
            partial(_read_stamp, root / CURRENT),
            partial(_open, root, analyzer),
            clock,
            read_hidden and partial(open_fallback, root, analyzer, read_hidden),
        )
        self._shown: Shown[WhooshEngine] = Shown(read_hidden)

    def _engine(self) -> WhooshEngine:
        """Return the engine of the generation in use, without what was hidden since it was made."""
        return self._shown.of(self._in_use.get().engine)

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for.

        Raises:
            EngineError: there is no index, or it is damaged.
        """
        return self._engine().search(query)

    def count(self, query: Query) -> int:
        """Return how many releases match every part of *query*."""
        return self._engine().count(query)

    def appearance(self, query: Query) -> Appearance:
        """Return when a text that matches every part of *query* first appeared, and last stood."""
        return self._engine().appearance(query)

    def listing(self, query: Query) -> Listing:
        """Return all releases that `search` finds, read from the generation in use now."""
        return self._engine().listing(query)

    def among(self, query: Query, ids: frozenset[str]) -> Iterator[ListedRelease]:
        """Return those of the releases *ids* that `listing` has now, in its order."""
        return self._engine().among(query, ids)

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
        generation = self._in_use.get()
        info, damage = self._shown.of(generation.engine).info(), self._in_use.damage(generation)
        return _describe(info, generation.stamp[0], damage, is_fallback=bool(generation.damage))

    def verify(self) -> None:
        """Compare the files in use, as they are on disk now, with their checksums; log damage.

        Switches to a new generation first; so the files of the old one are released even without requests.
        """
        self._in_use.verify(WhooshEngine.verify_on_disk)
        with suppress(EngineError):
            self._engine()  # lets go of the files of an old one

    def keep_verified(self, every_s: float, stopped: threading.Event) -> None:
        """Verify every *every_s* seconds until *stopped*, and at once if a file in use was written to.

        Requests do not wait for the next generation. Runs at normal priority: at a low one it would keep the
        interpreter's lock longer while requests wait for it, and might never finish.
        """
        self._in_use.opens_aside, self._in_use.look_every_s = True, LOOK_EVERY_S
        verified = time.monotonic()
        while not stopped.wait(min(every_s, WATCH_EVERY_S)):
            if time.monotonic() - verified >= every_s or self._has_changed():
                self.verify()
                verified = time.monotonic()

    def _has_changed(self) -> bool:
        try:
            return self._in_use.get().engine.has_changed()
        except EngineError:
            return False  # there is no index; searches report that

    def suggester(self) -> Suggester:
        """Return the spelling corrector, which knows the word forms of the index."""
        return self._engine().suggester()

    def completer(self) -> Completer:
        """Return the autocompletion, which knows the words, institutions and titles of the index."""
        return self._engine().completer()


@lru_cache(4)  # every request asks several times
def _describe(info: IndexInfo, published_ns: int, damage: str, *, is_fallback: bool) -> IndexInfo:
    published = datetime.fromtimestamp(published_ns / 1e9, UTC)
    return replace(info, published=published, damage=damage, is_fallback=is_fallback)


def _read_stamp(current: Path) -> tuple[int, int]:
    """Return the time in ns and the inode of the file *current*."""
    try:
        status = current.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise EngineError(f"{current.parent}: no index; run `reindex`") from error
    except OSError as error:
        raise unreadable(current, error) from error
    return status.st_mtime_ns, status.st_ino


def _open(
    root: Path, analyzer: Analyzer | None, _: tuple[int, int], before: WhooshEngine | None
) -> WhooshEngine:
    engine = WhooshEngine(root / _read_name(root), analyzer)
    # No answer may come from damaged files. Only new files are read, at about 2 GB a second.
    engine.verify(sound=before.unchanged_files if before else ())
    return engine


def _read_name(root: Path) -> str:
    try:
        return read_current(root)
    except OSError as error:
        raise unreadable(root / CURRENT, error) from error
