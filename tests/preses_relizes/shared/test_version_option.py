"""One version, which every command shows and every request names."""

import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from crawler.config import Politeness
from crawler.crawl import app as crawl
from index.reindex import app as reindex
from preses_relizes import __version__
from preses_relizes.admin.releases import app as releases
from searcher.serve import app as serve
from tests.support.children import run_bounded

PROGRAMS = Path(sys.executable).parent


@pytest.mark.parametrize("app", [crawl, reindex, serve, releases])
def test_the_option_ends_a_command(app: Typer) -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.output.splitlines()[0]) == (0, f"preses-relizes {__version__}")


@pytest.mark.sweep
@pytest.mark.parametrize("command", ["crawl", "reindex", "serve", "releases"])
def test_every_command_shows_the_version(command: str, tmp_path: Path) -> None:
    done = run_bounded(
        [PROGRAMS / command, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert (done.stdout.splitlines()[0], done.stderr) == (f"preses-relizes {__version__}", "")


def test_package_and_user_agent_have_the_same_version() -> None:
    assert version("preses-relizes") == __version__
    assert Politeness().user_agent.startswith(f"preses-relizes/{__version__} (")
