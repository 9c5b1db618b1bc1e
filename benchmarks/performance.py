"""The options and the report of benchmarks, with the machine it was measured on."""

import argparse
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

PERFORMANCE = Path(__file__).parents[1] / "docs" / "performance.md"


def write_section(name: str, lines: Iterable[str], path: Path = PERFORMANCE) -> None:
    """Replace section *name* of *path*, between its markers, by *lines*; append it if there is none."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before = path.read_text(encoding="utf-8")
    if begin not in before:
        before += f"\n{begin}\n{end}\n"
    head, rest = before.split(begin)
    path.write_text(head + "\n".join((begin, *lines, end)) + rest.split(end)[1], encoding="utf-8")


def report_options(description: str | None) -> argparse.Namespace:
    """Return the options of a benchmark that builds a store and an index: ``docs``, ``folder``, ``write``."""
    options = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    options.add_argument("--docs", type=int, default=20_000)
    options.add_argument("--folder", type=Path, help="folder for store and index; existing ones are reused")
    options.add_argument("--write", action="store_true", help="write the report to docs/performance.md")
    return options.parse_args()


def publish_report(name: str, lines: Iterable[str], *, write: bool) -> None:
    """Print a report; *write* it to section *name* of docs/performance.md, too."""
    report = list(lines)
    print("\n".join(report))
    if write:
        write_section(name, report)


def describe_machine() -> str:
    """Return the day, the machine and its load."""
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    return f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, Python {platform.python_version()}, {load}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    return f"{platform.machine()}, {next(names, platform.processor())}"


def memory_mb(process: int, key: str) -> float:
    """Return the memory of a process in MB: ``VmRSS``, including mapped files, or ``VmHWM``, its peak.

    0 if the process has ended.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    sizes_kb = (int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{key}:"))
    return next(sizes_kb, 0) / 1024


def proportional_mb(process: int) -> float:
    """Return the proportional set size of a process in MB: shared pages are divided among their users.

    0 if the process has ended.
    """
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


def cpu_s(process: int) -> float:
    """Return the CPU time of all threads of a process; 0 if it has ended."""
    try:
        user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
