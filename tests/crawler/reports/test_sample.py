"""`crawl --limit N --report`: how each page of a sample was read."""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from crawler.extraction import Extraction, ExtractionJob
from crawler.page import Page, PageKind
from crawler.reports.sample import Sample, SampledPage, TextBlock
from crawler.scheduler import FetchRecord
from crawler.scheduler.plan import FetchOutcome, FrontierUrl
from crawler.store import Attachment
from tests.support.crawl_command import crawl
from tests.support.hostile_site import HostileSite, page
from tests.support.release_pages import SITE
from tests.support.small_site import list_of, release, rows
from tests.support.stored_release import RELEASE

pytestmark = pytest.mark.sweep

MENU = "<nav><ul><li>Jaunumi<li>Kontakti</ul></nav>"
LEFT_OUT = (
    "<section><p>Šī rindkopa ir ārpus teksta elementa un tāpēc paliek neizlasīta, lai gan tā ir "
    "pietiekami gara, lai lasītājs to nevarētu uzskatīt par izvēlni vai pogu lapas malā.</p></section>"
)


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with HostileSite() as site:
        site.scripts["/lv/jaunumi"] = page(list_of(rows("laba", "slikta", "tuksa")))
        site.scripts["/lv/jaunums/laba"] = page(
            release("laba", paragraphs=4).replace("<main>", f"{MENU}<main>")
        )
        site.scripts["/lv/jaunums/slikta"] = page(release("slikta").replace("</main>", f"{LEFT_OUT}</main>"))
        site.scripts["/lv/jaunums/tuksa"] = page("<html><script>alert(1)</script><p>Ielādē <b>&lt;i&gt;</b>")
        yield site


def articles(config: Path) -> list[str]:
    [written] = (config.parent / "data" / "reports").glob("crawl-*-pages.html")
    return written.read_text(encoding="utf-8").split("<article")[1:]


def blocks(article: str) -> dict[str, str]:
    """Return the field that took each block of the page's text; empty: it was left."""
    found = re.findall(r'<p class="block[^>]*>(?:<span class="field">(\w+)</span>)?(.*?)</p>', article)
    return {unescape(text): field for field, text in found}


def test_pages_come_with_their_text_the_most_doubtful_first(site: HostileSite, config: Path) -> None:
    done = crawl(config, "--limit", "3", "--report")
    shown = re.findall(r"^(\w+): .*crawl-000001(?:-pages)?\.html$", done.stderr, re.MULTILINE)
    assert shown == ["Report", "Pages"]
    unread, doubtful, sound = articles(config)
    [written] = (config.parent / "data" / "reports").glob("crawl-*-pages.html")
    assert "2 of 3 pages are doubtful" in written.read_text(encoding="utf-8")
    assert "no text beside the title" in unread or "no title" in unread
    assert ("/slikta" in doubtful, "long paragraphs left out: 1" in doubtful) == (True, True)
    assert blocks(doubtful)[re.sub("<[^>]+>", "", LEFT_OUT)] == ""
    taken = blocks(sound)
    assert (taken["Jaunumi"], taken["Paziņojums laba"], taken["01.02.2026."]) == ("", "title", "published")
    assert "body" in taken.values()


def test_markup_of_a_page_is_shown_as_text(site: HostileSite, config: Path) -> None:
    crawl(config, "--limit", "3", "--report")
    whole = "".join(articles(config))
    assert "&lt;i&gt;" in whole
    assert "<script" not in whole


def test_pages_that_were_not_modified_are_shown_again(site: HostileSite, config: Path) -> None:
    crawl(config)
    crawl(config, "--limit", "3", "--report")
    assert sum("by div.text" in article for article in articles(config)) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--report",), "--report needs --limit"),
        (("--report", "--limit", "2", "--dry-run"), "--report has no effect with --dry-run"),
    ],
)
def test_report_without_a_use_is_an_error(config: Path, options: tuple[str, ...], message: str) -> None:
    done = crawl(config, *options)
    assert (done.returncode, message in done.stderr) == (2, True)


# --- Blocks and doubts ---

PARAGRAPH = "Šī rindkopa ir pietiekami gara, lai būtu rindkopa. " * 4


def record(
    name: str = "x",
    kind: PageKind = "release",
    *,
    body: bytes = b"<p>x",
    outcome: str = "new",
    reason: str = "",
) -> FetchRecord:
    url = f"https://iem.example/{name}"
    fetched = datetime(2026, 3, 1, tzinfo=UTC)
    entry = FrontierUrl(url=url, request_url=f"{url}/", site="iem", kind=kind, depth=1, hints=None, changed=0)
    page = Page(requested_url=url, url=url, status=200, headers={}, body=body, fetched=fetched, chain=(url,))
    return FetchRecord(entry=entry, end=FetchOutcome(outcome=outcome, reason=reason), page=page)


def job_of(one: FetchRecord, of: Page) -> ExtractionJob:
    return ExtractionJob(page=of, kind=one.entry.kind, site=SITE, templates={})


def read(extractions: Mapping[str, Extraction], *records: FetchRecord) -> tuple[SampledPage, ...]:
    """Return *records* as they are sampled if their pages have these *extractions*, by name."""
    sample = Sample()
    sample.add(records)

    def submit(job: ExtractionJob) -> Future[Extraction]:
        assert job.wants_text
        future: Future[Extraction] = Future()
        future.set_result(extractions[job.page.url.rpartition("/")[2]])
        return future

    sample.read(lambda _: None, job_of, submit)
    return sample.pages


SOUND = replace(RELEASE, lead="Ievads ir īss.", body=PARAGRAPH * 2, rules=(("title", "h1"), ("body", "div")))


@pytest.mark.parametrize(
    ("changes", "doubts"),
    [
        ({}, ()),
        ({"published": None}, ((30, "no date"),)),
        (
            {"published_confidence": "low", "published_source": "body"},
            ((15, "date from body, confidence low"),),
        ),
        ({"body": "x" * 199}, ((25, "short text: 199 characters"),)),
        ({"body": "x" * 200}, ()),
        ({"rules": (("title", "og:title"),)}, ((20, "title not found by the template"),)),
        ({"rules": (("body", "trafilatura"),)}, ((20, "text not found by the template"),)),
        ({"lead": ""}, ((5, "no lead"),)),
        ({"lead": "", "published": None}, ((30, "no date"), (5, "no lead"))),
    ],
)
def test_what_a_person_should_look_at_is_weighed(
    changes: dict[str, Any], doubts: tuple[tuple[int, str], ...]
) -> None:
    (one,) = read({"x": Extraction(release=replace(SOUND, **changes))}, record())
    assert (one.doubts, one.weight) == (doubts, sum(weight for weight, _ in doubts))
    assert (one.site, one.url, one.outcome) == ("iem", "https://iem.example/x/", "new")


@pytest.mark.parametrize(
    ("extraction", "doubts"),
    [
        (Extraction(reason="no release", detail="x: no title"), ((100, "x: no title"),)),
        (Extraction(reason="no release"), ((100, "no release"),)),
        (Extraction(), ((100, "cannot be read"),)),
        (Extraction(release=SOUND, is_whole=False), ((15, "too large, read in part"),)),
        (
            Extraction(release=SOUND, page_text=("y" * 120, "z" * 119)),
            ((10, "long paragraphs left out: 1"),),
        ),
        (
            Extraction(release=SOUND, page_text=tuple(letter * 120 for letter in "abcd")),
            ((30, "long paragraphs left out: 4"),),
        ),
    ],
)
def test_a_page_that_was_not_read_whole_is_doubtful(
    extraction: Extraction, doubts: tuple[tuple[int, str], ...]
) -> None:
    (one,) = read({"x": extraction}, record())
    assert one.doubts == doubts


@pytest.mark.parametrize(
    ("reason", "doubt"), [("status-404", "no page: status-404"), ("", "no page: failed")]
)
def test_a_url_without_a_page_says_why(reason: str, doubt: str) -> None:
    (one,) = read({}, record(body=b"", outcome="failed", reason=reason))
    assert (one.doubts, one.release, one.blocks) == (((100, doubt),), None, ())


def test_each_block_has_the_field_with_its_words() -> None:
    day = "27.02.2026"
    release = replace(
        SOUND,
        title="Virsraksts",
        contact="Anna Ozola\nTālr. 67000000",
        category="Ziņas",
        attachments=(Attachment(url="x", title="Budžets"),),
    )
    texts = {
        "Virsraksts": "title",
        "Ievads ir īss.": "lead",
        "ir īss.": "",  # too short for a part
        PARAGRAPH.strip(): "body",
        "Šī rindkopa ir pietiekami gara, lai būtu": "body",
        "Anna Ozola": "contact",
        "Ziņas": "category",
        "Budžets": "attachments",
        f"Publicēts: {day}": "published",
        "2026-02-27": "published",
        "27. FEBRUĀRĪ": "published",
        "27 февраля": "published",
        "28.02.2026": "",
        f"{day} {'x' * 120}": "",
        "Sākums": "",
    }
    (one,) = read({"x": Extraction(release=release, page_text=tuple(texts))}, record())
    assert {block.text: block.field for block in one.blocks} == texts


def test_without_a_release_no_block_has_a_field() -> None:
    (one,) = read({"x": Extraction(page_text=("a", "b"))}, record())
    assert one.blocks == (TextBlock(text="a", field=""), TextBlock(text="b", field=""))


def test_paragraphs_that_pages_share_are_doubtful_and_the_most_doubtful_page_is_first() -> None:
    def body(*own: str) -> Extraction:
        return Extraction(release=replace(SOUND, body="\n\n".join((*own, "x" * 200))))

    shared = {name: body("Visiem kopīgs.", name * 9) for name in "abc"}
    one = {"d": Extraction(release=replace(SOUND, body="y" * 300)), "e": body("Diviem.")}
    pages = read(shared | one, *map(record, "dabce"))
    assert [page.url.split("/")[-2] for page in pages] == ["a", "b", "c", "e", "d"]
    assert [page.doubts for page in pages] == [
        *[((15, "paragraphs that other pages have, too: 2"),)] * 3,
        ((15, "paragraphs that other pages have, too: 1"),),
        (),
    ]


def test_only_the_first_hundred_releases_are_sampled() -> None:
    sample = Sample()
    sample.add([record("list", "list"), *(record(f"{number}") for number in range(60))])
    sample.add([record(f"{number}") for number in range(60, 120)])
    sample.read(lambda _: None, job_of, lambda _: _done(Extraction(release=SOUND)))
    assert [page.url.split("/")[-2] for page in sample.pages] == [f"{number}" for number in range(100)]


def _done(extraction: Extraction) -> Future[Extraction]:
    future: Future[Extraction] = Future()
    future.set_result(extraction)
    return future


def test_the_stored_page_is_read_if_the_answer_had_none() -> None:
    sample, asked = Sample(), []
    sample.add([record("x", body=b"")])
    kept = record("x").page

    def stored(url: str) -> Page | None:
        asked.append(url)
        return kept

    sample.read(stored, job_of, lambda _: _done(Extraction(release=SOUND)))
    assert asked == ["https://iem.example/x"]
    assert sample.pages[0].release == SOUND
