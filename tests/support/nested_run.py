"""Runs pytest on tests that a test wrote, with the plugins and settings of our own tests."""

import sys
from pathlib import Path

from tests.support.children import run_bounded

ROOT = Path(__file__).parents[2]


def run_tests(folder: Path, tests: str, *options: str, status: int = 0) -> str:
    """Write *tests* into *folder* and run them; return what was printed. pytest must return *status*."""
    module = folder / "test_nested.py"
    module.write_text(tests, encoding="utf-8")
    ours = ("-c", "pyproject.toml", "-p", "tests.conftest", "-q", "-rP")
    command = [sys.executable, "-m", "pytest", *ours, *options, module]
    done = run_bounded(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return str(done.stdout)
