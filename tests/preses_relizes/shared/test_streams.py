"""No command ends with a traceback, whatever its streams and locks are like."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.installation import install

pytestmark = pytest.mark.sweep

PROGRAMS = Path(sys.executable).parent
FULL = Path("/dev/full")
LINES = [
    "crawl stats",
    "crawl check --offline --json",
    "reindex --check --json",
    "releases check --offline",
    "releases prune --json",
]
# Output is buffered unless the machine says otherwise, so it may fail as late as at the end.
USUAL = {"PYTHONUNBUFFERED": ""}
ASCII = {"PYTHONIOENCODING": "ascii"}
PLAIN_C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    config = install(tmp_path)
    settings = (
        'data_dir = "data"\n[crawler]\nbuilt_in_sites = ["iem"]\n[crawler.politeness]\n'
        f'user_agent = "x (+https://relizes.lv/)"\n{FEW_CONCEPTS}'
    )
    config.write_text(settings, encoding="utf-8")
    return config


def run(
    line: str, *, environment: dict[str, str] | None = None, stdout: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command *line* as a user does; its output goes to the file *stdout* or is returned."""
    program, *arguments = line.split()
    return subprocess.run(
        [PROGRAMS / program, *arguments],
        env={**os.environ, **USUAL, **(environment or {})},
        stdout=subprocess.PIPE if stdout is None else stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.mark.parametrize("environment", [ASCII, PLAIN_C], ids=["ascii", "C"])
@pytest.mark.parametrize("line", LINES)
def test_output_needs_no_letters_beyond_ascii(config: Path, line: str, environment: dict[str, str]) -> None:
    usual, done = run(line), run(line, environment=environment)
    assert (done.returncode, "Traceback" in done.stderr) == (usual.returncode, False), done.stderr
    if "--json" in line:
        assert json.loads(done.stdout) == json.loads(usual.stdout)


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("line", "unbuffered"),
    [
        *((line, "") for line in [*LINES, "crawl --help", "releases --version"]),
        ("crawl stats", "1"),
        ("reindex --check --json", "1"),
    ],
)
def test_a_full_disk_behind_the_output_is_named(config: Path, line: str, unbuffered: str) -> None:
    with FULL.open("w") as full:
        done = run(line, environment={"PYTHONUNBUFFERED": unbuffered}, stdout=full.fileno())
    (reason,) = done.stderr.splitlines()
    program = line.partition(" ")[0]
    assert (done.returncode, reason) == (4, f"{program}: standard output: No space left on device")


@pytest.mark.parametrize(
    ("line", "lock"),
    [
        ("crawl --since 2026-01-01", "data/crawl.lock"),
        ("crawl check", "data/crawl.lock"),
        ("crawl reextract", "data/crawl.lock"),
        ("crawl undo iem", "data/crawl.lock"),
        ("crawl hide https://www.iem.gov.lv/lv/jaunums/x --unseen", "data/crawl.lock"),
        ("reindex", "data/index/reindex.lock"),
        ("releases upgrade", "data/crawl.lock"),
        ("releases prune --compact", "data/crawl.lock"),
        ("releases export . --address https://example.lv/", ".export.lock"),
    ],
)
def test_a_lock_that_cannot_be_written_is_named(config: Path, line: str, lock: str) -> None:
    place = config.parent / lock
    place.mkdir(parents=True)
    done = run(line)
    (reason,) = done.stderr.splitlines()
    assert (done.returncode, reason) == (4, f"{line.partition(' ')[0]}: {place}: Is a directory")
