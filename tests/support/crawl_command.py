"""Runs `crawl` as a user does, and reads what it leaves in the store."""

import json
import subprocess
import sys
from pathlib import Path

from crawler.store import Store
from tests.support.warm_command import warm

SOME_SITES = ("iem", "vugd", "mfa", "em")


TWO_SITES = ("--site", "vugd", "--site", "mfa")


def command(config: Path, *arguments: str) -> list[str]:
    run = "from crawler.crawl import main; main()"
    return [sys.executable, "-W", "error", "-c", run, *arguments, "--config", str(config)]


def crawl(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return warm("crawler.crawl").run(*arguments, "--config", str(config))


def report_of(config: Path, *arguments: str) -> dict[str, dict[str, int]]:
    """Crawl and return the outcomes of each site."""
    done = crawl(config, "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return {site["site"]: site["outcomes"] for site in json.loads(done.stdout)["sites"]}


def contents(config: Path) -> dict[str, object]:
    """Return the contents of the store, without times and numbers."""
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        releases = list(store.changes_since(0))
        assert len({stored.number for stored in releases}) == len(releases)
        return {
            stored.id: (
                stored.release,
                stored.state,
                stored.aliases,
                stored.cluster,
                [(old.title, old.lead, old.body, old.published) for old in store.revisions(stored.id)],
            )
            for stored in releases
        }


def last_number(config: Path) -> int:
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        return store.last_number()


NOWHERE = "https://www.iem.gov.lv/lv/jaunums/nekur"


def sizes(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()} | {
        path: 0 for path in folder.rglob("*") if path.is_dir()
    }
