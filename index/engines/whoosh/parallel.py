"""A whole index built by several processes, each of which takes a share of the releases."""

import multiprocessing
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from crawler.store import Store
from index.analysis import Analyzer
from index.codec.codec import ArraySegment
from index.codec.toc import ArrayTOC
from index.engines.whoosh.indexer import VOCABULARY, Counts, WorkerError, build, faults_named, recall, update
from index.engines.whoosh.schema import schema
from index.indexing.abbreviations import Definitions
from index.indexing.document import fingerprint

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
_PROGRESS_EVERY_S = 0.2
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
        counts = _build_all(shares, told)
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


def _build_all(shares: list[Share], on_progress: Callable[[int], None]) -> list[Counts]:
    """Build each share in a process of its own; none outlives this call.

    Raises:
        WorkerError: a process was killed, or ended early.
    """
    with ExitStack() as stack:
        workers = [stack.enter_context(_start(share)) for share in shares]
        running = list(workers)
        while running:
            ready = wait([worker.results for worker in running])
            for worker in [one for one in running if one.results in ready]:
                match worker.receive():
                    case int(more):
                        on_progress(more)
                    case Counts() as counts:
                        worker.counts = counts
                        running.remove(worker)
                    case BaseException() as error:
                        raise error
    return [worker.counts for worker in workers if worker.counts is not None]


@dataclass(slots=True)
class _Worker:
    """A process that builds a share, and the pipe that it reports through.

    No two processes share a lock or a queue: one that is killed would hold it for ever. The only writing end
    of a pipe is in its process, so whenever that ends, the reading end is at its end, too.
    """

    process: SpawnProcess
    results: "Connection[None, _Message]"
    counts: Counts | None = None

    def receive(self) -> "_Message":
        """Return the next message of the process.

        Raises:
            WorkerError: the process ended without its last message.
        """
        try:
            return self.results.recv()
        except (EOFError, OSError) as error:
            self.process.join()
            code = self.process.exitcode or 0
            how = f"was killed by signal {-code}" if code < 0 else f"ended with status {code}"
            raise WorkerError(f"a worker process {how}") from error


@contextmanager
def _start(share: Share) -> Iterator[_Worker]:
    """Start a process that builds *share*; kill it on exit if it still runs."""
    context = multiprocessing.get_context("spawn")
    results, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(share, sender), daemon=True)
    with results:
        with sender:
            process.start()
        try:
            yield _Worker(process, results)
        finally:
            process.kill()
            process.join()


# --- In the other processes ----------------------------------------------------------------------

_Message = int | Counts | BaseException
"""How many more releases are done; or the last message: the counts, or the error that ended the build."""


class _Progress:
    """Counts releases, and reports them to the parent a few times a second."""

    def __init__(self, sender: "Connection[_Message, None]") -> None:
        self._sender, self._done, self._due = sender, 0, 0.0

    def __call__(self) -> None:
        self._done += 1
        now = time.monotonic()
        if now >= self._due:
            self.flush()
            self._due = now + _PROGRESS_EVERY_S

    def flush(self) -> None:
        self._sender.send(self._done)
        self._done = 0


def _run(share: Share, sender: "Connection[_Message, None]") -> None:
    """Build *share*, and send its counts or the error that ended it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Ctrl-C reaches all processes of the terminal; the parent ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setpriority(os.PRIO_PROCESS, 0, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
    progress = _Progress(sender)
    try:
        counts = _build_share(share, progress)
        progress.flush()
        sender.send(counts)
    except Exception as error:  # noqa: BLE001  # the parent raises it again
        sender.send(error)


def _end_with_parent() -> None:
    """End at once when the parent is killed: nothing else would stop this process."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _build_share(share: Share, on_progress: Callable[[], None]) -> Counts:
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
            told=on_progress,
            analysed=analyzer.forget,  # writing needs the memory
        )
