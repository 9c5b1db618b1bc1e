"""The address under which a release is kept: moves, and right and wrong canonical URLs."""

import pytest

from crawler.config import Guards
from crawler.reextract import reextract
from crawler.store import Store
from tests.support.site_crawl import (
    TEN,
    InProcessReader,
    Web,
    config_for,
    crawl,
    found,
    publish,
    release_page,
)


def test_moved_release_keeps_its_history(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    old = found(web, store, "relize-3").id
    web.pages["/lv/jaunums/jauna-vieta"] = (200, release_page("relize-3"))
    web.pages["/lv/jaunums/relize-3"] = (301, "/lv/jaunums/jauna-vieta")
    crawl(web, store, day=1)
    moved = store.get(old)
    assert moved is not None
    assert (moved.release.url, store.count()) == (f"{web.origin}/lv/jaunums/jauna-vieta", 10)


def canonical_page(name: str, canonical: str, text: str) -> str:
    link = f"<head><link rel=canonical href=/lv/jaunums/{canonical}>"
    return release_page(name, text).replace("<head>", link)


@pytest.mark.parametrize("declared", ["relize-0", "relize-2"])
def test_pages_that_share_a_wrong_canonical_address_stay_apart(web: Web, store: Store, declared: str) -> None:
    names = TEN[:4]
    publish(web, *names)
    texts = {name: f"Savs teksts par to, kas notiek novadā {name}, un vairāk nekas." for name in names}
    web.pages |= {f"/lv/jaunums/{name}": (200, canonical_page(name, declared, texts[name])) for name in names}
    crawl(web, store)
    web.pages["/lv/jaunums/relize-1"] = (
        200,
        canonical_page(
            "relize-1", declared, "Labots teksts par to, kas notiek citā novadā, un vairāk nekas."
        ),
    )
    _, objections = crawl(web, store, day=1)
    assert objections == ()
    bodies = {name: found(web, store, name).release.body for name in names}
    assert bodies == {name: f"{texts[name]} {name}." for name in names} | {
        "relize-1": "Labots teksts par to, kas notiek citā novadā, un vairāk nekas. relize-1."
    }
    config = config_for(web, Guards(), 500)
    outcomes = reextract(config.sites[0], config, store, InProcessReader().submit)
    assert outcomes == {"unchanged": 4}  # of the edited one, too, the page is stored


def test_pages_that_share_a_true_canonical_address_are_one_release(web: Web, store: Store) -> None:
    publish(web, *TEN[:4])
    same = canonical_page("relize-0", "relize-0", "Viens teksts par to, kas notiek novadā.")
    web.pages |= {f"/lv/jaunums/{name}": (200, same) for name in TEN[:2]}
    for day in (0, 1):
        crawl(web, store, day=day)
        assert store.count_of("iem") == 3
