"""Commands that promise to change nothing leave every byte of the data as it was, even of an older store."""

import gzip
from pathlib import Path

import pytest

from tests.support.installation import OLD_STORE, contents, install
from tests.support.warm_command import warm

pytestmark = pytest.mark.sweep

# No built-in site: nothing on the internet is asked.
CONFIG = """
data_dir = "data"
[[crawler.sites]]
id = "iem"
ministry = "Iekšlietu ministrija"
template = "tvp"
start = ["http://127.0.0.1:1/"]
[crawler]
allow_origins = ["127.0.0.1:1"]
[crawler.limits]
tries = 1
[searcher]
base_url = "https://relizes.example.lv"
"""
DIGEST = """
[mail]
sender = "relizes@example.lv"
host = "127.0.0.1"
[[search]]
name = "Viss"
address = "https://relizes.example.lv/?q=budžets"
to = ["lasitajs@example.lv"]
"""
URL = "http://127.0.0.1:1/lv/jaunums/x"
READING = [
    "crawl check",
    "crawl check --json",
    "crawl check --offline",
    "crawl check --offline --json",
    "crawl stats",
    "crawl stats --json",
    "crawl hide",
    "crawl --dry-run",
    "crawl --dry-run --json",
    f"crawl preview {URL}",
    f"crawl preview --stored {URL}",
    "crawl archive pages.warc.gz",
    "reindex --check",
    "reindex --check --json",
    "releases check",
    "releases check --json",
    "releases check --offline --json",
    "releases backup backup.tar",
    "releases prune",
    "releases prune --json",
    "releases queries",
    "releases export . --address https://example.lv/",
    "releases digest digest.toml --dry-run",
]
# They look for the index first, or read no store.
WITHOUT_STORE = [
    line for line in READING if line.startswith(("reindex", "releases queries", "releases digest"))
]
MODULES = {"crawl": "crawler.crawl", "reindex": "index.reindex", "releases": "preses_relizes.admin.releases"}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "digest.toml").write_text(DIGEST, encoding="utf-8")
    config = install(tmp_path)
    config.write_text(CONFIG, encoding="utf-8")
    return config


def run(config: Path, line: str) -> str:
    """Run the command; return what it printed."""
    command, *arguments = line.split()
    done = warm(MODULES[command]).run(*arguments, "--config", str(config))
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("line", READING)
def test_a_store_of_an_older_version_is_not_touched(config: Path, line: str) -> None:
    data = config.parent / "data"
    (data / "releases.sqlite3").write_bytes(gzip.decompress(OLD_STORE.read_bytes()))
    before = contents(data)
    output = run(config, line)
    assert contents(data) == before
    assert line in WITHOUT_STORE or "`releases upgrade` upgrades it" in output


@pytest.mark.parametrize("line", READING)
def test_a_store_of_this_version_is_not_touched(config: Path, line: str) -> None:
    before = contents(config.parent / "data")
    run(config, line)
    assert contents(config.parent / "data") == before
