"""Watches a command: its memory, its end, and the stacks of its threads if it does not end."""

import math
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.storm.inside.sitecustomize import END_OF_STACKS

# Short enough to see lasting peaks; each look takes some milliseconds of CPU time.
LOOK_S = 0.1
# A process that is busy in C code writes its stacks but not the line after them.
STACKS_S = 1.0
PROCESSORS = os.cpu_count() or 1
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """How a command ended."""

    code: int
    output: str
    errors: str
    seconds: float
    """On an idle machine."""
    cpu_s: float
    peak_mb: float
    """The peak of all its processes together; shared pages are divided among them."""
    was_signalled: bool
    """Whether it got SIGTERM."""
    is_killed: bool
    """Whether it had to be killed, because it did not end then."""
    was_late: bool
    """Whether it got SIGTERM because its time was over."""


class IdleClock:
    """Roughly the seconds that would have passed on an idle machine."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._looked = time.monotonic()

    def look(self) -> float:
        """Return the seconds since the start; call it often."""
        at = time.monotonic()
        share = min(1.0, PROCESSORS / max(os.getloadavg()[0], 0.01))
        self.seconds, self._looked = self.seconds + (at - self._looked) * share, at
        return self.seconds


def run(
    command: Sequence[str | Path],
    *,
    folder: Path,
    environment: Mapping[str, str],
    bound_s: float,
    stop_after_s: float = math.inf,
    stop_bound_s: float = 10,
) -> CommandResult:
    """Run *command*; send SIGTERM after *stop_after_s*, or if it lasts longer than *bound_s*.

    Kill it if it continues for *stop_bound_s*. All are seconds of an idle machine. A command that is late or
    killed writes its stacks first if *environment* has it load ``inside/sitecustomize.py``.
    """
    out, err = folder / "out", folder / "err"
    stacks = Path(f"{environment['STORM_NOTES']}.stacks")
    with out.open("wb") as output, err.open("wb") as errors:
        process = subprocess.Popen(command, stdout=output, stderr=errors, env={**os.environ, **environment})
    clock, signalled_at, is_killed, peak_kib, cpu_s = IdleClock(), math.inf, False, 0, dict[int, float]()
    while not _has_ended(process):
        pids = tree(process.pid)
        peak_kib = max(peak_kib, sum(map(proportional_kib, pids)))
        cpu_s |= {pid: used for pid in pids if (used := cpu_seconds(pid))}
        at = clock.look()
        if math.isinf(signalled_at) and at > min(bound_s, stop_after_s):
            signalled_at = at
            if at > bound_s:
                _dump_stacks(process, pids, stacks)
            process.terminate()
        elif at - signalled_at > stop_bound_s:
            is_killed = True
            _dump_stacks(process, pids, stacks)
            _signal_all(pids, signal.SIGKILL)
    return CommandResult(
        code=process.returncode,
        output=out.read_text("utf-8", "replace"),
        errors=err.read_text("utf-8", "replace"),
        seconds=clock.look(),
        cpu_s=sum(cpu_s.values()),
        peak_mb=peak_kib / 1024,
        was_signalled=not math.isinf(signalled_at),
        is_killed=is_killed,
        was_late=bound_s < signalled_at < math.inf,
    )


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    with suppress(subprocess.TimeoutExpired):
        process.wait(LOOK_S)
    return process.returncode is not None


def _dump_stacks(process: subprocess.Popen[bytes], pids: Sequence[int], stacks: Path) -> None:
    """Make processes write their stacks to a file, and wait for the line that each writes after them."""
    written = _count_ends(stacks)
    _signal_all(pids, signal.SIGUSR1)
    deadline = time.monotonic() + STACKS_S
    while _count_ends(stacks) < written + len(pids) and time.monotonic() < deadline:
        if _has_ended(process):
            break


def _count_ends(stacks: Path) -> int:
    return stacks.read_text("utf-8", "replace").count(END_OF_STACKS) if stacks.exists() else 0


def tree(root: int) -> list[int]:
    """Return the process *root* and all its descendants."""
    found, left = [], [root]
    while left:
        pid = left.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(OSError):
                left += map(int, task.read_text().split())
    return found


def proportional_kib(pid: int) -> int:
    """Return the memory of a process with its share of shared pages; 0 if it has ended."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("Pss:")))
    return 0


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of all threads of a process; 0 if it has ended."""
    with suppress(OSError):
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / TICKS
    return 0.0


def _signal_all(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
