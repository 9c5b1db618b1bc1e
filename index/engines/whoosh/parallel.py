"""Builds a whole index in several processes; each indexes a part of the releases."""

import gc
import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from crawler.store import Store
from index.analysis import Analyzer
from index.codec.codec import ArraySegment
from index.codec.index_writer import MAIN
from index.codec.toc import ArrayTOC
from index.engines.interface import IndexedChanges
from index.engines.whoosh.indexer import VOCABULARY, WorkerError, build, recall, update, wrap_limit_errors
from index.engines.whoosh.past_texts import PAST
from index.engines.whoosh.schema import past_schema, schema
from index.indexing import fingerprint
from index.indexing.abbreviations import Definitions
from index.register import NAMES_FILE, load_names
from preses_relizes.shared.child_process import end_with_parent

WORTHWHILE = 4_000
"""With fewer changes, one process is done before a second one has started."""
PROCESSES_MAX = 4
_PROGRESS_EVERY_S = 0.2
# Searches go first: under constant load they keep four fifths of their speed during a build. At niceness 10
# they keep nine tenths, but the build hardly advances.
_NICENESS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """The work of one process: the changes after ``since`` up to ``until``, indexed into ``folder``."""

    folder: Path
    store: Path
    dictionary: Path
    cached: Path
    """The folder of an index whose vocabulary cache is reused."""
    since: int
    until: int


def partition(
    folder: Path, store: Store, *, dictionary: Path, cached: Path, processes: int
) -> list[Partition]:
    """Split the changes of *store* evenly between *processes*, each with its own folder in *folder*."""
    last = store.last_number()
    edges = [last * number // processes for number in range(processes + 1)]
    return [
        Partition(
            folder=folder / f"share-{number}",
            store=store.path,
            dictionary=dictionary,
            cached=cached,
            since=since,
            until=until,
        )
        for number, (since, until) in enumerate(pairwise(edges))
    ]


def build_shared(
    folder: Path,
    store: Store,
    analyzer: Analyzer,
    parts: list[Partition],
    *,
    on_progress: Callable[[int], None],
) -> IndexedChanges:
    """Make an index of all releases in the empty *folder*; a separate process builds each of *parts*."""
    with wrap_limit_errors(folder):
        built = _build_parts(parts, on_progress)
        for part in parts:
            (part.folder / VOCABULARY).rename(folder / f"{VOCABULARY}-{part.folder.name}")
        until = parts[-1].until
        names = load_names(store.path.with_name(NAMES_FILE))
        meta = {"number": until, "fingerprint": fingerprint(analyzer, names)}
        join(folder, [part.folder for part in parts], schema(), meta)
        join(folder, [part.folder for part in parts], past_schema(), {}, PAST)
        for part in parts:
            shutil.rmtree(part.folder)
        # Index the changes that arrived after the partition.
        late = update(folder, store, analyzer, since=until, on_progress=on_progress)
    definitions = Definitions()
    for changes in (*built, late):
        definitions = definitions.merge(changes.definitions)
    return IndexedChanges(
        number=late.number,
        added=sum(changes.added for changes in built) + late.added,
        removed=sum(changes.removed for changes in built) + late.removed,
        absent=late.absent.union(*(changes.absent for changes in built)),
        definitions=definitions.all,
    )


def join(folder: Path, parts: Sequence[Path], schema: Any, meta: Mapping[str, Any], name: str = MAIN) -> None:
    """Combine the indexes of that name in *parts*, which share no document, into one in *folder*."""
    segments: list[ArraySegment] = []
    for part in parts:
        for segment in ArrayTOC.latest(part, name, schema).segments:
            for file in segment.list_files(FileStorage(str(part))):
                (part / file).rename(folder / file)
            segments.append(segment)
    ArrayTOC(schema, segments, 1, meta).write(FileStorage(str(folder)), name)


def _build_parts(parts: list[Partition], on_progress: Callable[[int], None]) -> list[IndexedChanges]:
    """Build each part in a separate process; no process outlives this call.

    Raises:
        WorkerError: a process was killed, or ended early.
    """
    with ExitStack() as stack:
        workers = [stack.enter_context(_start(part)) for part in parts]
        running = list(workers)
        while running:
            ready = wait([worker.messages for worker in running])
            for worker in [worker for worker in running if worker.messages in ready]:
                match worker.receive():
                    case int(more):
                        on_progress(more)
                    case IndexedChanges() as changes:
                        worker.changes = changes
                        running.remove(worker)
                    case BaseException() as error:
                        raise error
    return [worker.changes for worker in workers if worker.changes is not None]


@dataclass(slots=True)
class _Worker:
    """A process that builds a part, and the pipe it reports through.

    The processes share no lock and no queue, because a killed process never releases its lock. Only the
    process itself holds the writing end of its pipe, so its death always closes the pipe.
    """

    process: SpawnProcess
    messages: "Connection[None, _Message]"
    changes: IndexedChanges | None = None

    def receive(self) -> "_Message":
        """Return the next message of the process.

        Raises:
            WorkerError: the process ended without its last message.
        """
        try:
            return self.messages.recv()
        except (EOFError, OSError) as error:
            self.process.join()
            code = self.process.exitcode or 0
            end = f"was killed by signal {-code}" if code < 0 else f"ended with status {code}"
            raise WorkerError(f"a worker process {end}") from error


@contextmanager
def _start(part: Partition) -> Iterator[_Worker]:
    """Start a process that builds *part*; kill it on exit if it still runs."""
    context = multiprocessing.get_context("spawn")
    messages, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(part, sender), daemon=True)
    with messages:
        with sender:
            process.start()
        try:
            yield _Worker(process, messages)
        finally:
            process.kill()
            process.join()


# --- In the worker processes ---------------------------------------------------------------------

_Message = int | IndexedChanges | BaseException
"""The number of changes indexed since the last message; the last message is the result or an error."""


class _ProgressSender:
    """Adds up finished changes, and sends the sum a few times a second."""

    def __init__(self, sender: "Connection[_Message, None]") -> None:
        self._sender, self._count, self._next_s = sender, 0, 0.0

    def __call__(self, more: int) -> None:
        self._count += more
        now = time.monotonic()
        if now >= self._next_s:
            self.flush()
            self._next_s = now + _PROGRESS_EVERY_S

    def flush(self) -> None:
        self._sender.send(self._count)
        self._count = 0


def _run(part: Partition, sender: "Connection[_Message, None]") -> None:
    """Build *part*; send the result, or the error that ended the build."""
    end_with_parent()
    # Ctrl-C reaches all processes of the terminal, but the parent must end its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setpriority(os.PRIO_PROCESS, 0, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
    progress = _ProgressSender(sender)
    try:
        changes = _build_part(part, progress)
        progress.flush()
        sender.send(changes)
    except Exception as error:  # noqa: BLE001  # any error must reach the parent, which raises it
        sender.send(error)


def _build_part(part: Partition, on_progress: Callable[[int], None]) -> IndexedChanges:
    analyzer = Analyzer(part.dictionary)
    gc.freeze()  # nothing so far is garbage; full collections need not scan the dictionary
    recall(analyzer, part.cached)
    part.folder.mkdir()
    with Store.open_readonly(part.store) as store:
        return build(
            part.folder,
            store,
            analyzer,
            since=part.since,
            until=part.until,
            on_progress=on_progress,
            on_analysed=analyzer.forget,  # writing needs the memory
        )
