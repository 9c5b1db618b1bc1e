"""If any system call of a merging `reindex` fails or is its last, the old or the new index remains.

The test fails a sample of the calls; `python -m tests.index.engines.whoosh.test_failing_calls` fails all.
"""

import math
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from index.analysis import Analyzer
from index.codec import open_dir
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.generations import Generations
from index.engines.whoosh.schema import schema
from index.query import Everything, Query
from index.reindex import BROKEN, UNSOUND, USAGE
from tests.support.awaiting import DEADLINE_S
from tests.support.children import child, run_bounded
from tests.support.engines import faults
from tests.support.merging_index import NEW, OLD, prepare, reindex

pytestmark = pytest.mark.sweep

ROOT = Path(__file__).parents[4]
EVERYTHING = Query(text="", clause=Everything(), reading="", per_page=100)
FAILURES = ("error=EIO", "error=ENOSPC", "signal=KILL")
# System calls that touch a file or folder, as strace names them.
TRACED = (
    "openat,read,pread64,write,pwrite64,writev,lseek,fsync,fdatasync,rename,renameat,renameat2,unlink,"
    "unlinkat,mkdir,rmdir,ftruncate,close,mmap,getdents64,newfstatat,fstat,stat,lstat,statx,access,faccessat2,flock,"
    "fcntl,utimensat,chmod,fchmod,madvise"
)
SAMPLE = 60

# Starts a `reindex` for each folder of settings that it reads; the process waits for strace to attach.
SERVER = """
import os, signal, sys
from typer.testing import CliRunner
from index.reindex import app
# Imports what is imported late.
CliRunner().invoke(app, ["--config", sys.argv[1] + "/config.toml"])
for line in sys.stdin:
    folder = line.strip()
    child = os.fork()
    if not child:
        output = os.open(folder + "/output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1), os.dup2(output, 2)
        signal.alarm(300)  # one that hangs fails its test
        os.kill(os.getpid(), signal.SIGSTOP)
        status = 0
        try:
            app(["--config", folder + "/config.toml"])
        except SystemExit as end:
            status = end.code
        except BaseException:
            import traceback
            traceback.print_exc()
            status = 99
        os._exit(status)
    os.waitpid(child, os.WUNTRACED)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


@dataclass(frozen=True)
class Run:
    """The exit status of a `reindex`, its output, and the system calls it made, in order."""

    status: int
    output: str
    calls: list[str]


class Reindexes:
    """Runs `reindex` processes under strace."""

    def __init__(self, server: "subprocess.Popen[str]") -> None:
        assert server.stdin is not None
        assert server.stdout is not None
        self._requests, self._replies = server.stdin, server.stdout

    def run(self, folder: Path, inject: str = "") -> Run:
        """Run it with the settings in *folder*; *inject* is an option of strace."""
        print(folder, file=self._requests, flush=True)
        reindex = int(self._replies.readline())
        trace = folder / "trace"
        options = ["-o", str(trace), "-e", f"trace={TRACED}", *(["-e", f"inject={inject}"] if inject else [])]
        with child(["strace", "-p", str(reindex), *options], stderr=subprocess.PIPE) as tracer:
            assert tracer.stderr is not None
            attached = tracer.stderr.readline()
            os.kill(reindex, signal.SIGCONT)
            status = int(self._replies.readline())
            tracer.communicate(timeout=DEADLINE_S)
        assert "attached" in attached, attached
        calls = re.findall(r"^(\w+)\(", trace.read_text(errors="replace"), re.MULTILINE)
        return Run(status, (folder / "output").read_text(), calls)


@contextmanager
def reindexes(prepared: Path) -> Iterator[Reindexes]:
    """Yield a runner of `reindex` under strace, warmed up on a copy of *prepared*."""
    warm = shutil.copytree(prepared, prepared.with_name("warm"))
    command = [sys.executable, "-c", SERVER, str(warm)]
    with child(command, lives_s=math.inf, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as server:
        yield Reindexes(server)


def titles_shown(folder: Path) -> set[str]:
    current = Generations(folder / "data" / "index").current()
    assert current is not None
    engine = WhooshEngine(current)
    engine.verify()
    return {hit.title.text for hit in engine.search(EVERYTHING).hits}


ERROR = re.compile(r"^reindex: /[^:]+: .|/config\.toml' is\b", re.MULTILINE)
"""An error message that names a file or folder."""


class Sweep:
    """Fails calls of a `reindex`, each in a fresh copy of *prepared*."""

    def __init__(self, running: Reindexes, prepared: Path, scratch: Path) -> None:
        self._running, self._prepared, self._scratch = running, prepared, scratch
        self._analyzer = Analyzer(prepared / "small.aff")

    def points(self) -> list[tuple[str, int]]:
        """Return every call of a run without failures: its name, and its number among calls of that name."""
        folder = self._copy()
        run = self._running.run(folder)
        assert (run.status, titles_shown(folder)) == (0, NEW), run.output
        self._files = self._kinds(folder)
        counts: Counter[str] = Counter()
        points = []
        for name in run.calls:
            counts[name] += 1
            points.append((name, counts[name]))
        return points

    def fail(self, name: str, number: int, failure: str) -> str:
        """Let the call fail; return the fault that it caused, or "" if there is none."""
        folder = self._copy()
        run = self._running.run(folder, f"{name}:{failure}:when={number}")
        titles = titles_shown(folder)
        if titles not in (OLD, NEW):
            return f"shows {sorted(titles)}"
        if "Traceback" in run.output or run.status not in (0, UNSOUND, USAGE, BROKEN, -signal.SIGKILL):
            return f"ended with {run.status}: {run.output}"
        if run.status in (UNSOUND, USAGE, BROKEN) and not ERROR.search(run.output):
            return f"printed {run.output}"
        reindex(folder)
        current = Generations(folder / "data" / "index").current()
        assert current is not None
        if faults_left := faults(current, self._analyzer, releases=9):
            return f"after the next run: {faults_left}"
        # The next commit removes what a kill left behind.
        open_dir(current, schema()).writer().commit()
        if (left := self._kinds(folder)) != self._files:
            return f"left behind: {left}"
        return "" if titles_shown(folder) == NEW else "the next run did not bring the new"

    def _copy(self) -> Path:
        shutil.rmtree(self._scratch, ignore_errors=True)
        return Path(shutil.copytree(self._prepared, self._scratch))

    def _kinds(self, folder: Path) -> Counter[str]:
        """Count the files of the index in use, and the drafts, by suffix."""
        root = folder / "data" / "index"
        current = Generations(root).current()
        assert current is not None
        return Counter(path.suffix for path in (*current.iterdir(), *root.glob("*.draft")))


def is_traceable() -> bool:
    """Return whether strace is installed and may trace processes."""
    try:
        return run_bounded(["strace", "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.long_sweep
@pytest.mark.skipif(not is_traceable(), reason="needs strace with permission to trace: fails system calls")
def test_any_call_of_a_merging_commit_may_fail_or_be_its_last(tmp_path: Path) -> None:
    prepare(tmp_path / "prepared")
    with reindexes(tmp_path / "prepared") as running:
        sweep = Sweep(running, tmp_path / "prepared", tmp_path / "scratch")
        points = [(*point, failure) for point in sweep.points() for failure in FAILURES]
        assert len(points) > 10 * SAMPLE
        chosen = points[:: len(points) // SAMPLE + 1]
        wrong = {point: fault for point in chosen if (fault := sweep.fail(*point))}
    assert wrong == {}


def sweep_all(sweep: Sweep) -> None:
    """Let every call fail in every way, and print what went wrong."""
    points = sweep.points()
    print(len(points), "calls:", dict(Counter(name for name, _ in points)), flush=True)
    wrong = 0
    for name, number in points:
        for failure in FAILURES:
            if fault := sweep.fail(name, number, failure):
                wrong += 1
                print(name, number, failure, fault, flush=True)
    print(f"{wrong} of {len(FAILURES) * len(points)} went wrong")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        prepared, scratch = Path(folder) / "prepared", Path(folder) / "scratch"
        prepare(prepared)
        with reindexes(prepared) as running:
            sweep_all(Sweep(running, prepared, scratch))
