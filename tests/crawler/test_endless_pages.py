"""A site whose list leads to endless pages without a release: each crawl reads a bounded number of them."""

import json
from pathlib import Path
from random import Random

import pytest

from crawler.scheduler.reasons import TOO_MANY_MISSES
from crawler.store import Store
from tests.support.crawl_command import crawl
from tests.support.hostile_site import HostileSite, Visit, answer, page
from tests.support.small_site import CONFIG, list_of, release, rows

pytestmark = pytest.mark.sweep

NAMES = tuple("abcdefghijkl")
MISSES_MAX = 60
# Those that are fetched or read when the bound is reached.
UNDER_WAY_MAX = 48


def _row(path: str) -> str:
    return f"<div class=row><a href={path}>Nejauši izvēlēta lapa {path}</a> 01.02.2026.</div>"


def _random_rows(drawn: Random) -> str:
    """Return rows that lead to the same address, and each to a new one in a folder of its own."""
    paths = (f"/trap{drawn.randrange(10**6)}/random?x={drawn.randrange(10**6)}" for _ in range(12))
    return "".join(map(_row, ("/trap/random", *paths)))


def test_endless_random_pages_take_a_bounded_number_of_requests_a_crawl(tmp_path: Path) -> None:
    drawn = Random(3)
    guards = f"[crawler.guards]\nmisses_at_once = {MISSES_MAX}\n[crawler.templates.t]\nnext_page = ['a.next']"

    def answer_randomly(visit: Visit) -> None:
        if not visit.request.path.startswith("/lv/jaunumi?page="):
            visit.send(answer(f"<html lang=lv><main><h1>Kalendārs</h1>{visit.request.path}</main>"))
            return
        number = int(visit.request.path.partition("=")[2])
        following = f"<a class=next href=/lv/jaunumi?page={number + 1}>Nākamā</a>"
        visit.send(answer(list_of(_random_rows(drawn) + following)))

    with HostileSite(missing=answer_randomly) as site:
        first = "<a class=next href=/lv/jaunumi?page=1>Nākamā</a>"
        site.scripts["/lv/jaunumi"] = page(list_of(rows(*NAMES) + _random_rows(drawn) + first))
        site.scripts |= {f"/lv/jaunums/{name}": page(release(name)) for name in NAMES}
        config = tmp_path / "config.toml"
        whole = CONFIG.format(origin=site.origin).replace("[crawler.templates.t]", guards)
        config.write_text(whole, encoding="utf-8")
        read, left = [], []
        for _ in range(4):
            site.requests.clear()
            (outcome,) = json.loads(crawl(config, "--json").stdout)["sites"]
            left.append(outcome["reasons"].get(TOO_MANY_MISSES, 0))
            read.append({path for path in site.paths if path.startswith("/trap")})
            assert {f"/lv/jaunums/{name}" for name in NAMES} <= set(site.paths)
    assert all(len(paths) <= MISSES_MAX + UNDER_WAY_MAX for paths in read)
    assert len(set().union(*read)) > MISSES_MAX + UNDER_WAY_MAX
    assert min(left[1:]) > 0
    with Store.open_readonly(tmp_path / "data" / "releases.sqlite3") as store:
        assert store.count() == len(NAMES)
