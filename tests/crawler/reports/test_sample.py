"""`crawl --limit N --report`: how each page of a sample was read."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.support.crawl_command import crawl
from tests.support.hostile_site import HostileSite, page
from tests.support.small_site import list_of, release, rows

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
