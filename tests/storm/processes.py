"""A command watched while it runs: its memory, its end, and where it is when it does not end."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Often enough for peaks that last, and a look takes some milliseconds of a processor.
LOOK_S = 0.1
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended."""

    code: int
    output: str
    errors: str
    seconds: float
    cpu_s: float
    peak_mb: float
    """Of all its processes together, each with its share of what they share."""
    stop_s: float | None
    """How long it took to end after SIGTERM; None: it was not told to."""
    is_killed: bool
    """It did not end then either."""
    was_late: bool
    """It was told to end because its time was over."""


def run(
    command: Sequence[str | Path],
    *,
    folder: Path,
    environment: Mapping[str, str],
    bound_s: float,
    stop_after_s: float | None = None,
    stop_bound_s: float = 10,
) -> Ended:
    """Run *command* for at most *bound_s*; where it lasts longer, or after *stop_after_s*, send SIGTERM."""
    out, err = folder / "out", folder / "err"
    began, stopped, was_late, is_killed = time.monotonic(), None, False, False
    peak_kib, cpu_s = 0, dict[int, float]()
    with out.open("wb") as output, err.open("wb") as errors:
        process = subprocess.Popen(command, stdout=output, stderr=errors, env={**os.environ, **environment})
    ended: float | None = None
    while ended is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(LOOK_S)
            ended = time.monotonic()
            break
        pids = tree(process.pid)
        peak_kib = max(peak_kib, sum(map(proportional_kib, pids)))
        cpu_s |= {pid: used for pid in pids if (used := cpu_seconds(pid))}
        at = time.monotonic()
        if stopped is None and (
            at - began > bound_s or (stop_after_s is not None and at - began > stop_after_s)
        ):
            was_late = at - began > bound_s
            if was_late:
                _tell_all(pids, signal.SIGUSR1)  # to write down where they are
                time.sleep(1)
            process.send_signal(signal.SIGTERM)
            stopped = time.monotonic()
        elif stopped is not None and at - stopped > stop_bound_s + 1:
            is_killed = True
            _tell_all(pids, signal.SIGUSR1)
            time.sleep(1)
            _tell_all(pids, signal.SIGKILL)
            process.wait()
            ended = time.monotonic()
    return Ended(
        code=process.returncode,
        output=out.read_text("utf-8", "replace"),
        errors=err.read_text("utf-8", "replace"),
        seconds=ended - began,
        cpu_s=sum(cpu_s.values()),
        peak_mb=peak_kib / 1024,
        stop_s=None if stopped is None else ended - stopped,
        is_killed=is_killed,
        was_late=was_late,
    )


def tree(root: int) -> list[int]:
    """Return the process *root* and all below it."""
    found, left = [], [root]
    while left:
        pid = left.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(OSError):
                left += map(int, task.read_text().split())
    return found


def proportional_kib(pid: int) -> int:
    """Return what a process takes of memory, its share of what it shares; 0 where it has ended."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("Pss:")))
    return 0


def cpu_seconds(pid: int) -> float:
    """Return the processor's time that a process has taken, all its threads; 0 where it has ended."""
    with suppress(OSError):
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / TICKS
    return 0.0


def _tell_all(pids: Sequence[int], what: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, what)
