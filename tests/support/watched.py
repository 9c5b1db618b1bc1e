"""Runs a command and measures the peak memory of it and its child processes."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from tests.support.children import child

# Interval between looks at the process list; each process knows its own peak.
EVERY_S = 0.02


def run_watched(command: Sequence[str | Path]) -> tuple[subprocess.CompletedProcess[str], float]:
    """Run *command*; return its result and the largest sum of peaks of processes that ran at the same time.

    In MB, counting shared memory for each process; needs Linux.
    """
    most = 0
    with child(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        # Before exec, a child shows its parent's memory.
        while process.poll() is None and not _runs(process.pid, command):
            pass
        while True:
            most = max(most, sum(map(_peak_kib, _tree(process.pid))))
            with suppress(subprocess.TimeoutExpired):
                output, errors = process.communicate(timeout=EVERY_S)
                break
    return subprocess.CompletedProcess(command, process.returncode, output, errors), most / 1024


def _runs(pid: int, command: Sequence[str | Path]) -> bool:
    with suppress(OSError):
        return str(command[-1]).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _peak_kib(pid: int) -> int:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0])
    return 0
