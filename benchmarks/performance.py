"""docs/performance.md: each benchmark has a section there that it writes anew; and where it was measured."""

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

PERFORMANCE = Path(__file__).parents[1] / "docs" / "performance.md"


def write_section(name: str, lines: Iterable[str]) -> None:
    """Put *lines* in the place of section *name*, between its marks; at the end if there is none."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before = PERFORMANCE.read_text(encoding="utf-8")
    if begin not in before:
        before += f"\n{begin}\n{end}\n"
    head, rest = before.split(begin)
    PERFORMANCE.write_text(head + "\n".join((begin, *lines, end)) + rest.split(end)[1], encoding="utf-8")


def measured_on() -> str:
    """Return the day, the machine and how busy it is."""
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    return f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, Python {platform.python_version()}, {load}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    return f"{platform.machine()}, {next(names, platform.processor())}"


def memory_mb(process: int, which: str) -> float:
    """Return a process's memory in MB as Linux has it: ``VmRSS``, with mapped files, or ``VmHWM``, its most.

    0 where the process has ended.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = (int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{which}:"))
    return next(found, 0) / 1024


def proportional_mb(process: int) -> float:
    """Return what a process has resident, in MB; of pages that others share, its share.

    0 where the process has ended.
    """
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024
