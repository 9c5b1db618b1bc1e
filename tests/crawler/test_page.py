from datetime import UTC, datetime

from crawler.page import Page


def test_text_is_decoded_by_the_header_and_composed() -> None:
    page = Page(
        requested_url="u",
        url="u",
        status=200,
        headers={"content-type": "text/html; charset=windows-1257"},
        body="ju\u0304ra, Rīga".replace("u\u0304", "ū").encode("cp1257"),
        fetched=datetime(2026, 1, 1, tzinfo=UTC),
        chain=("u",),
    )
    assert page.text == "jūra, Rīga"
