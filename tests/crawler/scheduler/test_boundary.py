"""`deny` at every door: known URLs, redirects, feeds, sitemaps, canonical addresses, files, other sites."""

from pathlib import Path

import pytest

from crawler.config import Guards, Site
from crawler.scheduler.boundary import Boundary
from crawler.store import Store
from crawler.store.sightings import sighting
from crawler.store.statistics import site_stats
from tests.support.new_store import new_store
from tests.support.site_crawl import TEN, Web, crawl, found, list_page, publish, release_page, report_of

DENY = {"deny": ["^/lv/jaunums/"]}
SECRET = "/lv/slepeni/x"
SECRETS = {"deny": ["^/lv/slepeni/"]}


def _requests_below(web: Web, folder: str) -> list[str]:
    return [path for path in web.requested if folder in path]


def test_known_releases_are_no_longer_asked_for_and_stay(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.requested.clear()
    for day in (1, 30, 90):
        _, objections = crawl(web, store, day=day, site=DENY)
        assert objections == ()
        assert report_of(store).reasons["denied"] == 10
    assert _requests_below(web, "/jaunums/") == []
    assert (store.count_of("iem"), site_stats(store, "iem").denied) == (10, 10)
    assert not sighting(store, found(web, store, "relize-1").release.url).is_asked


def test_releases_are_asked_for_again_once_they_are_no_longer_denied(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    crawl(web, store, day=1, site=DENY)
    web.pages["/lv/jaunums/relize-1"] = (
        200,
        release_page("relize-1", "Labots teksts par darbiem Vidzemē un Kurzemē šajā gadā."),
    )
    ends, _ = crawl(web, store, day=2)
    assert ends["/lv/jaunums/relize-1"] == "held"
    assert site_stats(store, "iem").denied == 0
    assert "Vidzemē" in found(web, store, "relize-1").release.body
    assert sighting(store, found(web, store, "relize-1").release.url).is_asked


def test_pending_losses_behind_deny_wait_no_longer(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    for name in TEN[:6]:
        web.pages[f"/lv/jaunums/{name}"] = (404, "")
    _, objections = crawl(web, store, day=1)
    assert objections == ("6 of 10 releases are missing at once",)
    _, objections = crawl(web, store, day=2, site=DENY)
    assert (objections, site_stats(store, "iem").held, store.count_of("iem")) == ((), 0, 10)


def test_denied_releases_are_no_loss_of_those_that_are_still_asked_for(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages[f"/lv/jaunums/{TEN[0]}"] = (404, "")
    for day in (1, 2):
        _, objections = crawl(web, store, day=day, site={"deny": ["relize-[1-9]$"]})
        assert objections == ()
    assert (found(web, store, TEN[0]).state, store.count_of("iem")) == ("gone", 9)


FEED = "<rss version='2.0'><channel><item><title>Paziņojums x</title><link>{}</link></item></channel></rss>"
SITEMAP = "<urlset><url><loc>{}</loc></url></urlset>"
NESTED = "<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>"


def _doors(origin: str) -> dict[str, dict[str, tuple[int, str]]]:
    """Return the pages of a site by the door that they open to a denied address."""
    listed = list_page("x")
    secret = origin + SECRET
    to_file = release_page("x").replace("</p>", f" <a href={SECRET}.pdf>Fails.pdf</a></p>")
    return {
        "a list": {"/lv/jaunumi": (200, listed.replace("/lv/jaunums/x", SECRET))},
        "a doubled slash": {"/lv/jaunumi": (200, listed.replace("/lv/jaunums/x", "/lv//slepeni/x"))},
        "an index page": {"/lv/jaunumi": (200, listed.replace("/lv/jaunums/x", "/index.php" + SECRET))},
        "a redirect": {"/lv/jaunumi": (200, listed), "/lv/jaunums/x": (301, SECRET)},
        "two redirects": {
            "/lv/jaunumi": (200, listed),
            "/lv/jaunums/x": (302, "/lv/tur"),
            "/lv/tur": (302, secret),
        },
        "a redirect of the list": {"/lv/jaunumi": (302, SECRET)},
        "a feed": {"/feed": (200, FEED.format(secret))},
        "a redirect in a feed": {
            "/feed": (200, FEED.format(f"{origin}/lv/jaunums/x")),
            "/lv/jaunums/x": (302, SECRET),
        },
        "a redirect of the feed": {"/feed": (302, SECRET)},
        "a sitemap": {"/map": (200, SITEMAP.format(secret))},
        "a nested sitemap": {"/map": (200, NESTED.format(secret))},
        "an attachment": {"/lv/jaunumi": (200, listed), "/lv/jaunums/x": (200, to_file)},
        "a redirect of a file": {
            "/lv/jaunumi": (200, listed),
            "/lv/jaunums/x": (200, to_file.replace(SECRET, "/fails")),
            "/fails.pdf": (302, SECRET),
        },
    }


@pytest.mark.parametrize("door", list(_doors("")))
def test_no_door_leads_to_a_denied_address(web: Web, store: Store, tmp_path: Path, door: str) -> None:
    web.pages = {SECRET: (200, release_page("x")), f"/index.php{SECRET}": (200, release_page("x"))}
    web.pages["/lv//slepeni/x"] = web.pages[SECRET]
    web.pages |= _doors(web.origin)[door]
    starts = {"feeds": [f"{web.origin}/feed"], "sitemaps": [f"{web.origin}/map"]}
    crawl(web, store, site=SECRETS | starts)
    assert _requests_below(web, "slepeni") == []
    assert store.find(web.origin + SECRET) is None
    with new_store(tmp_path / "another.sqlite3") as another:
        crawl(web, another, site=starts)
    assert _requests_below(web, "slepeni") != []  # without `deny` the same door leads there


def test_a_denied_canonical_address_is_not_taken(web: Web, store: Store) -> None:
    publish(web, "x")
    page = release_page("x").replace("<head>", f"<head><link rel=canonical href={web.origin}{SECRET}>")
    web.pages["/lv/jaunums/x"] = (200, page)
    crawl(web, store, site=SECRETS)
    assert (store.find(web.origin + SECRET), found(web, store, "x").state) == (None, "present")


def test_a_release_that_moves_behind_deny_stays_as_it_is(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store, guards=Guards(loss_share=0.01))
    web.pages["/lv/jaunums/relize-3"] = (301, SECRET)
    web.pages[SECRET] = (200, release_page("relize-3"))
    for day in (1, 2, 3):
        ends, objections = crawl(web, store, day=day, site=SECRETS, guards=Guards(loss_share=0.01))
        assert (ends["/lv/jaunums/relize-3"], objections) == ("failed", ())
    assert (found(web, store, "relize-3").state, store.count_of("iem")) == ("present", 10)


SITE = {"ministry": "M", "template": "t"}
A = Site.model_validate(SITE | {"id": "a", "start": ["https://a.lv/lv"], "deny": ["^/r/"]})
B = Site.model_validate(SITE | {"id": "b", "start": ["https://b.lv/lv"], "deny": ["^/s/", "^/t/"]})
C = Site.model_validate(SITE | {"id": "c", "start": ["https://b.lv/c"], "deny": ["^/s/"]})


@pytest.mark.parametrize(
    ("url", "is_admitted"),
    [
        ("https://a.lv/x", True),
        ("https://a.lv/r/x", False),
        ("https://a.lv//r/x", False),
        ("https://a.lv/%72/x", False),
        ("https://www.a.lv/index.php/r/x?y=1", False),
        ("https://a.lv/x?to=/r/x", True),
        ("https://b.lv/r/x", False),
        ("https://b.lv/s/x", False),
        ("https://b.lv/t/x", True),  # site c takes it
        ("https://b.lv/u/x", True),
    ],
)
def test_a_site_asks_for_no_address_that_it_or_all_its_owners_deny(url: str, *, is_admitted: bool) -> None:
    assert Boundary(A, (A, B, C)).admits(url) is is_admitted


def test_another_site_denies_nothing_to_the_site_that_has_the_host() -> None:
    def site(id_: str, *deny: str) -> Site:
        return Site.model_validate(
            {
                "id": id_,
                "ministry": "M",
                "template": "t",
                "start": ["https://shared.example/"],
                "deny": deny,
            }
        )

    own, other = site("own", "^/slepeni/"), site("other", "^/r/")
    for mine, theirs, denied in ((own, other, "/slepeni/x"), (other, own, "/r/x")):
        boundary = Boundary(mine, (mine, theirs))
        for path in ("/r/x", "/slepeni/x", "/lv"):
            assert boundary.admits(f"https://shared.example{path}") is (path != denied)
