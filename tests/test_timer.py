"""The documented timer lines, run as written while one site is down."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.crawl import app as crawl
from samples import server
from searcher import create_app

pytestmark = [pytest.mark.sweep, pytest.mark.long_sweep]

REPOSITORY = Path(__file__).parent.parent
PROGRAMS = Path(sys.executable).parent
SHELL_LINE = re.compile(r"sh -c '([^']*crawl[^']*reindex[^']*)'")


def shell_lines() -> list[str]:
    """Return every line of the documents and help texts that crawls and indexes."""
    texts = [path.read_text(encoding="utf-8") for path in (REPOSITORY / "README.md", *_documents())]
    shown = CliRunner().invoke(crawl, ["--help"], prog_name="crawl", env={"COLUMNS": "80"}).stdout
    return [match[1] for text in (*texts, " ".join(shown.split())) for match in SHELL_LINE.finditer(text)]


def _documents() -> list[Path]:
    return sorted((REPOSITORY / "docs").glob("*.md"))


def unit_line() -> str:
    """Return the systemd unit as a shell line.

    `ExecStopPost` runs whatever the result of `ExecStart`, and the unit fails if either does.
    """
    unit = (REPOSITORY / "deploy" / "systemd" / "releases-crawl.service").read_text(encoding="utf-8")
    assert "SuccessExitStatus" not in unit
    [start] = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    [post] = re.findall(r"^ExecStopPost=(.*)$", unit, re.MULTILINE)
    line = f"{start}; crawled=$?; {post} && exit $crawled"
    return line.replace("/srv/releases/", "").replace("/var/log/releases/", "")


def test_no_document_indexes_only_after_a_crawl_that_was_all_well() -> None:
    for path in (REPOSITORY / "README.md", *_documents()):
        assert not re.search(r"\bcrawl *&& *\S*reindex", path.read_text(encoding="utf-8")), path
    assert len(shell_lines()) == 3  # README, day by day, crawl --help


@pytest.mark.parametrize("line", sorted({*shell_lines(), unit_line()}))
def test_what_the_other_sites_published_is_found_while_one_is_down(line: str, tmp_path: Path) -> None:
    with server.serve_sites(day=1, base_port=0) as sites:
        settings = server.crawl_config({site: sites[site] for site in ("vugd", "em")}, tmp_path / "data")
        down = sites["em"].removeprefix("http://")
        (tmp_path / "config.toml").write_text(settings.replace(down, "127.0.0.1:9"), encoding="utf-8")
        commands = re.sub(r"\S*/bin/", "", line)
        done = subprocess.run(
            ["sh", "-c", commands],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 1, done.stderr  # the exit code reports the site that is down
    [report] = (tmp_path / "data" / "reports").glob("crawl-*.json")
    stored = {site["site"]: site["stored"] for site in json.loads(report.read_text())["sites"]}
    assert (stored["vugd"] > 0, stored["em"]) == (True, 0)
    hits = create_app(tmp_path / "config.toml").test_client().get("/api/v1/search?q=").json
    assert hits is not None
    assert hits["total"] == stored["vugd"]
