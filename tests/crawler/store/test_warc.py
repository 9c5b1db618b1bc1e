from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

from warcio.archiveiterator import ArchiveIterator

from crawler.page import Page
from crawler.store.warc import write_warc

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
    assert headers.get_header("content-encoding") is None


def test_several_headers_of_a_name_are_kept_as_several() -> None:
    page = replace(PAGE, headers={"x-robots-tag": "otherbot: nofollow\nnoindex"})
    out = BytesIO()
    write_warc([page], out, name="iem.warc.gz")
    out.seek(0)
    [headers] = [record.http_headers for record in ArchiveIterator(out) if record.rec_type == "response"]
    values = [value for name, value in headers.headers if name == "x-robots-tag"]
    assert values == ["otherbot: nofollow", "noindex"]
