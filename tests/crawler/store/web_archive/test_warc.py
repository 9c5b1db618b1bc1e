import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from crawler.page import Page
from crawler.store.log.log_rows import LogRows
from crawler.store.pages import Pages
from crawler.store.web_archive.warc import log_headers, write_warc
from tests.support.kept_log import invented, keep_log

PAGE = Page(
    requested_url="https://iem.gov.lv/lv/jaunums/x",
    url="https://www.iem.gov.lv/lv/jaunums/x",
    status=200,
    headers={"content-type": "text/html; charset=utf-8", "content-encoding": "gzip", "content-length": "7"},
    body="<h1>Drošība</h1>".encode(),
    fetched=datetime(2026, 11, 25, 8, 30, tzinfo=UTC),
    chain=("https://iem.gov.lv/lv/jaunums/x", "https://www.iem.gov.lv/lv/jaunums/x"),
)


def test_exported_page_is_read_back_decoded() -> None:
    out = BytesIO()
    assert write_warc([PAGE], out, name="iem.warc.gz") == 1
    out.seek(0)
    [response] = [
        (record.rec_headers, record.http_headers, record.content_stream().read())
        for record in ArchiveIterator(out)
        if record.rec_type == "response"
    ]
    about, headers, body = response
    assert body == PAGE.body
    assert about.get_header("WARC-Target-URI") == PAGE.url
    assert about.get_header("WARC-Date") == "2026-11-25T08:30:00Z"
    algorithm, digest = about.get_header("WARC-Payload-Digest").split(":")
    assert (algorithm, base64.b32decode(digest)) == ("sha256", hashlib.sha256(PAGE.body).digest())
    assert headers.get_header("content-encoding") is None


def test_several_headers_of_a_name_are_kept_as_several() -> None:
    page = replace(PAGE, headers={"x-robots-tag": "otherbot: nofollow\nnoindex"})
    out = BytesIO()
    write_warc([page], out, name="iem.warc.gz")
    out.seek(0)
    [headers] = [record.http_headers for record in ArchiveIterator(out) if record.rec_type == "response"]
    values = [value for name, value in headers.headers if name == "x-robots-tag"]
    assert values == ["otherbot: nofollow", "noindex"]


def test_every_page_is_a_record_with_its_status_and_headers_but_those_of_its_transfer() -> None:
    transfer = dict.fromkeys(
        ("Content-Encoding", "transfer-encoding", "content-length", "connection", "keep-alive"), "x"
    )
    riga = timezone(timedelta(hours=2))
    moved = replace(
        PAGE,
        status=404,
        url="https://iem.gov.lv/y",
        headers={"x-a": "1", **transfer, "x-b": "2"},
        body=b"",
        fetched=datetime(2026, 11, 25, 8, 30, 5, tzinfo=riga),
    )
    out = BytesIO()
    assert write_warc([PAGE, moved], out, name="iem.warc.gz") == 2
    assert out.getvalue()[:2] == b"\x1f\x8b"
    out.seek(0)
    records = [
        (record.rec_type, record.rec_headers, record.http_headers, record.content_stream().read())
        for record in ArchiveIterator(out)
    ]
    assert [kind for kind, *_ in records] == ["warcinfo", "response", "response"]
    assert records[0][1].get_header("WARC-Filename") == "iem.warc.gz"
    assert records[0][3] == b"format: WARC File Format 1.0\r\n"
    _, about, http, body = records[2]
    assert (about.get_header("WARC-Target-URI"), body) == ("https://iem.gov.lv/y", b"")
    assert about.get_header("WARC-Date") == "2026-11-25T06:30:05Z"
    assert (http.protocol, http.statusline) == ("HTTP/1.1", "404 Not Found")
    assert http.headers == [("x-a", "1"), ("x-b", "2"), ("content-length", "0")]


def test_digests_of_a_file_are_right() -> None:
    out = BytesIO()
    write_warc([PAGE, replace(PAGE, body=b"")], out, name="iem.warc.gz")
    out.seek(0)
    for record in ArchiveIterator(out, check_digests="raise"):
        record.content_stream().read()
        assert record.digest_checker.problems == []


def test_a_response_of_the_log_names_its_leaf_and_opens_its_commitment(tmp_path: Path) -> None:
    kept, releases, digest = keep_log(tmp_path), invented(3), hashlib.sha256(PAGE.body).digest()
    with kept.open() as store:
        for release in releases:
            store.save(release, seen=PAGE.fetched)
            Pages(store).keep(release.url, PAGE)
    kept.extend()
    with kept.open() as store:
        rows = LogRows(store)
        of_log = log_headers(rows)
        for place, release in enumerate(releases):
            headers = of_log(release.url, digest)
            opened = hashlib.sha256(base64.b64decode(headers["Log-Response-Nonce"]) + digest).digest()
            [leaf] = rows.entries(place, place + 1)
            assert int(headers["Log-Leaf"]) == place
            assert json.loads(leaf)["response_commitment"] == base64.b64encode(opened).decode()
        assert of_log(releases[0].url, bytes(32)) == {}
