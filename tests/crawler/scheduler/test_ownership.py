"""Sites that lead to each other's releases: each URL is one release, with its id and its history."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.check import check_store
from crawler.config import CrawlerConfig, Site
from crawler.downloader import Environment, Fetcher
from crawler.reextract import reextract
from crawler.scheduler.context import CrawlContext, FetchRecord
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.ownership import Owners, is_same_release
from crawler.scheduler.site_crawl import SiteCrawl
from crawler.store import Release, Store, StoredRelease
from crawler.store.rollback import roll_back
from tests.support.fetching import usual_tls
from tests.support.new_store import new_store
from tests.support.site_crawl import START, Handler, InProcessReader, Web, list_page, release_page
from tests.support.stored_release import RELEASE

IDS = ("agentura", "ministrija", "valdiba")
TEXTS = (
    "Pirmais teksts par darbiem Latgalē un Kurzemē šajā gadā.",
    "Otrs teksts par jauno likumu, ko pieņēma valdība otrdien.",
    "Trešais teksts par ceļiem, kuros rudenī sāks remontu Vidzemē.",
)


@dataclass(repr=False)
class World:
    """Several sites on the loopback, and their responses."""

    webs: dict[str, Web] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Return what a counterexample shows of it, beside the days that make the difference."""
        return f"<World of {len(self.webs)} sites>"

    def url(self, site: str, name: str) -> str:
        return f"{self.webs[site].origin}/lv/jaunums/{name}"

    def config(self) -> CrawlerConfig:
        return CrawlerConfig.model_validate(
            {
                "allow_origins": [web.origin.removeprefix("http://") for web in self.webs.values()],
                "politeness": {"delay_s": 0, "requests_per_s": 10_000},
                "limits": {"tries": 1, "failures_in_a_row": 50},
                "templates": {"t": {"rows": ["div.row"], "body": ["div.text"], "paths": ["^/lv/jaunums/"]}},
                "sites": [
                    {
                        "id": site,
                        "ministry": f"Iestāde {site}",
                        "template": "t",
                        "start": [self.webs[site].origin + "/lv/jaunumi"],
                    }
                    for site in IDS
                ],
            }
        )

    def publish(self, site: str, **pages: str | tuple[str, str]) -> None:
        """Let *site* list these releases: a text, or title|text, or the site and name it redirects to."""
        web = self.webs[site]
        texts = {name: content for name, content in pages.items() if isinstance(content, str)}
        titles = {name: title for name, text in texts.items() if (title := text.rpartition("|")[0])}
        web.pages = {"/lv/jaunumi": (200, list_page(*pages, **titles))}
        for name, content in pages.items():
            if isinstance(content, tuple):
                answer = (301, self.url(*content))
            else:
                title, _, text = content.rpartition("|")
                answer = (200, release_page(title or name, text)) if text else (404, "")
            web.pages[f"/lv/jaunums/{name}"] = answer


@pytest.fixture(scope="module")
def running() -> Iterator[World]:
    world = World()
    with ExitStack() as stack:
        for site in IDS:
            web = Web()
            handler = type("SiteHandler", (Handler,), {"web": web})
            server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), handler))
            web.origin = f"http://127.0.0.1:{server.server_address[1]}"
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            world.webs[site] = web
        yield world


@pytest.fixture
def world(running: World) -> World:
    for web in running.webs.values():
        web.pages = {"/lv/jaunumi": (200, list_page())}
    return running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "releases.sqlite3") as store:
        yield store


def crawl(
    world: World, store: Store, *, day: int = 0, order: Sequence[str] = IDS
) -> dict[str, tuple[str, str]]:
    """Crawl the sites in the given order; return the outcome of each URL."""
    config = world.config()
    now = START + timedelta(days=day)
    frontier = Frontier(store, config.recheck)
    run = frontier.start(now)
    visits: list[FetchRecord] = []
    hosts = [web.origin.removeprefix("http://") for web in world.webs.values()]
    with Fetcher(
        config.politeness,
        config.limits,
        hosts=hosts,
        allow_origins=config.allow_origins,
        environment=Environment(now=lambda: now, tls=usual_tls()),
    ) as fetcher:
        crawl = CrawlContext(
            config=config,
            store=store,
            run=run,
            fetch=fetcher.fetch,
            readers=InProcessReader(),
            on_commit=visits.extend,
            stop=threading.Event(),
            now=lambda: now,
        )
        by_id = {site.id: site for site in config.sites}
        for site in order:
            SiteCrawl(by_id[site], crawl).crawl()
    frontier.finish(run, now)
    return {visit.entry.request_url: (visit.end.outcome, visit.end.reason) for visit in visits}


def crawl_until_taken(world: World, store: Store, *, day: int) -> None:
    """Crawl on three days: another text under the same title is taken on the third."""
    for later in range(3):
        crawl(world, store, day=day + later)


def stored_at(world: World, store: Store, site: str, name: str) -> StoredRelease:
    stored = store.find(world.url(site, name))
    assert stored is not None
    return stored


AGENCY, MINISTRY = "agentura", "ministrija"


@pytest.mark.parametrize("order", [IDS, IDS[::-1]], ids=["agency first", "ministry first"])
def test_release_that_moves_to_another_site_keeps_its_history(
    world: World, store: Store, order: Sequence[str]
) -> None:
    world.publish(AGENCY, x=TEXTS[0])
    crawl(world, store)
    world.publish(AGENCY, x=TEXTS[1])
    crawl_until_taken(world, store, day=1)
    old = stored_at(world, store, AGENCY, "x")
    world.publish(MINISTRY, x=TEXTS[1])
    world.publish(AGENCY, x=(MINISTRY, "x"))
    crawl(world, store, day=4, order=order)
    moved = store.get(old.id)
    assert moved is not None
    assert (moved.release.site, moved.release.ministry) == (MINISTRY, f"Iestāde {MINISTRY}")
    assert (moved.release.url, moved.aliases) == (
        world.url(MINISTRY, "x"),
        (world.url(AGENCY, "x"),),
    )
    assert (moved.first_seen, [old.body[:7] for old in store.revisions(moved.id)]) == (START, ["Pirmais"])
    assert store.count() == 1


@pytest.mark.parametrize("listed_by_owner", [True, False])
def test_redirect_to_the_release_of_another_site_gives_it_an_address(
    world: World, store: Store, listed_by_owner: bool
) -> None:
    if listed_by_owner:
        world.publish(MINISTRY, y=f"x|{TEXTS[0]}")
    else:
        world.webs[MINISTRY].pages["/lv/jaunums/y"] = (200, release_page("x", TEXTS[0]))
    world.publish(AGENCY, x=(MINISTRY, "y"), z=TEXTS[2])
    for day in (0, 1):
        for order in (IDS, IDS[::-1]):
            crawl(world, store, day=day, order=order)
        shared = stored_at(world, store, AGENCY, "x")
        assert (shared.release.site, shared.release.url) == (MINISTRY, world.url(MINISTRY, "y"))
        assert store.count() == 2


def test_redirect_to_another_site_s_other_release_is_a_loss_on_the_second_day(
    world: World, store: Store
) -> None:
    world.publish(AGENCY, x=TEXTS[0], z=TEXTS[2])
    world.publish(MINISTRY, y=TEXTS[1])
    crawl(world, store)
    own = stored_at(world, store, AGENCY, "x").id
    world.publish(AGENCY, x=(MINISTRY, "y"), z=TEXTS[2])
    states = []
    for day in (1, 2, 3):
        crawl(world, store, day=day)
        states.append(stored_at(world, store, AGENCY, "x").state)
    assert states == ["present", "gone", "gone"]
    assert (stored_at(world, store, AGENCY, "x").id, stored_at(world, store, MINISTRY, "y").aliases) == (
        own,
        (),
    )
    world.publish(AGENCY, x=TEXTS[0], z=TEXTS[2])
    crawl(world, store, day=4)
    assert (stored_at(world, store, AGENCY, "x").state, store.count()) == ("present", 3)


def test_release_is_guarded_by_its_own_site_alone(world: World, store: Store) -> None:
    names = [f"n{number}" for number in range(6)]
    world.publish(MINISTRY, **dict.fromkeys(names, TEXTS[0]))
    world.publish(AGENCY, **{name: (MINISTRY, name) for name in names})
    crawl(world, store)
    wall = (200, release_page("pieeja", "Lai lasītu šo lapu, lūdzu, piesakieties ar savu vārdu un paroli."))
    world.webs[MINISTRY].pages |= {f"/lv/jaunums/{name}": wall for name in names}
    for order in (IDS, IDS[::-1]):
        crawl(world, store, day=1, order=order)
    assert {stored_at(world, store, MINISTRY, name).release.body[:7] for name in names} == {"Pirmais"}
    world.webs[MINISTRY].pages |= {f"/lv/jaunums/{name}": (404, "") for name in names}
    for day in (2, 3):
        crawl(world, store, day=day)
    assert store.count_of(MINISTRY) == 6


def test_release_that_separates_again_has_its_history_back(world: World, store: Store) -> None:
    for day, text in ((0, TEXTS[0]), (3, TEXTS[1])):
        world.publish(AGENCY, x=text)
        crawl_until_taken(world, store, day=day)
    own = stored_at(world, store, AGENCY, "x").id
    world.publish(MINISTRY, x=TEXTS[1])
    world.publish(AGENCY, x=(MINISTRY, "x"))
    crawl(world, store, day=6)
    world.publish(AGENCY, x=TEXTS[2])
    crawl_until_taken(world, store, day=7)
    separated = stored_at(world, store, AGENCY, "x")
    assert (separated.id, separated.release.site, separated.release.body[:7]) == (own, AGENCY, "Trešais")
    assert [old.body[:5] for old in store.revisions(own)] == ["Otrs ", "Pirma"]
    assert stored_at(world, store, MINISTRY, "x").release.body.startswith("Otrs")


def test_undo_separates_releases_that_the_last_crawl_moved(world: World, store: Store) -> None:
    world.publish(AGENCY, x=TEXTS[0])
    crawl(world, store)
    before = stored_at(world, store, AGENCY, "x")
    world.publish(MINISTRY, x=TEXTS[0])
    world.publish(AGENCY, x=(MINISTRY, "x"))
    crawl(world, store, day=1)
    since = START + timedelta(days=1)
    assert roll_back(store, AGENCY, since=since, seen=since).present_again == (before.release.url,)
    again = stored_at(world, store, AGENCY, "x")
    assert (again.id, again.release, again.state) == (before.id, before.release, "present")
    assert stored_at(world, store, MINISTRY, "x").release.site == MINISTRY


def test_hidden_release_stays_hidden_when_it_moves_to_another_site(world: World, store: Store) -> None:
    world.publish(AGENCY, x=TEXTS[0])
    crawl(world, store)
    store.hide(world.url(AGENCY, "x"), seen=START)
    world.publish(MINISTRY, x=TEXTS[0])
    world.publish(AGENCY, x=(MINISTRY, "x"))
    crawl(world, store, day=1)
    assert (stored_at(world, store, MINISTRY, "x").state, store.count()) == ("hidden", 0)


def test_reextracted_pages_stay_with_the_site_that_owns_them(world: World, store: Store) -> None:
    world.publish(MINISTRY, x=TEXTS[0])
    world.publish(AGENCY, x=(MINISTRY, "x"))
    crawl(world, store)
    config = world.config()
    for site in config.sites:
        reextract(site, config, store, InProcessReader().submit)
    assert (stored_at(world, store, AGENCY, "x").release.site, store.owner(world.url(MINISTRY, "x"))) == (
        MINISTRY,
        MINISTRY,
    )


SITE = {"ministry": "M", "template": "t"}
SOME_SITES = [
    Site.model_validate(SITE | {"id": "a", "start": ["https://www.a.lv/lv"], "hosts": ["www2.a.lv", "b.lv"]}),
    Site.model_validate(SITE | {"id": "b", "start": ["https://b.lv/lv"], "deny": ["^/en/"]}),
    Site.model_validate(SITE | {"id": "c", "start": ["https://c.lv/lv/c"], "allow": ["^/lv/c/"]}),
    Site.model_validate(SITE | {"id": "d", "start": ["https://c.lv/lv/d"], "allow": ["^/lv/d/"]}),
]


@pytest.mark.parametrize(
    ("url", "finder", "stored", "owner"),
    [
        ("https://a.lv/x", "b", None, "a"),
        ("https://www2.a.lv/x", "b", "b", "a"),
        ("https://b.lv/lv/x", "a", None, "a"),
        ("https://b.lv/lv/x", "b", None, "b"),
        ("https://b.lv/lv/x", "a", "b", "b"),
        ("https://b.lv/lv/x", "b", "a", "a"),
        ("https://b.lv/lv/x", "c", None, "a"),
        ("https://b.lv/en/x", "b", "b", "a"),
        ("https://c.lv/lv/d/x", "c", "c", "d"),
        ("https://c.lv/lv/e/x", "c", "d", "c"),
        ("https://nowhere.lv/x", "c", "b", "c"),
    ],
)
def test_address_decides_the_owner(url: str, finder: str, stored: str | None, owner: str) -> None:
    by_id = {site.id: site for site in SOME_SITES}
    assert Owners(SOME_SITES).of(url, by_id[finder], stored).id == owner


@pytest.mark.parametrize(
    ("changed", "is_same"),
    [
        ({}, True),
        ({"lead": "Cits ievads.", "contact": "Preses nodaļa"}, True),
        ({"body": "Cits teksts."}, True),
        ({"body": "Cits teksts.", "title": RELEASE.title.upper()}, True),
        ({"body": "Cits teksts.", "title": "Cits virsraksts"}, False),
        ({"body": "Cits teksts.", "published": date(2026, 2, 28)}, False),
        ({"body": "Cits teksts.", "published": None}, False),
    ],
)
def test_text_or_title_and_day_make_the_same_release(changed: dict[str, object], *, is_same: bool) -> None:
    other = replace(RELEASE, site="mfa", url="https://mfa.example/x", **changed)  # type: ignore[arg-type]  # fields
    assert is_same_release(RELEASE, other) is is_same_release(other, RELEASE) is is_same


def test_undated_releases_of_one_title_are_two() -> None:
    one = replace(RELEASE, title="Paziņojums", published=None)
    assert not is_same_release(one, replace(one, body="Cits teksts."))


SITES = st.sampled_from(IDS)
NAMES = ("a", "b", "c")
# One text under several titles, one title for several texts, separate texts; 404; redirects.
PAGES = st.one_of(
    st.sampled_from([f"{title}{text}" for title in ("", "viens|", "divi|") for text in TEXTS]),
    st.just(""),
    st.tuples(SITES, st.sampled_from(NAMES)),
)
DAYS = st.tuples(
    st.dictionaries(st.tuples(SITES, st.sampled_from(NAMES)), PAGES, min_size=1),
    st.permutations(IDS),
    st.sampled_from(["", "", "", "hide", "undo", "reextract"]),
)


@pytest.mark.sweep
@given(days=st.lists(DAYS, min_size=1, max_size=4))
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_release_is_lost_whatever_redirects_where(
    world: World, days: list[tuple[dict[tuple[str, str], str | tuple[str, str]], list[str], str]]
) -> None:
    with TemporaryDirectory() as folder, new_store(Path(folder) / "releases.sqlite3") as store:
        texts: dict[str, set[str]] = {}
        urls: dict[str, str] = {}
        for day, (pages, order, afterwards) in enumerate(days):
            publish_all(world, pages)
            ends = crawl(world, store, day=day, order=order)
            assert "cannot be stored" not in {reason for _, reason in ends.values()}
            check(world, store, texts, urls)
            for (site, name), page in pages.items():
                if isinstance(page, str) and page:
                    assert stored_at(world, store, site, name).state in ("present", "hidden")
            act(afterwards, world, store, day, order[0])
            check(world, store, texts, urls, forgets=afterwards == "undo")


def publish_all(world: World, pages: dict[tuple[str, str], str | tuple[str, str]]) -> None:
    for site in IDS:
        world.publish(site, **{name: page for (of, name), page in pages.items() if of == site})


def act(what: str, world: World, store: Store, day: int, site: str) -> None:
    now = START + timedelta(days=day)
    config = world.config()
    if what == "hide":
        store.hide(world.url(site, "a"), seen=now)
    if what == "undo":
        roll_back(store, site, since=now, seen=now)
    if what == "reextract":
        for one in config.sites:
            reextract(one, config, store, InProcessReader().submit)


def check(
    world: World, store: Store, texts: dict[str, set[str]], urls: dict[str, str], *, forgets: bool = False
) -> None:
    """Assert the invariants; *texts* and *urls* are all that releases ever had."""
    assert all(finding.is_well for finding in check_store(store))
    owners = Owners(world.config().sites)
    rows = store.rows("SELECT id, url, moved_to FROM release")
    assert urls.items() <= {id_: url for id_, url, _ in rows}.items()
    urls.update({id_: url for id_, url, _ in rows})
    for id_, url, moved_to in rows:
        current = store.get(id_)
        assert current is not None
        assert current.id == (moved_to or id_)
        found = store.find(url)
        assert found is not None
        assert moved_to or found.id == id_
        release: Release = current.release
        owner = owners.of(release.url, world.config().sites[0], None).id
        assert owner == release.site == store.owner(release.url)
        kept = {release.body, *(old.body for old in store.revisions(current.id))}
        # A merged release has its history in the other one, and takes it along when it separates.
        own = store.rows("SELECT record ->> 'body' FROM release WHERE id = ?", id_)
        texts[id_] = {body for (body,) in own} | (set() if forgets else texts.get(id_, set()))
        assert texts[id_] <= kept
    for url, id_ in store.rows("SELECT url, release FROM alias"):
        found = store.find(url)
        assert found is not None
        assert store.owner(found.release.url) == found.release.site
        assert found.id == id_
