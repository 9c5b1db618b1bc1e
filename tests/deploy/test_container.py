"""The loop of the crawl container; the image itself is built by hand (docs/operations.md)."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from samples.server import Sites, crawl_config
from searcher import create_app
from tests.support.children import child

pytestmark = pytest.mark.sweep

LOOP = Path(__file__).parents[2] / "deploy" / "container" / "crawl-hourly"
PROGRAMS = Path(sys.executable).parent


@contextmanager
def started(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the loop in *folder*; if a test fails, do not wait for its end."""
    with child(
        [LOOP],
        cwd=folder,
        env={**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: subprocess.Popen[str], words: str) -> list[str]:
    """Return the lines that *process* writes, up to the first with *words*, or that reports a failure."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line or "exit code" in line:
            break
    return lines


def test_loop_indexes_what_it_crawls_and_ends_on_sigterm(sites: Sites, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(crawl_config({"vugd": sites["vugd"]}, "data"), encoding="utf-8")
    with started(tmp_path) as process:
        assert "Rebuilt (" in read_until(process, "Rebuilt (")[-1]
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    hits = create_app(tmp_path / "config.toml").test_client().get("/api/v1/search?q=").json
    assert hits is not None
    assert hits["total"] > 0


def test_loop_reports_failures_and_goes_on(tmp_path: Path) -> None:
    with started(tmp_path) as process:  # there is no config.toml
        lines = read_until(process, "exit code") + read_until(process, "exit code")
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    failures = [line.strip() for line in lines if "exit code" in line]
    assert failures == ["crawl: exit code 2", "reindex: exit code 2"]
