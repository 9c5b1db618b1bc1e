"""Robots rules follow the specification."""

from datetime import UTC, datetime

import pytest

from crawler.extraction.html.parse import parse_html
from crawler.extraction.robots_meta import refuses_index, refuses_links

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OURS = "preses-relizes"
NOTHING = parse_html("<h1>Virsraksts</h1>")


@pytest.mark.parametrize(
    ("header", "refused"),
    [
        ("noindex", True),
        ("NOINDEX, nofollow", True),
        ("none", True),
        ("nofollow,noindex", True),
        ("noindex nofollow", True),
        ("", False),
        ("all", False),
        ("index, follow", False),
        ("nofollow", False),
        ("noimageindex", False),
        ("noindexed", False),
        ("max-image-preview:none", False),
        ("max-image-preview: none", False),
        ("max-snippet:0, max-image-preview:none, max-video-preview:-1", False),
        ("otherbot: noindex", False),
        ("otherbot: noindex, nofollow", False),
        ("otherbot: nofollow, noindex", False),
        ("otherbot:none", False),
        ("googlebot: max-image-preview:none", False),
        ("preses-relizes: noindex", True),
        ("Preses-Relizes: none", True),
        ("otherbot: noindex, preses-relizes: nofollow", False),
        ("otherbot: nofollow, preses-relizes: noindex", True),
        ("preses-relizes: nofollow, otherbot: noindex", False),
        ("noindex, otherbot: nofollow", True),
        ("*: noindex", True),
        # several headers
        ("otherbot: nofollow\nnoindex", True),
        ("otherbot: noindex\nnofollow", False),
        ("otherbot: nofollow\npreses-relizes: noindex", True),
        # until when
        ("unavailable_after: 25 Jun 2010 15:00:00 PST", True),
        ("unavailable_after: Wednesday, 25-Jun-25 15:00:00 GMT", True),
        ("unavailable_after: Fri, 25 Jun 2027 15:00:00 GMT", False),
        ("unavailable_after: Fri, 25 Jun 2027 15:00:00 GMT, noindex", True),
        ("unavailable_after: Fri, 25 Jun 2027 15:00:00 GMT, otherbot: noindex", False),
        ("unavailable_after: 2025-01-01", True),
        ("unavailable_after: 2027-01-01T10:00:00+02:00", False),
        ("unavailable_after: none", False),
        ("unavailable_after:", False),
        ("otherbot: unavailable_after: 2025-01-01", False),
        ("preses-relizes: unavailable_after: 2025-01-01", True),
        (":, ,:noindex", False),
    ],
)
def test_header_applies_by_rule_and_robot(header: str, refused: bool) -> None:
    assert refuses_index(header, NOTHING, OURS, NOW) == refused


META = "<meta name=robots content=noindex>"


@pytest.mark.parametrize(
    ("markup", "refused"),
    [
        (f"<head>{META}</head><h1>V</h1>", True),
        (f"{META}<h1>V</h1>", True),
        ("<head><META CONTENT='NOINDEX' NAME='ROBOTS'></head>", True),
        ("<head><meta name='robots' content='index'><meta name=robots content='none'></head>", True),
        ("<head><meta name=preses-relizes content=noindex></head>", True),
        ("<head><meta name=robots content='max-image-preview:none'></head>", False),
        ("<head><meta name=robots content='max-image-preview: none, max-snippet: -1'></head>", False),
        ("<head><meta name=googlebot content=noindex></head>", False),
        ("<head><meta name=otherbot content=noindex></head>", False),
        ("<head><meta property=robots content=noindex></head>", False),
        ("<head><meta name=description content=noindex></head>", False),
        ("<head><meta name=description content='name=robots noindex'></head>", False),
        ("<head><meta name=robots></head>", False),
        (f"<head><!-- {META} --></head>", False),
        (f"<head><!--[if IE]>{META}<![endif]--></head>", False),
        (f"<head><script>'{META}'</script></head>", False),
        (f"<head><script type=text/template>{META}</script></head>", False),
        (f"<head><style>{META}</style></head>", False),
        (f"<head><title>{META}</title></head>", False),
        (f"<head><noscript>{META}</noscript></head>", False),
        (f"<head><template>{META}</template></head>", False),
        (f"<body><textarea>{META}</textarea>", False),
        (f"<body><h1>V</h1><pre>{META}</pre>", False),
        (f"<body><h1>V</h1>{META}</body>", False),
        (f"<body><h1>V</h1><head>{META}</head></body>", False),
        (f"<body><svg>{META}</svg><iframe srcdoc='{META}'></iframe>", False),
        ("<h1>V</h1>&lt;meta name=robots content=noindex&gt;", False),
    ],
)
def test_meta_element_applies_only_in_the_head(markup: str, refused: bool) -> None:
    assert refuses_index("", parse_html(f"<html>{markup}<p>Teksts</p>"), OURS, NOW) == refused


@pytest.mark.parametrize(
    ("said", "refused"),
    [("nofollow", True), ("none", True), ("noindex", False), ("max-image-preview:none", False)],
)
def test_nofollow_is_respected(said: str, refused: bool) -> None:
    elements = parse_html(f"<head><meta name=robots content='{said}'></head><a href=/x>x</a>")
    assert refuses_links(elements, OURS) == refused


def test_long_header_is_cut() -> None:
    assert refuses_index("noindex," + "unavailable_after:x," * 500_000, NOTHING, OURS, NOW)


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "has_expired"),
    [
        ("2026-03-01T12:00:00+00:00", False),
        ("2026-03-01T11:59:59+00:00", True),
        ("2026-03-01T12:00:01", False),
        ("2026-03-01T11:59:59", True),
        ("Sun, 01 Mar 2026 13:00:00 +0200", True),
        ("Sun, 01 Mar 2026 15:00:00 +0200", False),
        ("soon", False),
        ("", False),
    ],
)
def test_a_page_may_say_until_when_it_is_offered(until: str, *, has_expired: bool) -> None:
    page = parse_html(f"<html><head><meta name=robots content='unavailable_after: {until}'></head></html>")
    empty = parse_html("<html><head></head></html>")
    assert refuses_index("", page, "preses-relizes", NOON) is has_expired
    assert refuses_index(f"unavailable_after: {until}", empty, "preses-relizes", NOON) is has_expired
