"""Pages far larger than real ones: their releases are found, in bounded memory."""

import gzip
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.bombs import gzip_of_zeros
from tests.support.hostile_site import HostileSite, Script, page
from tests.support.small_site import CONFIG, list_of, release, rows
from tests.support.watched import run_watched

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux: reads memory from /proc"),
]


# Over all processes of a crawl, as if they shared nothing: 295 to 310 are measured.
MEMORY_MB_MAX = 330


HONEST = tuple(f"relize-{number}" for number in range(10))


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with HostileSite(missing=page(status=404)) as site:
        site.scripts |= {f"/lv/jaunums/{name}": page(release(name)) for name in HONEST}
        yield site


def crawl_site(site: HostileSite, folder: Path) -> dict[str, dict[str, int]]:
    """Crawl as a user does with the default limits; return the report of the site."""
    [report] = crawl_all(CONFIG.format(origin=site.origin), folder)
    return report


def crawl_all(settings: str, folder: Path) -> list[dict[str, dict[str, int]]]:
    """Crawl by *settings* in bounded memory; return the reports of the sites."""
    config = folder / "config.toml"
    config.write_text(settings, encoding="utf-8")
    done, peak_mb = run_watched([Path(sys.executable).parent / "crawl", "--config", config, "--json"])
    assert done.returncode == 0, done.stderr + done.stdout
    assert peak_mb < MEMORY_MB_MAX
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)["sites"]  # type: ignore[no-any-return]  # JSON


def links() -> str:
    return "".join(f'<a href="/l/{number}">saite {number}</a>\n' for number in range(100_000))


def false_rows() -> str:
    return rows(*(f"viltus-{number}" for number in range(100_000)))


# 3.4 MB; 14 MB, which exceeds the limits; the same 14 MB in 400 KB of gzip.
LISTS: dict[str, Callable[[], Script]] = {
    "links": lambda: page(list_of(rows(*HONEST) + links())),
    "rows": lambda: page(list_of(rows(*HONEST) + false_rows())),
    "packed rows": lambda: page(
        gzip.compress(list_of(rows(*HONEST) + false_rows()).encode()), content_encoding="gzip"
    ),
    "inlined image": lambda: page(
        list_of(f"<img src='data:image/png;base64,{'A' * 1_500_000}'>{rows(*HONEST)}")
    ),
}


@pytest.mark.long_sweep
@pytest.mark.parametrize("name", LISTS)
def test_list_of_a_hundred_thousand_links_leads_to_its_releases(
    site: HostileSite, tmp_path: Path, name: str
) -> None:
    site.scripts["/lv/jaunumi"] = LISTS[name]()
    report = crawl_site(site, tmp_path)
    assert report["outcomes"]["new"] == len(HONEST)
    assert len(site.paths) <= 200
    assert ("list: too large, read in part" in report["reasons"]) is (name != "inlined image")


def test_releases_after_thirty_thousand_links_are_found(site: HostileSite, tmp_path: Path) -> None:
    row = (
        "<li><time datetime=2016-02-01>01.02.2016.</time> <a href=/lv/arhivs/{}>Dokuments par lietām {}</a>\n"
    )
    before = "".join(row.format(number, number) for number in range(30_000))
    site.scripts["/lv/jaunumi"] = page(list_of(before + rows(*HONEST)))
    report = crawl_site(site, tmp_path)
    assert report["outcomes"]["new"] == len(HONEST)


def test_many_large_pages_take_no_more_memory_than_one(site: HostileSite, tmp_path: Path) -> None:
    large = [f"liela-{number}" for number in range(12)]
    site.scripts["/lv/jaunumi"] = page(list_of(rows(*HONEST, *large)))
    site.scripts |= {f"/lv/jaunums/{name}": page(release(name, paragraphs=45_000)) for name in large}
    report = crawl_site(site, tmp_path)
    assert report["outcomes"]["new"] == len(HONEST) + len(large)
    assert report["reasons"]["too large, read in part"] == len(large)


# Markup around an honest text; each kind is expensive to read in its own way.
BURDENS = {
    "tabula": "<table>" + "<tr><td>1<td>2" * 60_000 + "</table>",
    "zimejums": "<svg>" + "<path d='M0 0L1 1'/>" * 60_000 + "</svg>",
    "izvele": "<select>" + "<option>x" * 100_000 + "</select>",
    "dzilums": "<b><i>" * 60_000,
    "atributs": f"<img alt='{'a' * 3_000_000}'>",
    "atributi": f"<p {' '.join(f'a{number}=1' for number in range(100_000))}>x</p>",
    "saites": "".join(f"<a href=/lv/jaunums/{number}>{number}</a>" for number in range(20_000)),
    "vards": "<p>" + "x" * 2_000_000,
    "komentars": f"<!-- {'k ' * 1_500_000}-->",
    "dati": f"<script type='application/ld+json'>[{'1,' * 400_000}1]</script>",
}


def test_burdens_of_every_kind_at_once_hide_no_text(site: HostileSite, tmp_path: Path) -> None:
    site.scripts["/lv/jaunumi"] = page(list_of(rows(*HONEST, *BURDENS)))
    before = {"komentars", "dati"}
    for name, burden in BURDENS.items():
        text = release(name)
        # Only the end of a page is cut off.
        burdened = text.replace("<main>", f"{burden}<main>") if name in before else text + burden
        site.scripts[f"/lv/jaunums/{name}"] = page(burdened)
    report = crawl_site(site, tmp_path)
    assert report["outcomes"]["new"] == len(HONEST) + len(BURDENS)


def test_large_pages_of_many_sites_take_no_more_memory_than_one(tmp_path: Path) -> None:
    sites_at_once = 6
    settings = ""
    with ExitStack() as stack:
        for number in range(sites_at_once):
            site = stack.enter_context(HostileSite(missing=page(status=404)))
            site.scripts |= {f"/lv/jaunums/{name}": page(release(name)) for name in HONEST}
            site.scripts["/lv/jaunumi"] = LISTS["rows"]()
            one = CONFIG.format(origin=site.origin).replace('id = "iem"', f'id = "iem-{number}"')
            before, head, table = one.partition("[[crawler.sites]]")
            settings = (settings or before) + head + table
        settings = re.sub(r"allow_origins = .*", f"allow_origins = {origins_of(settings)}", settings)
        reports = crawl_all(settings, tmp_path)
    assert [report["outcomes"]["new"] for report in reports] == [len(HONEST)] * sites_at_once


def origins_of(settings: str) -> str:
    return json.dumps(re.findall(r"http://([\d.:]+)/", settings))


def test_release_over_the_limits_is_refused_and_named(site: HostileSite, tmp_path: Path) -> None:
    site.scripts["/lv/jaunumi"] = page(list_of(rows(*HONEST, "milzu", "bumba")))
    site.scripts["/lv/jaunums/milzu"] = page(release("milzu", paragraphs=600_000))
    bomb = gzip.compress(gzip_of_zeros(200))
    site.scripts["/lv/jaunums/bumba"] = page(bomb, content_encoding="gzip, gzip")
    report = crawl_site(site, tmp_path)
    assert (report["outcomes"]["new"], report["reasons"]["too-large"]) == (len(HONEST), 2)


def _feed_of(entries: int, origin: str) -> str:
    """Return a feed of many entries, the oldest first; the last lead to releases."""
    names = [*(f"veca-{number}" for number in range(entries - len(HONEST))), *HONEST]
    first = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(hours=len(names))
    items = "".join(
        f"<item><title>Paziņojums {name}</title><link>http://{origin}/lv/jaunums/{name}</link>"
        f"<description>{'Ministrija paziņo par darbiem. ' * 5}</description>"
        f"<pubDate>{first + timedelta(hours=number):%a, %d %b %Y %H:%M:%S} +0200</pubDate></item>"
        for number, name in enumerate(names)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Jaunumi</title>{items}</channel></rss>"


def test_the_newest_of_a_feed_of_fifty_thousand_are_found(site: HostileSite, tmp_path: Path) -> None:
    site.scripts["/lv/jaunumi"] = page(list_of(""))
    site.scripts["/feed"] = page(_feed_of(50_000, site.origin), content_type="application/rss+xml")
    settings = CONFIG.format(origin=site.origin) + f'feeds = ["http://{site.origin}/feed"]\n'
    [report] = crawl_all(settings, tmp_path)
    assert report["outcomes"]["new"] == len(HONEST)
    assert report["reasons"]["feed: too large, read in part"] == 1
