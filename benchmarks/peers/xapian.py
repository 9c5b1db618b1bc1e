"""Xapian, run by the system's Python, because its binding is not on PyPI."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.peers.engine import AbsentError
from benchmarks.peers.program import Program

PROGRAM = Path(__file__).with_name("xapian_program.py")


def xapian() -> Program:
    """Start Xapian; its binding holds the GIL, so one thread searches at a time."""
    for python in (sys.executable, shutil.which("python3", path=os.defpath)):
        if python and _has_binding(python):
            return Program("xapian", (1,), [python, str(PROGRAM)])
    raise AbsentError("no Python that imports xapian (Debian: python3-xapian)")


def _has_binding(python: str) -> bool:
    # Isolated mode: this folder has a module of the same name.
    result = subprocess.run([python, "-I", "-c", "import xapian"], capture_output=True, check=False)
    return result.returncode == 0
