"""What all commands promise a new user."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = Path(sys.executable).parent


@pytest.mark.parametrize("command", ["crawl", "reindex", "serve"])
@pytest.mark.parametrize("taught", ["xample", "Exit codes: 0", "--config", "--json"])
def test_help_teaches(command: str, taught: str) -> None:
    done = subprocess.run([PROGRAMS / command, "--help"], capture_output=True, text=True, check=True)
    assert taught in done.stdout
