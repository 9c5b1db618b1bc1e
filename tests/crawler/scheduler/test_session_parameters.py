"""Session parameters are learnt from crawl to crawl; parameters that tell releases apart never are."""

from collections.abc import Callable

import pytest

from crawler.scheduler.session_parameters import SessionParameters
from crawler.store import Store
from crawler.store.sightings import QueriedUrl
from tests.support.site_crawl import TEN, Web, crawl, list_page, release_page


class Sessions(dict[str, tuple[int, str]]):
    """The pages of a site that adds `?s=…` to each link, and ignores it."""

    def get(self, path: str, default: object = None) -> tuple[int, str]:  # type: ignore[override]
        return super().get(path.partition("?s=")[0], default)  # type: ignore[arg-type, return-value]


def _list_of(names: tuple[str, ...], session: str) -> tuple[int, str]:
    page = list_page(*names)
    for name in names:
        page = page.replace(f"/lv/jaunums/{name}>", f"/lv/jaunums/{name}?s={session}>")
    return 200, page


def _publish(web: Web, names: tuple[str, ...], session: str) -> None:
    web.pages = Sessions({f"/lv/jaunums/{name}": (200, release_page(name)) for name in names})
    web.pages["/lv/jaunumi"] = _list_of(names, session)


def _requests(web: Web, store: Store, day: int) -> int:
    web.requested.clear()
    _, objections = crawl(web, store, day=day)
    assert objections == ()
    return sum("?s=" in path for path in web.requested)


def test_a_session_in_the_links_makes_no_more_requests_each_day(web: Web, store: Store) -> None:
    for day, session in enumerate(["3f9a", "77b0", "c1d2", "e5f6", "0a9b", "d4c3"]):
        _publish(web, TEN, session)
        made = _requests(web, store, day)
        assert made == (20 if day == 1 else 10)  # on the second day, it is not learnt yet
        assert store.count_of("iem") == len(TEN)
    stored = store.find(f"{web.origin}/lv/jaunums/relize-1?s=3f9a")
    assert stored is not None
    assert len(stored.aliases) <= 2


def test_a_session_in_the_links_between_list_pages_adds_no_list_pages(web: Web, store: Store) -> None:
    made = []
    for day, session in enumerate(["3f9a", "77b0", "c1d2", "e5f6"]):
        _publish(web, TEN[:5], session)
        pager = f"<a class=next href='/lv/jaunumi/2?s={session}'>Nākamā</a></main>"
        first = web.pages["/lv/jaunumi"][1].replace("</main>", pager)
        web.pages |= {f"/lv/jaunums/{name}": (200, release_page(name)) for name in TEN[5:]}
        web.pages["/lv/jaunumi"] = (200, first)
        web.pages["/lv/jaunumi/2"] = _list_of(TEN[5:], session)
        web.requested.clear()
        crawl(web, store, day=day, template={"next_page": ["a.next"]})
        made.append(sum("/lv/jaunumi/2" in path for path in web.requested))
    assert (made[2:], store.count_of("iem")) == ([1, 1], 10)
    [(lists,)] = store.rows("SELECT count(*) FROM frontier WHERE kind = 'list'")
    assert lists == 3


def test_new_releases_are_found_once_a_session_is_learnt(web: Web, store: Store) -> None:
    for day, session in enumerate(["3f9a", "77b0", "c1d2"]):
        _publish(web, TEN, session)
        _requests(web, store, day)
    _publish(web, (*TEN, "jauna-1"), "e5f6")
    _requests(web, store, 3)
    _publish(web, (*TEN, "jauna-1", "jauna-2"), "e5f6")
    _requests(web, store, 4)
    _publish(web, (*TEN, "jauna-1", "jauna-2"), "0a9b")
    assert _requests(web, store, 5) <= 12
    assert store.count_of("iem") == 12


def test_a_page_whose_first_address_fails_is_asked_for_at_the_new_one(web: Web, store: Store) -> None:
    for day, session in enumerate(["3f9a", "77b0", "c1d2"]):
        _publish(web, TEN, session)
        _requests(web, store, day)

    class Expired(Sessions):
        def get(self, path: str, default: object = None) -> tuple[int, str]:  # type: ignore[override]
            return (404, "") if path.endswith(("3f9a", "77b0")) else super().get(path, default)

    for day, session in ((3, "e5f6"), (4, "0a9b"), (5, "d4c3"), (6, "1f2e")):
        _publish(web, TEN, session)
        web.pages = Expired(web.pages)
        crawl(web, store, day=day)
    assert store.count_of("iem") == len(TEN)


def _row(url: str, found: int, release: str | None, *, has_failed: bool = False) -> QueriedUrl:
    return QueriedUrl(url=url, found=found, release=release, has_failed=has_failed)


def _site(value: Callable[[int, int], str], *, runs: int = 3, releases: int = 5) -> list[QueriedUrl]:
    """Return the URLs of releases that were found in each run with another value of a parameter."""
    return [
        _row(f"https://a.lv/r/{release}?x={value(release, run)}", run, f"a-{release}")
        for run in range(1, runs + 1)
        for release in range(releases)
    ]


LEARNT = {
    "a session per crawl": _site(lambda _, run: f"s{run}"),
    "a value per link and crawl": _site(lambda release, run: f"{release}x{run}"),
    "a session that lasts two crawls": [
        *_site(lambda _, run: f"s{run // 2}"),
        _row("https://a.lv/r/neu?x=s1", 3, "a-neu"),
    ],
    "beside an id": [
        _row(f"https://a.lv/r?id={release}&x=s{run}", run, f"a-{release}")
        for run in (1, 2)
        for release in range(4)
    ],
}
NOT_LEARNT = {
    "an id": [_row(f"https://a.lv/r?x={number}", number % 3, f"a-{number}") for number in range(9)],
    "an id with copies": [
        *_site(lambda _, run: f"s{run}"),
        _row("https://a.lv/r/0?x=other", 4, "another"),
    ],
    "one crawl": _site(lambda release, run: f"{release}{run}", runs=1),
    "two releases": _site(lambda _, run: f"s{run}", releases=2),
    "a language": _site(lambda _, run: "lv" if run % 2 else "en"),
    "a language that was added later": [
        *_site(lambda *_: "lv", runs=2),
        *(_row(f"https://a.lv/r/{release}?x=en", 2, f"a-{release}") for release in range(5)),
    ],
    "pages that were read once": [
        *_site(lambda _, run: f"s{run}", runs=1),
        *(_row(f"https://a.lv/r/{release}?x=s2", 2, None) for release in range(5)),
    ],
    "pages without a release": [
        _row(f"https://a.lv/r/{n}?x=s{run}", run, None) for run in (1, 2) for n in range(9)
    ],
}


@pytest.mark.parametrize("site", LEARNT)
def test_what_changes_while_pages_stay_is_learnt(site: str) -> None:
    assert SessionParameters.learn(LEARNT[site]).names == {"x"}


@pytest.mark.parametrize("site", NOT_LEARNT)
def test_what_may_tell_pages_apart_is_not_learnt(site: str) -> None:
    assert SessionParameters.learn(NOT_LEARNT[site]).names == frozenset()


def test_two_addresses_on_one_list_are_two_pages() -> None:
    parameters = SessionParameters.learn(LEARNT["a session per crawl"])
    one, two = "https://a.lv/r/1?x=new", "https://a.lv/r/1?x=newer"
    assert parameters.known_urls([one]) == {one: "https://a.lv/r/1?x=s1"}
    assert parameters.known_urls([one, two]) == {one: one, two: two}


def test_an_address_that_failed_is_not_the_known_one() -> None:
    rows = LEARNT["a session per crawl"]
    failed = [_row(row.url, row.found, row.release, has_failed=row.found == 1) for row in rows]
    assert SessionParameters.learn(failed).known_url("https://a.lv/r/1?x=new") == "https://a.lv/r/1?x=s2"


def test_an_address_without_the_parameter_stays_as_it_is() -> None:
    parameters = SessionParameters.learn(LEARNT["beside an id"])
    assert parameters.known_url("https://a.lv/r") == "https://a.lv/r"
    assert parameters.known_url("https://a.lv/r?x=s9&id=2") == "https://a.lv/r?id=2&x=s1"
    assert parameters.known_url("https://a.lv/r?id=9&x=s9") == "https://a.lv/r?id=9&x=s9"
    nothing = SessionParameters(known=["https://a.lv/r?x=1"])
    assert nothing.known_url("https://a.lv/r?x=2") == "https://a.lv/r?x=2"


def test_the_first_address_is_the_known_one_and_new_ones_are_remembered() -> None:
    parameters = SessionParameters(frozenset({"s"}), ["https://a.lv/1?s=a", "https://a.lv/1?s=b"])
    assert parameters.known_url("https://a.lv/1?s=c") == "https://a.lv/1?s=a"
    new = "https://a.lv/2?s=c"
    assert parameters.known_urls([new, "https://a.lv/1?s=c", new]) == {
        new: new,
        "https://a.lv/1?s=c": "https://a.lv/1?s=a",
    }
    assert parameters.known_url("https://a.lv/2?s=d") == new


@pytest.mark.parametrize(("releases", "is_learnt"), [(2, False), (3, True)])
def test_three_releases_must_be_found_again(releases: int, *, is_learnt: bool) -> None:
    site = _site(lambda _, run: f"s{run}", runs=2, releases=releases)
    assert SessionParameters.learn(site).names == (frozenset({"x"}) if is_learnt else frozenset())


def test_a_value_that_returns_after_another_is_none_of_a_session() -> None:
    order = {1: "a", 2: "b", 3: "a"}
    assert SessionParameters.learn(_site(lambda _, run: order[run])).names == frozenset()
    assert SessionParameters.learn(_site(lambda _, run: f"{min(run, 2)}")).names == {"x"}


def test_of_several_parameters_each_is_judged_by_itself() -> None:
    rows = [
        _row(f"https://a.lv/r?id={release}&s=s{run}&t=t{run}", run, f"a-{release}")
        for run in (1, 2)
        for release in range(4)
    ]
    assert "id" not in SessionParameters.learn(rows).names
