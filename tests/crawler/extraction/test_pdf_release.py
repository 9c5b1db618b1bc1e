"""Releases that are PDFs: read if the template says so, named in the report if not."""

from datetime import date
from pathlib import Path

import pytest

from crawler.extraction.pdf_release import paragraphs_of
from crawler.extraction.reader import PDF
from crawler.store import Store
from tests.support.site_crawl import TEN, Web, crawl, report_of

FILE = (Path(__file__).parents[3] / "samples" / "attachments" / "eksports-2018.pdf").read_bytes()
ROW = "<div class=row><a href=/faili/eksports.pdf>{}</a> <time datetime=2018-08-07>07.08.2018.</time></div>"
TITLE = "Ārējā tirdzniecība pirmajā pusgadā"


@pytest.fixture
def listed(web: Web) -> Web:
    web.pages["/lv/jaunumi"] = (200, f"<html lang=lv><main><h1>Jaunumi</h1>{ROW.format(TITLE)}</main>")
    web.files["/faili/eksports.pdf"] = FILE
    return web


def test_a_pdf_is_a_release_if_the_template_says_so(listed: Web, store: Store) -> None:
    ends, objections = crawl(listed, store, template={"pdf": True})
    assert (ends["/faili/eksports.pdf"], objections) == ("new", ())
    stored = store.find(f"{listed.origin}/faili/eksports.pdf")
    assert stored is not None
    release = stored.release
    assert (release.title, release.published, release.published_source) == (TITLE, date(2018, 8, 7), "list")
    assert "farmācijas izstrādājumu un optisko šķiedru eksports, bet sausuma dēļ sarucis" in release.body
    assert crawl(listed, store, day=9, template={"pdf": True})[0]["/faili/eksports.pdf"] == "unchanged"


def test_without_a_title_in_the_list_the_first_line_is_the_title(listed: Web, store: Store) -> None:
    listed.pages["/lv/jaunumi"] = (200, "<html lang=lv><main><h1>Jaunumi</h1></main>")
    listed.pages["/map"] = (200, f"<urlset><url><loc>{listed.origin}/faili/eksports.pdf</loc></url></urlset>")
    crawl(listed, store, site={"sitemaps": [f"{listed.origin}/map"]}, template={"pdf": True})
    stored = store.find(f"{listed.origin}/faili/eksports.pdf")
    assert stored is not None
    assert stored.release.title == "Pārskats par eksportu 2018. gada 1. pusgadā"
    assert stored.release.body.startswith("Paraugs; saturs izdomāts.")


@pytest.mark.parametrize("tag", ["noindex", "none"])
def test_a_pdf_that_asks_not_to_be_indexed_is_not_stored(listed: Web, store: Store, tag: str) -> None:
    listed.headers["/faili/eksports.pdf"] = {"X-Robots-Tag": tag}
    crawl(listed, store, template={"pdf": True})
    assert store.count() == 0


def test_pdfs_that_the_template_does_not_read_are_named_in_each_report(listed: Web, store: Store) -> None:
    rows = "".join(ROW.format(TITLE).replace("eksports", name) for name in TEN)
    listed.pages["/lv/jaunumi"] = (200, f"<html lang=lv><main><h1>Jaunumi</h1>{rows}</main>")
    listed.files |= {f"/faili/{name}.pdf": FILE + name.encode() for name in TEN}
    for day in (0, 1):
        crawl(listed, store, day=day)
        assert (report_of(store).reasons[PDF], store.count()) == (len(TEN), 0)


@pytest.mark.parametrize(
    "broken", [FILE[:200], b"%PDF-1.4\n", b"%PDF-" + b"x" * 2_000_000, FILE.replace(b"stream", b"stroom")]
)
def test_a_broken_pdf_is_no_release(listed: Web, store: Store, broken: bytes) -> None:
    listed.files["/faili/eksports.pdf"] = broken
    ends, _ = crawl(listed, store, template={"pdf": True})
    assert (ends["/faili/eksports.pdf"], store.count()) == ("failed", 0)


def test_lines_are_joined_to_paragraphs() -> None:
    lines = [
        "Otrdien valdība lēma par skolām, par slimnīcām, par ceļiem, par tiltiem",
        "un par dzelzceļu.",
        "Trešdien lems Saeima, kas par to jau ir debatējusi pirms gada, bet neko",
        "nav nolēmusi.",
    ]
    assert paragraphs_of("\n".join(lines)) == [f"{lines[0]} {lines[1]}", f"{lines[2]} {lines[3]}"]
