"""A WACZ has the WARC, its index and a list of pages, all described with digests.

`wacz validate -f FILE` of the package `wacz` accepts what these tests write.
"""

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.page import Page
from crawler.store.web_archive import wacz
from crawler.store.web_archive.wacz import sort_key, write_wacz

PAGE = Page(
    requested_url="https://iem.gov.lv/lv/jaunums/x",
    url="https://www.iem.gov.lv/lv/jaunums/x",
    status=200,
    headers={"content-type": "text/html; charset=utf-8"},
    body="<h1>Drošība</h1>".encode(),
    fetched=datetime(2026, 11, 25, 8, 30, tzinfo=UTC),
    chain=("https://iem.gov.lv/lv/jaunums/x",),
)
CREATED = datetime(2026, 12, 1, 9, 30, 2, tzinfo=UTC)
PAGES = [
    replace(PAGE, url=f"https://www.iem.gov.lv/lv/{name}", fetched=PAGE.fetched + timedelta(hours=number))
    for number, name in enumerate(("b", "a", "c?y=2&x=1"))
]


def written(pages: list[Page]) -> ZipFile:
    out = BytesIO()
    assert write_wacz(pages, out, created=CREATED, title_of=lambda page: page.url[-1:]) == len(pages)
    return ZipFile(out)


def index_of(archive: ZipFile) -> list[tuple[str, str, dict[str, str]]]:
    """Return the lines of the index, each block read alone."""
    blocks = archive.read("indexes/index.cdx.gz")
    head, *listed = archive.read("indexes/index.idx").decode().splitlines()
    assert json.loads(head.removeprefix("!meta 0 "))["format"] == "cdxj-gzip-1.0"
    lines: list[str] = []
    for key, moment, about in (line.split(" ", 2) for line in listed):
        block = json.loads(about)
        packed = blocks[block["offset"] :][: block["length"]]
        assert block["digest"] == f"sha256:{sha256(packed).hexdigest()}"
        own = gzip.decompress(packed).decode().splitlines()
        assert own[0].startswith(f"{key} {moment} ")
        lines += own
    return [(key, moment, json.loads(about)) for key, moment, about in (line.split(" ", 2) for line in lines)]


@pytest.mark.parametrize("block", [1, 2, 1024])
def test_the_index_leads_to_each_record(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(wacz, "BLOCK_LINES", block)
    with written(PAGES) as archive:
        records, lines = archive.read("archive/data.warc.gz"), index_of(archive)
    assert [key for key, _, _ in lines] == [
        "lv,gov,iem)/lv/a",
        "lv,gov,iem)/lv/b",
        "lv,gov,iem)/lv/c?x=1&y=2",
    ]
    for key, moment, about in lines:
        piece = records[int(about["offset"]) :][: int(about["length"])]
        [(headers, body)] = [
            (record.rec_headers, record.content_stream().read()) for record in ArchiveIterator(BytesIO(piece))
        ]
        assert headers.get_header("WARC-Target-URI") == about["url"]
        assert headers.get_header("WARC-Payload-Digest") == about["digest"]
        assert sort_key(about["url"]) == key
        [page] = [page for page in PAGES if page.url == about["url"]]
        assert (moment, body) == (f"{page.fetched:%Y%m%d%H%M%S}", page.body)
        assert (about["mime"], about["status"]) == ("text/html", "200")


def test_every_file_is_described_with_its_digest() -> None:
    with written(PAGES) as archive:
        about = json.loads(archive.read("datapackage.json"))
        described = {one["path"]: (one["hash"], one["bytes"]) for one in about["resources"]}
        names = {*archive.namelist()}
        for path, (digest, size) in described.items():
            content = archive.read(path)
            assert (f"sha256:{sha256(content).hexdigest()}", len(content)) == (digest, size)
        digest = json.loads(archive.read("datapackage-digest.json"))
        assert digest["hash"] == f"sha256:{sha256(archive.read('datapackage.json')).hexdigest()}"
        # Programs read parts of these where they are in the ZIP.
        for path in ("archive/data.warc.gz", "indexes/index.cdx.gz"):
            assert archive.getinfo(path).compress_type == ZIP_STORED
    assert names == {*described, "datapackage.json", "datapackage-digest.json"}
    assert (about["profile"], about["wacz_version"]) == ("data-package", "1.1.1")
    assert about["created"] == "2026-12-01T09:30:02Z"


def test_pages_are_listed_with_their_titles() -> None:
    with written(PAGES) as archive:
        head, *pages = map(json.loads, archive.read("pages/pages.jsonl").decode().splitlines())
    assert (head["format"], head["id"]) == ("json-pages-1.0", "pages")
    assert [(page["url"], page["ts"], page["title"]) for page in pages] == [
        (page.url, f"{page.fetched:%Y-%m-%dT%H:%M:%SZ}", page.url[-1:]) for page in PAGES
    ]
    assert len({page["id"] for page in pages}) == len(PAGES)


def test_an_archive_without_pages_is_whole() -> None:
    with written([]) as archive:
        assert archive.testzip() is None
        assert index_of(archive) == []


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://example.lv", "lv,example)/"),
        ("http://www2.example.lv:8080/A B", "lv,example:8080)/a%20b"),
        ("https://example.lv/?b&a=1&", "lv,example)/?&a=1&b"),
    ],
)
def test_addresses_are_sorted_by_host_and_path(url: str, key: str) -> None:
    assert sort_key(url) == key
