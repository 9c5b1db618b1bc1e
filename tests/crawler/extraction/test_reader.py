"""The reader returns why it extracted no release."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.config import Template
from crawler.config.settings import JsonList
from crawler.extraction import Extraction, PageKind
from crawler.extraction.html.limits import MARKUP_BYTES_MAX
from crawler.extraction.job import IN_A_FRAME, JSON, PDF
from crawler.extraction.reader import read, trim
from tests.support.extraction_jobs import RELEASE, SITE, job_of


@pytest.mark.parametrize(
    ("body", "kind", "headers", "reason"),
    [
        (b"<h1>404</h1>", "release", None, "no release"),
        (RELEASE.encode(), "release", {"x-robots-tag": "noindex"}, "noindex"),
        (b"<meta name=robots content='noindex'>" + RELEASE.encode(), "release", None, "noindex"),
        (b"<META content='none' NAME=robots>" + RELEASE.encode(), "release", None, "noindex"),
        (RELEASE.encode(), "release", {"x-robots-tag": "none"}, "noindex"),
        (b'{"body": "Robe\xc5\xbesargi"}', "release", None, "no release"),
        (RELEASE.replace("Valsts", "\0Valsts").encode(), "release", None, None),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9 + RELEASE.encode(), "release", None, "no release"),
        (b"%PDF-1.4\n" + RELEASE.encode(), "release", None, "no release"),
        (b"no file", "attachment", None, "no text"),
        (b"<not xml", "sitemap", None, "not well-formed"),
        (b"no feed", "feed", None, None),
        (b"<div>" * 100_000, "release", None, "no release"),
        (b"\0\xff" * 10_000, "list", None, None),
    ],
)
def test_reason_for_reading_no_release(
    body: bytes, kind: PageKind, headers: dict[str, str] | None, reason: str | None
) -> None:
    assert read(job_of(body, kind, headers)).reason == reason


# --- What is returned besides ---

PDF_FILE = (Path(__file__).parents[3] / "samples" / "attachments" / "eksports-2018.pdf").read_bytes()
URL = "https://iem.example/lv/jaunums/x"


def read_of(body: bytes | str, kind: PageKind = "release", **others: Any) -> Extraction:
    """Return what is read; *others* are changes of the job, with `is_whole` of its page."""
    job = job_of(body if isinstance(body, bytes) else body.encode(), kind)
    page = replace(job.page, is_whole=others.pop("is_whole", True))
    return read(replace(job, page=page, **others))


def test_a_release_is_read_whole() -> None:
    found = read_of(RELEASE)
    assert found.release is not None
    assert (found.release.title, found.release.url) == ("Robežsargi aizturēja pārkāpējus", URL)
    assert (found.is_whole, found.is_closed, found.reason, found.remark) == (True, False, None, "")
    assert (found.page_text, found.text, found.discovered) == ((), "", ())
    assert read_of(f"{RELEASE}</html>").is_closed
    assert not read_of(RELEASE, is_whole=False).is_whole
    assert not read_of(RELEASE + "<i>a</i>" * 12_000).is_whole


def test_a_release_that_asks_not_to_be_indexed_is_handed_on() -> None:
    found = read_of("<meta name=robots content=noindex>" + RELEASE)
    assert found.release is None
    assert found.unindexed is not None
    assert found.unindexed.title == "Robežsargi aizturēja pārkāpējus"
    assert (found.reason, URL in found.detail) == ("noindex", True)


@pytest.mark.parametrize(
    ("body", "reason", "detail", "remark"),
    [
        ("", "no release", f"{URL}: no HTML", ""),
        ("plain text", "no release", f"{URL}: no HTML", ""),
        ('{"a": 1}', "no release", f"{URL}: no HTML", ""),
        ("<rss><channel><title>Jaunumi</title></channel></rss>", "no release", f"{URL}: no HTML", ""),
        ("<?xml version='1.0'?>\n<!-- a -->\n<urlset><url/></urlset>", "no release", f"{URL}: no HTML", ""),
        (" <feed xmlns='x'>", "no release", f"{URL}: no HTML", ""),
        (" \n%PDF-1.4 <p>", "no release", f"{URL}: no HTML", PDF),
        ("\ufeff %PDF-1.4 <p>", "no release", f"{URL}: no HTML", ""),
        ("<p>Teksts</p>", "no release", None, ""),
        ("<iframe src=a></iframe>", "no release", None, IN_A_FRAME),
        ("<FRAME src=a>", "no release", None, IN_A_FRAME),
        ("<object data=a></object>", "no release", None, IN_A_FRAME),
        ("<embed src=a>", "no release", None, IN_A_FRAME),
        ("<framework>", "no release", None, ""),
        ("<frameset></frameset>", "no release", None, ""),
    ],
)
def test_a_page_without_a_release_says_why(body: str, reason: str, detail: str | None, remark: str) -> None:
    found = read_of(body)
    assert (found.release, found.reason, found.remark) == (None, reason, remark)
    assert found.detail == detail or (
        detail is None and found.detail and not found.detail.endswith("no HTML")
    )


@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
def test_a_page_may_have_one_byte_in_a_hundred_by_mistake(more: int, *, is_read: bool) -> None:
    text = RELEASE.ljust(99 * 9)
    assert (read_of("\0" * (9 + more) + text[: len(text) - more]).release is not None) == is_read


@pytest.mark.parametrize(
    ("body", "options", "has_text"),
    [
        (RELEASE, {}, False),
        (RELEASE, {"wants_text": True}, True),
        (RELEASE, {"is_known": True}, False),
        ("<p>Teksts</p>", {}, False),
        ("<p>Teksts</p>", {"is_known": True}, True),
        ("<p>Teksts</p>", {"wants_text": True}, True),
        ("<meta name=robots content=noindex>" + RELEASE, {"is_known": True}, False),
    ],
)
def test_all_text_is_returned_if_asked_for_or_if_a_release_is_lost(
    body: str, options: dict[str, bool], *, has_text: bool
) -> None:
    found = read_of(body, **options)
    assert bool(found.page_text) == has_text
    if has_text:
        assert any("Teksts" in text or "aizturēja" in text for text in found.page_text)


def test_a_pdf_is_read_as_the_templates_say() -> None:
    reading = {"t": Template(pdf=True), "u": Template()}
    assert read_of(PDF_FILE).remark == PDF
    assert not read_of(PDF_FILE, wants_text=True).page_text
    found = read_of(PDF_FILE, templates=reading, wants_text=True)
    assert found.release is not None
    assert (found.is_whole, found.is_closed) == (True, True)
    assert any("eksport" in text for text in found.page_text)
    assert not read_of(PDF_FILE, templates=reading, is_whole=False).is_whole
    of_older = {"t": Template(), "u": Template(pdf=True)}
    site = SITE.model_copy(update={"older_templates": ("u",)})
    assert read_of(PDF_FILE, templates=of_older, site=site).release is not None
    assert read_of(PDF_FILE, templates=of_older).release is None
    attached = read_of(PDF_FILE, "attachment")
    assert ("eksport" in attached.text, attached.release, attached.is_closed) == (True, None, True)


LIST = "<html lang=lv><body><main><h1>Jaunumi</h1>{}</main></body></html>"
ROW = "<div class={}><a href=/lv/jaunums/{}>Paziņojums par darbiem Latgalē</a> <time>01.02.2026.</time></div>"


def test_a_list_is_read_by_the_first_template_that_finds_releases() -> None:
    templates = {name: Template(rows=(f"div.{name}",), paths=("^/lv/jaunums/",)) for name in "tu"}
    site = SITE.model_copy(update={"older_templates": ("u",)})

    def listed(*classes: str) -> list[str]:
        rows = "".join(ROW.format(name, f"{name}{number}") for number, name in enumerate(classes))
        found = read_of(LIST.format(rows), "list", templates=templates, site=site)
        assert found.is_whole
        assert found.is_closed
        return [link.url.removeprefix("https://iem.example/lv/jaunums/") for link in found.discovered]

    assert listed("t", "u") == ["t0"]
    assert listed("u", "u") == ["u0", "u1"]
    whole = read_of(LIST.format(ROW.format("t", "a")), "list", templates=templates, site=site, is_whole=False)
    assert not whole.is_whole


@pytest.mark.parametrize(
    ("body", "remark"), [('{"a": []}', JSON), (" [1]", JSON), ("<p>{</p>", ""), ("a {", "")]
)
def test_a_list_that_is_json_is_named(body: str, remark: str) -> None:
    assert read_of(body, "list").remark == remark


def test_a_list_that_is_json_is_read_as_its_template_says() -> None:
    fields = JsonList.model_validate({"items": "data", "url": "/lv/jaunums/{slug}", "title": "name"})
    templates = {"t": Template(), "u": Template(json_list=fields)}
    site = SITE.model_copy(update={"older_templates": ("u",)})
    rows = json.dumps({"data": [{"slug": "a", "name": "Paziņojums"}, {"slug": "b"}]})
    found = read_of(rows, "list", templates=templates, site=site)
    assert [(link.url, link.title) for link in found.discovered] == [
        ("https://iem.example/lv/jaunums/a", "Paziņojums"),
        ("https://iem.example/lv/jaunums/b", None),
    ]
    assert (found.remark, found.is_whole) == ("", True)
    assert read_of(rows, "list", templates={"t": templates["t"]}).remark == JSON


def test_feeds_and_sitemaps_lead_on() -> None:
    item = "<rss><item><link>/lv/jaunums/a</link></item></rss>"
    found = read_of(item, "feed")
    assert [link.url for link in found.discovered] == ["https://iem.example/lv/jaunums/a"]
    assert (found.is_whole, found.reason) == (True, None)
    index = "<sitemapindex><sitemap><loc>https://iem.example/b.xml</loc></sitemap></sitemapindex>"
    found = read_of(index, "sitemap")
    assert (found.next_sources, found.discovered, found.reason) == (("https://iem.example/b.xml",), (), None)
    pages = "<urlset><url><loc>https://iem.example/lv/jaunums/a</loc></url></urlset>"
    assert len(read_of(pages, "sitemap").discovered) == 1


@pytest.mark.parametrize(
    ("body", "kind", "size", "is_whole"),
    [
        (b"<p>" + b"x" * (MARKUP_BYTES_MAX - 3), "release", MARKUP_BYTES_MAX, True),
        (b"<p>" + b"x" * (MARKUP_BYTES_MAX - 2), "release", MARKUP_BYTES_MAX, False),
        (b"<p>" + b"x" * (MARKUP_BYTES_MAX - 2), "list", MARKUP_BYTES_MAX + 1, True),
        (b"%PDF-" + b"x" * MARKUP_BYTES_MAX, "release", MARKUP_BYTES_MAX + 5, True),
        # Code is dropped first.
        (b"<script>" + b"x" * MARKUP_BYTES_MAX + b"</script>a", "release", 18, True),
    ],
)
def test_a_release_is_trimmed_to_what_is_read(
    body: bytes, kind: PageKind, size: int, *, is_whole: bool
) -> None:
    job = job_of(body, kind)
    trimmed = trim(job)
    assert (len(trimmed.page.body), trimmed.page.is_whole) == (size, is_whole)
    assert (trimmed is job) == (len(body) == size)
    part = replace(job, page=replace(job.page, is_whole=False))
    assert not trim(part).page.is_whole
