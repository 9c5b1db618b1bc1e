"""What lists say of a release counts unless they say it of several, or its page is a list itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawler.config import Recheck
from crawler.extraction import DiscoveredUrl
from crawler.scheduler.changes.mention import (
    LIST_ROWS_MIN,
    ROW_CHARS,
    SAYINGS_MAX,
    TITLE_REPEATS_MAX,
    Sayings,
    is_of_another,
    mention_of,
    shows_list,
)
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.plan import Link
from crawler.store import Store
from tests.support.new_store import new_store
from tests.support.stored_release import publish

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
URL = "https://www.iem.example/a"
DAY = date(2026, 2, 27)
OWN = publish("a", "Ugunsdzēsēji saņem jaunas automašīnas Latgalē", "Šodien nodotas desmit.", DAY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "releases.sqlite3") as store:
        yield store


def say(title: str | None, published: date | None = None, url: str = URL) -> DiscoveredUrl:
    return DiscoveredUrl(url=url, title=title, published=published, source="list")


def listing(store: Store, *titles: str, site: str = "iem") -> Frontier:
    """Return a frontier whose list gives each of *titles* to an address of its own."""
    frontier = Frontier(store, Recheck())
    urls = [f"https://www.iem.example/{number}" for number in range(len(titles))]
    links = [
        Link(url=url, kind="release", depth=1, discovered=say(title, url=url))
        for url, title in zip(urls, titles, strict=True)
    ]
    frontier.add(site, links, frontier.start(NOW), at_most=1_000)
    return frontier


def test_what_fits_of_all_that_was_said_counts() -> None:
    mentions = Sayings()
    assert mentions.right_of(URL, OWN) is None
    mentions.add(URL, say("Pavisam cita ziņa par budžetu valstī"))
    assert mentions.right_of(URL, OWN) is None
    right = say(OWN.title, DAY)
    mentions.add(URL, right)
    assert mentions.right_of(URL, OWN) is right
    assert mentions.right_of(f"{URL}b", OWN) is None


@pytest.mark.parametrize(("others", "is_heard"), [(SAYINGS_MAX - 1, True), (SAYINGS_MAX, False)])
def test_of_ever_new_titles_only_the_first_are_heard(others: int, *, is_heard: bool) -> None:
    mentions, right = Sayings(), say(OWN.title, DAY)
    for number in range(others):
        for _ in range(3):  # what is said again counts once
            mentions.add(URL, say(f"Pavisam cita ziņa par budžetu {number}"))
    mentions.add(URL, say(None, DAY))  # nothing is said
    mentions.add(URL, right)
    assert mentions.right_of(URL, OWN) == (right if is_heard else None)
    assert SAYINGS_MAX == 4


@pytest.mark.parametrize(
    ("addresses", "is_heard"), [(TITLE_REPEATS_MAX, False), (TITLE_REPEATS_MAX + 1, True)]
)
def test_titles_of_several_addresses_give_way_to_others(addresses: int, *, is_heard: bool) -> None:
    mentions, right = Sayings(), say(OWN.title, DAY)
    for number in range(SAYINGS_MAX):
        for each in range(addresses):
            for _ in range(2):  # the same address counts once
                mentions.add(f"{URL}{each or ''}", say(f"Saite uz sesiju numur {number}"))
    mentions.add(URL, right)
    assert mentions.right_of(URL, OWN) == (right if is_heard else None)


@pytest.mark.parametrize(
    ("own", "other", "is_another"),
    [
        (["Šodien nodotas desmit"], OWN.title, True),
        (["Šodien nodotas desmit"], f"{OWN.title} šogad", True),
        (["Šodien nodotas desmit"], "Ugunsdzēsēji saņem jaunas automaš…", True),
        (["Šodien nodotas desmit"], "Ugunsdzēsēji saņem jaunas uniformas", False),
        (["Šodien nodotas desmit"], "", False),
        (["Šodien nodotas desmit"], "Policija aiztur zagli Rīgā", False),
        (["Šodien nodotas desmit", OWN.title], OWN.title, False),  # another list gives it this title
        (["Lasīt vairāk"], OWN.title, False),  # that is no title
        ([], OWN.title, False),
    ],
)
def test_lists_name_another_release_if_they_give_its_title_only_to_another_address(
    store: Store, own: list[str], other: str, *, is_another: bool
) -> None:
    mentions, frontier = Sayings(), listing(store, other)
    for title in own:
        mentions.add(URL, say(title))
    hints = say(own[0]) if own else None
    assert is_of_another(URL, OWN, hints, mentions, frontier) is is_another
    assert not is_of_another(f"{URL[:-1]}0", OWN, hints, mentions, frontier)  # that address itself


@pytest.mark.parametrize(
    ("said", "others", "is_another"),
    [
        (date(2026, 2, 20), DAY, True),
        (date(2026, 2, 26), DAY, True),
        (DAY, DAY, False),
        (None, DAY, False),
        (date(2026, 2, 20), date(2026, 2, 21), False),
    ],
)
def test_a_release_of_a_series_is_told_by_its_day(
    store: Store, said: date | None, others: date, *, is_another: bool
) -> None:
    frontier = Frontier(store, Recheck())
    links = [
        Link(url=url, kind="release", depth=1, discovered=say(OWN.title, day, url))
        for url, day in ((URL, said), (f"{URL}-2", others))
    ]
    frontier.add("iem", links, frontier.start(NOW), at_most=10)
    hints = say(OWN.title, said)
    assert is_of_another(URL, OWN, hints, Sayings(), frontier) is is_another
    undated = replace(OWN, published_source="list")
    assert not is_of_another(URL, undated, hints, Sayings(), frontier)


NEAR = OWN.title.replace("Latgalē", "Kurzemē")


@pytest.mark.parametrize(
    ("said", "others", "is_another"),
    [
        ([NEAR], OWN.title, True),
        ([NEAR], f"{OWN.title[:30]}…", True),
        ([NEAR, OWN.title], OWN.title, False),
        ([OWN.title], OWN.title, False),
        ([f"{OWN.title[:30]}…"], OWN.title, False),
        ([NEAR], NEAR, False),
    ],
)
def test_a_title_like_that_of_the_page_does_not_count_if_another_address_has_the_exact_one(
    store: Store, said: list[str], others: str, *, is_another: bool
) -> None:
    mentions, frontier = Sayings(), listing(store, others)
    for title in said:
        mentions.add(URL, say(title))
    assert is_of_another(URL, OWN, say(said[0]), mentions, frontier) is is_another


TITLES = ("Valdība pieņem budžetu šogad", "Policija aiztur zagli Rīgā", "Skolās sākas mācību gads")
PROSE = "Šis ir teikums, kas nav neviena virsraksts un kas saraksta garumam pievieno daudz vārdu. "


@pytest.mark.parametrize(
    ("body", "is_list"),
    [
        ("\n".join(TITLES), True),
        (" | ".join((*TITLES, "12.03.2026.")), True),
        ("\n".join(TITLES[:2]), False),  # fewer than a list has
        ("\n".join((*TITLES[:2], TITLES[0])), False),  # the same title twice
        ("\n".join((*TITLES, PROSE * 4)), False),  # mostly prose
        ("\n".join((*TITLES[:2], "Īss")), False),
        ("", False),
    ],
)
def test_a_page_that_is_mostly_titles_of_others_is_a_list(store: Store, body: str, *, is_list: bool) -> None:
    frontier = listing(store, *TITLES, "Īss", OWN.title)
    assert shows_list(replace(OWN, body=body), "iem", frontier) is is_list
    assert shows_list(replace(OWN, body="", lead=body), "iem", frontier) is is_list
    assert not shows_list(replace(OWN, body=body), "vm", frontier)


def test_its_own_title_is_none_of_others(store: Store) -> None:
    frontier = listing(store, *TITLES)
    assert shows_list(replace(OWN, body="\n".join(TITLES)), "iem", frontier)
    assert not shows_list(replace(OWN, title=TITLES[0], body="\n".join(TITLES)), "iem", frontier)
    assert (3, range(15, 250)) == (LIST_ROWS_MIN, ROW_CHARS)


@pytest.mark.parametrize(("times", "is_kept"), [(TITLE_REPEATS_MAX, True), (TITLE_REPEATS_MAX + 1, False)])
def test_a_title_that_a_site_gives_to_others_says_nothing(store: Store, times: int, *, is_kept: bool) -> None:
    title = "Lasīt vairāk par šo notikumu"
    frontier = listing(store, *[title] * times)
    hints = say(title, DAY)
    assert mention_of(OWN, hints, "iem", frontier) == (hints if is_kept else replace(hints, title=None))
    assert mention_of(OWN, hints, "vm", frontier) == hints
    assert TITLE_REPEATS_MAX == 2


def test_a_title_that_fits_or_is_missing_is_kept(store: Store) -> None:
    frontier = listing(store, *[OWN.title] * 5)
    for hints in (None, say(None, DAY), say(OWN.title, DAY)):
        assert mention_of(OWN, hints, "iem", frontier) is hints
