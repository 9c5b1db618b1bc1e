"""`crawl preview` and `crawl reextract`.

`crawl archive` is tested with the WARC writer.
"""

import json
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from crawler.page import Page
from crawler.store import Store
from crawler.store.frontier_rows import FrontierRows, Mention, NewUrl
from crawler.store.pages import Pages
from crawler.urls import canonical
from samples.server import Sites
from tests.support.crawl_command import (
    crawl,
    report_of,
)
from tests.support.crawl_in_process import Installation, install
from tests.support.stored_release import DAY

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


def test_preview_says_why_a_page_is_not_a_release(config: Path, sample_sites: Sites) -> None:
    url = f"{sample_sites['iem']}/lat/aktualitates/jaunumi/"
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


# --- In this process ---

URL = "https://www.iem.example/lv/jaunums/x"
MARKUP = (
    "<html lang=lv><title>T</title><main><h1>Mainās kārtība</h1><time datetime=2026-02-01>01.02.2026.</time>"
    "<div class=text><p>Ministrija paziņo par darbiem Latgalē, Kurzemē un Zemgalē šajā gadā.</p></div></main>"
)


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    """An installation with a stored page of a release."""
    made = install(tmp_path)
    with made.open() as store:
        page = Page(
            requested_url=URL,
            url=URL,
            status=200,
            headers={},
            body=MARKUP.encode(),
            fetched=DAY,
            chain=(URL,),
        )
        Pages(store).keep(canonical(URL), page)
        listed = Mention(source="list", title=None, published=None, lastmod=None)
        FrontierRows(store).insert(
            NewUrl(
                url=canonical(URL),
                request_url=URL,
                site="iem",
                kind="release",
                depth=1,
                mention=listed,
                due=0,
                found_in_run=1,
            )
        )
    return made


def test_a_stored_page_is_shown_field_by_field_and_nothing_is_stored(here: Installation) -> None:
    before = here.store_path.read_bytes()
    done = here.run("preview", "--stored", URL)
    assert done.exit_code == 0, done.output
    rows = [line.split() for line in done.output.splitlines()]
    assert ["title", "Mainās", "kārtība", "h1"] in rows
    assert ["published", "2026-02-01", "time[datetime]"] in rows
    assert done.output.splitlines()[-1] == "not stored yet"
    assert here.store_path.read_bytes() == before


def test_differences_from_the_stored_release_are_shown(here: Installation) -> None:
    here.run("reextract")
    same = here.run("preview", "--stored", URL).output.splitlines()
    assert same[-1] == "no differences from the stored release"
    with here.open() as store:
        stored = store.find(canonical(URL))
        assert stored is not None
        store.overwrite(stored.id, replace(stored.release, title="Vecs"), seen=DAY)
    lines = here.run("preview", "--stored", URL).output.splitlines()
    assert lines[-7:] == [
        "--- stored",
        "+++ read now",
        "@@ -2,3 +2,3 @@",
        " language: lv",
        "-title: Vecs",
        "+title: Mainās kārtība",
        lines[-1],
    ]


@pytest.mark.parametrize(
    ("url", "code", "message"),
    [
        ("https://a.lv/x", 2, "https://a.lv/x: no site in the settings has this host"),
        ("x", 2, "x: not a web address; it must begin with http:// or https://"),
        (f"{URL}-2", 1, f"{URL}-2: no stored page; run without --stored to fetch it"),
    ],
)
def test_what_cannot_be_previewed_is_said(here: Installation, url: str, code: int, message: str) -> None:
    done = here.run("preview", "--stored", url)
    assert (done.exit_code, done.output) == (code, f"crawl: {message}\n")


def test_stored_pages_are_extracted_again(here: Installation) -> None:
    first = here.run("reextract")
    assert (first.exit_code, first.output) == (0, "iem: 1 new\n")
    assert json.loads(here.run("reextract", "--json").output) == {"iem": {"unchanged": 1}}
    assert here.run("reextract", "--site", "mod").output == "mod: no stored pages\n"
    with here.open() as store:
        assert store.find(canonical(URL)) is not None


def test_stored_pages_are_archived_once(here: Installation) -> None:
    file = here.config.parent / "iem.warc.gz"
    done = here.run("archive", str(file))
    assert (done.exit_code, done.output) == (0, f"{file}: 1 pages\n")
    again = here.run("archive", str(file))
    assert (again.exit_code, again.output) == (4, f"crawl: {file}: File exists\n")
    wacz = here.config.parent / "iem.wacz"
    assert here.run("archive", str(wacz)).output == f"{wacz}: 1 pages\n"
    with ZipFile(wacz) as archive:
        [_, page] = map(json.loads, archive.read("pages/pages.jsonl").decode().splitlines())
    assert (page["url"], "title" in page) == (URL, False)  # its release is not stored
    other = here.config.parent / "mod.warc.gz"
    assert here.run("archive", str(other), "--site", "mod").output == f"{other}: 0 pages\n"


def test_pages_of_hidden_releases_are_not_archived(here: Installation) -> None:
    with here.open() as store:
        store.hide(canonical(URL), seen=DAY)
    for name in ("iem.warc.gz", "iem.wacz"):
        file = here.config.parent / name
        assert here.run("archive", str(file)).output == f"{file}: 0 pages\n"
