"""Runs a test module as a program: limits that it sets stop neither servers nor tests of this process."""

import subprocess
import sys


def run_alone(module: str, *arguments: str) -> None:
    """Run `python -m` *module*; assert that it succeeds and prints no fault."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.stdout, done.returncode) == ("", 0), done.stderr
