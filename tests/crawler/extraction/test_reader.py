"""The reader returns why it extracted no release."""

import pytest

from crawler.extraction import PageKind
from crawler.extraction.reader import read
from tests.support.extraction_jobs import RELEASE, job_of


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
