"""`crawl preview` and `crawl reextract`.

`crawl archive` is tested with the WARC writer.
"""

import json
from pathlib import Path

import pytest

from crawler.store import Store
from samples.server import Sites
from tests.support.crawl_command import (
    crawl,
    report_of,
)

pytestmark = pytest.mark.sweep


def test_preview_shows_fields_rules_and_differences(config: Path) -> None:
    report_of(config, "--site", "vugd")
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        release = next(store.changes_since(0)).release
    for arguments in ((), ("--stored",)):
        done = crawl(config, "preview", release.url, *arguments)
        assert (done.returncode, done.stdout.rstrip().endswith("no differences from the stored release")) == (
            0,
            True,
        )
    assert release.published
    assert release.published.isoformat() in done.stdout


def test_preview_says_why_a_page_is_not_a_release(config: Path, sites: Sites) -> None:
    url = f"{sites['iem']}/lat/aktualitates/jaunumi/"
    done = crawl(config, "preview", url)
    assert (done.returncode, done.stderr) == (1, f"crawl: {url}: a list page\n")


def extend_template(config: Path, line: str) -> None:
    """Let the settings extend the built-in template of the site `vugd`."""
    with config.open("a", encoding="utf-8") as file:
        file.write(f'[crawler.templates.tvp]\nextends = "tvp"\n{line}\n')


def test_reextract_reads_all_stored_pages(config: Path) -> None:
    report_of(config, "--site", "vugd")
    extend_template(config, 'title = ["nav a", "..."]')
    done = crawl(config, "reextract", "--site", "vugd", "--json")
    assert sum(json.loads(done.stdout)["vugd"].values()) == 6


def test_reextract_makes_no_revisions_and_leaves_gone_releases_gone(config: Path) -> None:
    report_of(config, "--site", "vugd")
    with Store(config.parent / "data" / "releases.sqlite3") as store:
        gone = next(store.changes_since(0))
        store.mark_gone(gone.id, seen=gone.changed)
    extend_template(config, 'lead = ["main p", "..."]')
    done = crawl(config, "reextract", "--site", "vugd", "--json")
    assert json.loads(done.stdout)["vugd"]["changed"] > 0
    [stats] = json.loads(crawl(config, "stats", "--site", "vugd", "--json").stdout)
    assert (stats["present"], stats["gone"], stats["revisions"]) == (5, 1, 0)
