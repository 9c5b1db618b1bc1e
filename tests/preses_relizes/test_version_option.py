"""One version, which every command shows and every request names."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from crawler.config import Politeness
from preses_relizes import __version__

PROGRAMS = Path(sys.executable).parent


@pytest.mark.parametrize("command", ["crawl", "reindex", "serve", "releases"])
def test_every_command_shows_the_version(command: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [PROGRAMS / command, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == (f"preses-relizes {__version__}\n", "")


def test_package_and_user_agent_have_the_same_version() -> None:
    assert version("preses-relizes") == __version__
    assert Politeness().user_agent.startswith(f"preses-relizes/{__version__} (")
