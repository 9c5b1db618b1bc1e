"""A whole index built by several processes, each of which takes a share of the releases."""

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from crawler.store import Store
from index.analysis import Analyzer
from index.codec.codec import ArraySegment
from index.codec.toc import ArrayTOC
from index.indexing.abbreviations import Definitions
from index.indexing.document import fingerprint
from index.indexing.indexer import VOCABULARY, Counts, build, faults_named, recall, update
from index.schema import schema
from preses_relizes.child_process import end_with_parent

_NAME = "MAIN"


def join(folder: Path, parts: Sequence[Path], schema: Any, meta: Mapping[str, Any]) -> None:
    """Make one index in *folder* of those in *parts*, which hold different documents and are used up."""
    segments: list[ArraySegment] = []
    for part in parts:
        for segment in ArrayTOC.latest(part, _NAME, schema).segments:
            for name in segment.list_files(FileStorage(str(part))):
                (part / name).rename(folder / name)
            segments.append(segment)
    ArrayTOC(schema, segments, 1, meta).write(FileStorage(str(folder)), _NAME)


# Fewer releases are indexed before another process has started.
WORTHWHILE = 4_000
PROCESSES_MAX = 4
_TOLD_EVERY_S = 0.2
# Who searches meanwhile goes first: searches that never pause keep four fifths of their pace, nine tenths at
# 10, where the build hardly goes on.
_NICENESS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one process does: the changes after ``since`` up to ``until``, into ``folder``."""

    folder: Path
    store: Path
    dictionary: Path
    before: Path
    """Where an index stands whose words spare looking them up."""
    since: int
    until: int


def build_shared(
    folder: Path, store: Store, analyzer: Analyzer, shares: list[Share], *, told: Callable[[int], None]
) -> Counts:
    """Make an index of all releases in the empty *folder*; *told* is called with how many more are done."""
    with faults_named(folder):
        counts = _built(shares, told)
        for share in shares:
            (share.folder / VOCABULARY).rename(folder / f"{VOCABULARY}-{share.folder.name}")
        until = shares[-1].until
        meta = {"number": until, "fingerprint": fingerprint(analyzer)}
        join(folder, [share.folder for share in shares], schema(), meta)
        for share in shares:
            shutil.rmtree(share.folder)
        # What changed since the shares were dealt out.
        late = update(folder, store, analyzer, since=until, told=lambda: told(1))
    definitions = Definitions()
    for one in (*counts, late):
        definitions = definitions.extended(one.definitions)
    return Counts(
        added=sum(one.added for one in counts) + late.added,
        removed=sum(one.removed for one in counts) + late.removed,
        number=late.number,
        absent=late.absent.union(*(one.absent for one in counts)),
        definitions=definitions.all,
    )


def shares(folder: Path, store: Store, *, dictionary: Path, before: Path, processes: int) -> list[Share]:
    """Deal out all changes of *store* to *processes*; each builds in a folder of its own inside *folder*."""
    last = store.last_number()
    edges = [last * number // processes for number in range(processes + 1)]
    return [
        Share(
            folder=folder / f"share-{number}",
            store=store.path,
            dictionary=dictionary,
            before=before,
            since=edges[number],
            until=edges[number + 1],
        )
        for number in range(processes)
    ]


def _built(dealt: list[Share], told: Callable[[int], None]) -> list[Counts]:
    context = multiprocessing.get_context("spawn")
    done, stopped = context.Value("q", 0), context.Event()
    with (
        ProcessPoolExecutor(len(dealt), context, _begin, (done, stopped)) as pool,
        _stopping(stopped),
    ):
        futures = [pool.submit(_build_share, share) for share in dealt]
        seen = 0
        while True:
            finished, left = wait(futures, _TOLD_EVERY_S, FIRST_EXCEPTION)
            told(done.value - seen)
            seen = done.value
            for future in finished:
                future.result()
            if not left:
                return [future.result() for future in futures]


@contextmanager
def _stopping(stopped: Event) -> Iterator[None]:
    """Stop the other processes if anything goes wrong here."""
    try:
        yield
    except BaseException:
        stopped.set()
        raise


# --- In the other processes ----------------------------------------------------------------------


class _Told:
    """Counts releases for the process that waits, and stops when it says so."""

    def __init__(self, done: "Synchronized[int]", stopped: Event) -> None:
        self._done, self._stopped = done, stopped

    def __call__(self) -> None:
        with self._done.get_lock():
            self._done.value += 1
        if self._stopped.is_set():
            raise KeyboardInterrupt


_told: Callable[[], None] = lambda: None  # noqa: E731  # set once, when the process begins


def _begin(done: "Synchronized[int]", stopped: Event) -> None:
    global _told  # noqa: PLW0603  # the one thing that reaches a process before its work
    _told = _Told(done, stopped)
    end_with_parent()
    # Ctrl-C reaches all processes; the one that waits tells the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setpriority(os.PRIO_PROCESS, 0, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))


def _build_share(share: Share) -> Counts:
    analyzer = Analyzer(share.dictionary)
    recall(analyzer, share.before)
    share.folder.mkdir()
    with Store.open_readonly(share.store) as store:
        return build(
            share.folder,
            store,
            analyzer,
            since=share.since,
            until=share.until,
            told=_told,
            analysed=analyzer.forget,  # writing needs the memory
        )
