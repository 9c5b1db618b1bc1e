"""The work of extracting a page grows like the page, whatever traps it sets."""

import contextlib
import gc
import time
from datetime import UTC, date, datetime
from functools import partial

import pytest

from crawler.extraction import DiscoveredUrl
from crawler.extraction.extractor import ExtractionError
from tests.support.effort import calls
from tests.support.release_pages import BODY, SITE, URL, extract_page

pytestmark = pytest.mark.sweep
LISTED = DiscoveredUrl(url=URL, title="Mainās kārtība", published=date(2021, 3, 1), source="list")


@pytest.mark.parametrize(
    "piece",
    [
        "<h1>x", "<h2>x", "<noscript>x", "<template>x", "<select><option>x", "<x-y>x", "<dl><dt>a<dd>b",
        "<form><a href=/lv/x-y>Ministrija paziņo par darbiem</a>", "<div class='share related'><p>x",
    ],
)  # fmt: skip
def test_number_of_calls_grows_like_the_page(piece: str) -> None:
    def read(count: int) -> None:
        with contextlib.suppress(ExtractionError):
            extract_page(f"<h1>Mainās kārtība</h1><div>01.02.2021</div>{piece * count}{BODY}")

    read(10)
    few, many = (calls(partial(read, count)) for count in (500, 2_000))
    assert many < 6 * few


@pytest.mark.parametrize("template", ["tvp", "general"])
@pytest.mark.parametrize(
    ("before", "piece"),
    [
        ("<h1>Mainās kārtība</h1><dl>", "<dt>Nosaukums<dd>vērtība"),
        ("<h1>Mainās kārtība</h1><dl>", "<dt>Publicēts:<dd>01.02.2021."),
        ("<h1>Mainās kārtība</h1>", "<p>Rinda par tulkojumu</p>"),
        ("<h1>Mainās kārtība</h1>", "Rinda par darbu<br>"),
        ("<title>Rinda</title>" + "<div>" * 100, "<i>Rinda par darbu</i> "),
    ],
    ids=["pairs", "dated pairs", "paragraphs", "lines", "deep lines"],
)
def test_time_to_extract_grows_like_the_page(before: str, piece: str, template: str) -> None:
    site = SITE.model_copy(update={"template": template})

    def seconds(count: int) -> float:
        markup = f"{before}{BODY}{piece * count}"
        gc.disable()  # each collection would visit all that other tests of this process keep
        try:
            began = time.process_time()
            with contextlib.suppress(ExtractionError):
                extract_page(markup, hints=LISTED, site=site)
            return time.process_time() - began
        finally:
            gc.enable()

    seconds(10)
    # Quadratic time would be 16 times as long.
    assert any(seconds(5_000) < 8 * max(seconds(1_250), 0.05) for _ in range(3))


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 50_000 + BODY,
        "<b>" * 50_000 + BODY,
        "<p>" * 100_000 + BODY,
        "<ul><li>" * 20_000 + BODY,
        "<table><tr><td>" * 5_000 + BODY,
        "<a href=x>y</a>" * 50_000 + BODY,
        "<span class='menu'>" * 20_000 + BODY,
        "\0<h1>\ud800</h1>" * 1_000 + BODY,
        "<!--" * 10_000 + BODY,
        "&#x110000;&bogus;" * 10_000 + BODY,
    ],
    ids=["div", "b", "p", "ul", "table", "links", "menu", "control", "comment", "entity"],
)
def test_trap_is_extracted_or_refused_in_bounded_time(markup: str) -> None:
    started = datetime.now(UTC)
    with contextlib.suppress(ExtractionError):
        extract_page(f"<h1>Mainās kārtība</h1><div>01.02.2021</div>{markup}")
    assert (datetime.now(UTC) - started).total_seconds() < 20
