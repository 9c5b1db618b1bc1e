"""Which readings of one crawl show the same page."""

from dataclasses import replace

import pytest

from crawler.extraction import DiscoveredUrl
from crawler.scheduler.identity import Newcomer, masked_newcomers, shared_pages, shared_titles
from crawler.scheduler.identity.shared_text import ALIASES_MAX
from crawler.store import Release
from tests.support.stored_release import RELEASE

WALL = "Lai lasītu šo lapu, lūdzu, piesakieties ar savu vārdu un paroli. Jautājumus sūtiet uzturētājam."
OWN = {
    "a": "Ceļu policija pastiprināti uzraudzīs satiksmi pie skolām, jo sākas jaunais mācību gads Latvijā.",
    "b": "Robežsardze saņem jaunas ierīces, ar kurām pārbaudīs dokumentus lidostā un visās ostās.",
}


def text(*parts: str, title: str = RELEASE.title, lead: str = "") -> Release:
    return replace(RELEASE, title=title, lead=lead, body="\n\n".join(parts))


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        (text(WALL), text(WALL), {"a", "b"}),
        (text(OWN["a"]), text(OWN["b"]), set()),
        # An error page may give the address or the number of the request.
        (text(f"{WALL} /lv/jaunums/a"), text(f"{WALL} /lv/jaunums/b"), {"a", "b"}),
        (text(f"{WALL} Nr. 20260301a"), text(f"{WALL} Nr. 20260302b"), {"a", "b"}),
        (text(f"{WALL} 1. lapa"), text(f"{WALL} 2. lapa"), set()),
        (text(lead=WALL), text(WALL), {"a", "b"}),
        # More than half of the text must be shared.
        (text(WALL, OWN["a"][:60]), text(WALL, OWN["b"][:60]), {"a", "b"}),
        (text(WALL[:60], OWN["a"]), text(WALL[:60], OWN["b"]), set()),
        (text(WALL[:60], OWN["a"]), text(WALL[:60]), {"b"}),
        (text(""), text(""), set()),
    ],
)
def test_page_is_shared_if_most_of_its_text_is_at_other_addresses(
    a: Release, b: Release, shared: set[str]
) -> None:
    assert shared_pages([("a", a, None), ("b", b, None)]) == shared


def test_a_release_shares_nothing_with_itself_at_another_address() -> None:
    readings = [("a", text(WALL, title="Jauns"), text(OWN["a"], title="Vecs"))] * 2
    assert (shared_pages(readings), shared_titles(readings)) == (frozenset(), frozenset())


def test_shared_page_may_name_the_release_that_was_asked_for() -> None:
    titles = {"a": "Ceļu policija pastiprināti uzraudzīs satiksmi", "b": "Robežsardze saņem jaunas ierīces"}
    readings = [
        (url, text(f"{title} 27.10.2026. {WALL}", title=title), text(OWN[url]))
        for url, title in titles.items()
    ]
    assert shared_pages(readings) == {"a", "b"}
    unnamed = ("c", text(WALL), text("Cits teksts."))
    assert shared_pages([readings[0], unnamed]) == {"a", "c"}
    only_named = [(url, text(title, title=title), text(OWN[url])) for url, title in titles.items()]
    assert shared_pages(only_named) == frozenset()


def test_short_title_is_part_of_the_text() -> None:
    texts = {url: text(f"{title} teksts.", title=title) for url, title in {"a": "Viens", "b": "Otrs"}.items()}
    assert shared_pages([(url, shown, None) for url, shown in texts.items()]) == frozenset()


def test_paragraphs_that_were_stored_before_are_not_shared() -> None:
    editions = [(url, text(WALL, OWN[url]), text(WALL)) for url in OWN]
    assert shared_pages(editions) == frozenset()


def test_a_line_that_edits_add_to_several_releases_is_no_page() -> None:
    credit = "Foto: Ilze Liepa"
    edits = [(url, text(own, own[::-1], credit), text(own, own[::-1])) for url, own in OWN.items()]
    assert shared_pages(edits) == frozenset()
    # One that fills more of what is shown may be a wall before the beginning of a text.
    teasers = [(url, text(own, WALL), text(own, own[::-1])) for url, own in OWN.items()]
    assert shared_pages(teasers) == {"a", "b"}


@pytest.mark.parametrize(
    ("shown", "stored", "shared"),
    [
        (("Ieeja", "Ieeja"), ("Ceļi", "Robeža"), {"a", "b"}),
        (("Ieeja", "Sākums"), ("Ceļi", "Robeža"), set()),
        (("Ceļi", "Ceļi"), ("Ceļi", "Ceļi"), set()),
        # A title that one release always had is its own.
        (("Ceļi", "Ceļi"), ("Ceļi", "Robeža"), set()),
    ],
)
def test_new_title_of_several_releases_is_that_of_none(
    shown: tuple[str, str], stored: tuple[str, str], shared: set[str]
) -> None:
    readings = [
        (url, text(OWN[url], title=now), text(OWN[url], title=then))
        for url, now, then in zip("ab", shown, stored, strict=True)
    ]
    assert shared_titles(readings) == shared


def test_titles_at_new_addresses_say_nothing() -> None:
    assert shared_titles([(url, text(OWN[url], title="Paziņojums"), None) for url in OWN]) == frozenset()


A, B = "https://iem.example/lv/jaunums/celi", "https://iem.example/lv/jaunums/robeza"


def newcomers(*rows: tuple[str, Release, bool]) -> list[Newcomer]:
    return [
        Newcomer.of(url, release, said(url, release) if is_listed else silent(url))
        for url, release, is_listed in rows
    ]


def said(url: str, release: Release) -> DiscoveredUrl:
    return DiscoveredUrl(url=url, title=release.title, published=release.published, source="list")


def silent(url: str) -> DiscoveredUrl:
    return DiscoveredUrl(url=url, title=None, published=None, source="list")


@pytest.mark.parametrize(
    ("copies", "is_listed", "is_masked"),
    [(1, True, False), (ALIASES_MAX, True, False), (ALIASES_MAX + 1, True, True), (2, False, True)],
)
def test_release_may_have_a_few_addresses_that_only_a_sitemap_names(
    copies: int, *, is_listed: bool, is_masked: bool
) -> None:
    urls = {f"{A}-{number}" for number in range(copies)}
    own = Newcomer.of(A, text(WALL), said(A, text(WALL)) if is_listed else None)
    found = masked_newcomers([own, *(Newcomer.of(url, text(WALL), None) for url in urls)], [])
    assert found - {A} == (urls if is_masked else set())
    assert (A in found) is not is_listed


@pytest.mark.parametrize(
    ("rows", "masked"),
    [
        ([(A, text(WALL), False)], set()),
        ([(A, text(WALL), False), (B, text(WALL), False)], {A, B}),
        # A list gives the title of one: that is its page.
        ([(A, text(WALL), True), (B, text(WALL), False)], {B}),
        ([(A, text(WALL, title="Ceļi"), True), (B, text(WALL, title="Robeža"), True)], {A, B}),
        ([(A, text(WALL, title="Ceļi"), True), (B, text(WALL, title="CEĻI"), True)], set()),
        ([(A, text(OWN["a"]), False), (B, text(OWN["b"]), False)], set()),
        ([(A, text("Skatīt pielikumu."), False), (B, text("Skatīt pielikumu."), False)], set()),
        # One name at two addresses is one release.
        ([(A, text(WALL), False), (f"{A}/", text(WALL), False)], set()),
        ([(A, text(WALL), False), (A.replace("/lv/", "/arhivs/"), text(WALL), False)], set()),
        ([(f"{A}?id=5", text(WALL), False), (f"{A}?id=6", text(WALL), False)], {f"{A}?id=5", f"{A}?id=6"}),
        ([(f"{A}?id=5", text(WALL), False), (f"{B}?nr=5", text(WALL), False)], set()),
    ],
)
def test_page_under_several_names_or_titles_is_no_release(
    rows: list[tuple[str, Release, bool]], masked: set[str]
) -> None:
    assert masked_newcomers(newcomers(*rows), []) == masked


@pytest.mark.parametrize(("waiting", "masked"), [(WALL, {A}), (OWN["a"], set())])
def test_new_page_that_waits_at_another_address_is_no_release(waiting: str, masked: set[str]) -> None:
    assert masked_newcomers(newcomers((A, text(WALL), True)), [(text(waiting), False)]) == masked


@pytest.mark.parametrize(("is_listed", "masked"), [(True, set()), (False, {A})])
def test_copy_at_an_address_of_another_release_takes_nothing_from_a_listed_one(
    is_listed: bool, masked: set[str]
) -> None:
    assert masked_newcomers(newcomers((A, text(WALL), is_listed)), [(text(WALL), True)]) == masked


def test_addresses_and_long_numbers_make_no_difference() -> None:
    one, other = (
        f"Pieprasījums /lv/{name} Nr. {number}-A ir noraidīts, jo sistēma to neatpazina. Piesakieties zvanot."
        for name, number in (("a", 1234), ("b", 98765))
    )
    assert masked_newcomers(newcomers((A, text(one), False), (B, text(other), False)), []) == {A, B}
    short = one.replace("1234", "123")
    assert masked_newcomers(newcomers((A, text(one), False), (B, text(short), False)), []) == set()


def test_page_that_says_elsewhere_that_it_is_this_release_takes_nothing_from_it() -> None:
    own = text(OWN["a"])
    assert masked_newcomers(newcomers((A, own, True)), [(replace(own, url=A), False)]) == set()
    assert masked_newcomers(newcomers((A, own, True)), [(replace(own, url=B), False)]) == {A}
