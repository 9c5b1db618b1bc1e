"""Tantivy as a Rust program, if Cargo is installed; it reads the index that the binding built."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.peers.engine import AbsentError
from benchmarks.peers.program import Program

SOURCE = Path(__file__).with_name("tantivy_program")


def tantivy_rust() -> Program:
    """Compile the program if it has changed, which takes minutes the first time, and start it."""
    return Program("tantivy-rust", (1, 2), [str(_compile())])


def merge_segments(folder: Path) -> float:
    """Merge the segments of an index into one, which the binding cannot; return the seconds.

    0 without Cargo: the index keeps its segments.
    """
    try:
        program = _compile()
    except AbsentError:
        return 0
    result = subprocess.run([program], input=f"merge\t{folder}\n", capture_output=True, text=True, check=True)
    return float(result.stdout)


def _compile() -> Path:
    cargo = shutil.which("cargo")
    if cargo is None:
        raise AbsentError("no cargo (Debian: cargo; tantivy 0.27 needs Rust 1.88)")
    target = Path(os.environ.get("CARGO_TARGET_DIR", Path(tempfile.gettempdir()) / "tantivy-program"))
    command = [cargo, "build", "--release", "--quiet", "--target-dir", str(target)]
    result = subprocess.run(
        command, cwd=SOURCE, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise AbsentError(f"cargo cannot build {SOURCE.name}: {result.stderr.strip().splitlines()[-1]}")
    return target / "release" / "tantivy-program"
