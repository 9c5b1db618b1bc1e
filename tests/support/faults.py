"""Faults that strace injects into the file-system calls of a command."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.support.children import run_bounded


def skip_without_strace() -> None:
    usable = shutil.which("strace") and run_bounded(
        ["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "true"], capture_output=True, check=False
    )
    if not usable or usable.returncode:
        pytest.skip("needs strace with permission to trace: injects faults")


def calls_in(trace: Path) -> tuple[tuple[str, int], ...]:
    """Return the calls of *trace*, numbered as strace does: separately for each thread and name."""
    seen: Counter[tuple[str, str]] = Counter()
    calls: dict[tuple[str, int], None] = {}
    for thread, name in re.findall(r"^(\d+) +(\w+)\(", trace.read_text(errors="replace"), re.MULTILINE):
        seen[thread, name] += 1
        calls[name, seen[thread, name]] = None
    return tuple(calls)
