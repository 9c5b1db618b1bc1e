from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.page import END_BYTES, Page, is_closed


def test_text_is_decoded_by_the_header_and_composed() -> None:
    page = Page(
        requested_url="u",
        url="u",
        status=200,
        headers={"content-type": "text/html; charset=windows-1257"},
        body="jūra, Rīga".encode("cp1257"),
        fetched=datetime(2026, 1, 1, tzinfo=UTC),
        chain=("u",),
    )
    assert page.text == "jūra, Rīga"
    decomposed = replace(page, headers={}, body="ju\u0304ra, Ri\u0304ga".encode())
    assert decomposed.text == "jūra, Rīga"


@pytest.mark.parametrize(
    ("body", "closed"),
    [
        (b"<html><p>x</p></html>", True),
        (b"<HTML><P>x</P></HTML>\n", True),
        (b"<html><p>x</p></html><!-- 0.2 s -->", True),
        (b"<html><p>x</p></html" + b" " * (END_BYTES - 6), True),
        (b"<html><p>x</p></html" + b" " * END_BYTES, False),
        (b"<html><p>x</p>", False),
        (b"", False),
    ],
)
def test_a_document_is_whole_if_its_end_tag_is_near_its_end(body: bytes, *, closed: bool) -> None:
    assert is_closed(body) is closed
