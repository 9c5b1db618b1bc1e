"""What is asked for a typed text, and how much of an answer is shown."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from crawler.store import release_id
from index.query import Everything, Query
from index.results import FacetValue, Hit, Passage, Results
from searcher import create_app
from searcher.asking import RELAXED_CHARS, SHOWN_CHARS, SearchResponse, limit_passages
from tests.support.browsing import browse
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.new_store import new_store
from tests.support.shelf import BASE_URL, NAMES, RELEASES, SEEN, Shelf, index
from tests.support.stored_release import publish


def hit(id_: str, title: int, *passages: int) -> Hit:
    return Hit(
        id=id_,
        url="u",
        title=Passage("t" * title, ()),
        passages=tuple(Passage("p" * chars, ()) for chars in passages),
        published=None,
        site="s",
        ministry="m",
        language="lv",
        score=1.0,
    )


@pytest.mark.parametrize(("more", "kept"), [(0, [1, 2, 1]), (1, [1, 2, 0])])
def test_the_texts_of_an_answer_are_bounded_from_the_last_hit_on(more: int, kept: list[int]) -> None:
    third = SHOWN_CHARS // 3
    results = Results(
        hits=(hit("a", 10, third - 10), hit("b", 0, third - 5, 5)),
        total=9,
        nearest=(hit("c", 1, third - 1 + more),),
    )
    shown = limit_passages(results)
    assert [len(one.passages) for one in (*shown.hits, *shown.nearest)] == kept
    assert ([one.id for one in shown.hits], [one.id for one in shown.nearest]) == (["a", "b"], ["c"])
    assert (shown.total, shown.nearest[0].title.text) == (9, "t")
    assert (shown is results) is not more


def test_after_the_limit_no_hit_has_passages() -> None:
    results = Results(hits=(hit("a", 0, SHOWN_CHARS + 1), hit("b", 0, 1)), total=2)
    assert [len(one.passages) for one in limit_passages(results).hits] == [0, 0]
    assert (SHOWN_CHARS, RELAXED_CHARS) == (120_000, 500)


def test_chosen_values_are_in_a_facet_even_if_nothing_has_them() -> None:
    found = (FacetValue("A", 3), FacetValue("B", 1))
    response = SearchResponse(
        Query(text="", clause=Everything(), reading=""), Results(hits=(), total=0, facets={"ministry": found})
    )
    assert response.facet("ministry") == found
    assert response.facet("ministry", ["B", "C"]) == (*found, FacetValue("C", 0))
    assert response.facet("category", ["C"]) == (FacetValue("C", 0),)


Get = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def get(shelf_client: FlaskClient) -> Get:
    return lambda query: dict(shelf_client.get(f"/api/v1/search?{query}").get_json())


def test_only_an_answer_with_few_hits_has_suggestions(get: Get) -> None:
    few = get("q=drošība+qxzwqxzw")
    assert (few["total"], few["widened"], few["relaxations"] != []) == (0, False, True)
    many = get("q=drošība&per_page=1")
    assert (many["suggestion"], many["relaxations"]) == (None, [])


def test_a_long_query_is_not_offered_without_one_of_its_words(get: Get) -> None:
    words = "drošība qxzwqxzw"
    assert get(f"q={words}")["relaxations"] != []
    assert get(f"q={words} {'y' * RELAXED_CHARS}")["relaxations"] == []


def test_explanations_are_given_only_if_asked_for(get: Get) -> None:
    with_them, without = get("q=drošība&explain=true"), get("q=drošība")
    assert all(one["explanation"] for one in with_them["hits"])
    assert not any(one["explanation"] for one in without["hits"])


def test_a_second_address_finds_the_release_and_only_it(shelf_client: FlaskClient, shelf: Shelf) -> None:
    old = RELEASES[NAMES.index("veca")]
    answer = shelf_client.get("/api/v1/search", query_string={"q": old.url}).get_json()
    assert ([hit["id"] for hit in answer["hits"]], answer["total"]) == ([shelf.ids["jauna"]], 1)


def test_no_address_finds_a_hidden_release(shelf_client: FlaskClient, shelf: Shelf) -> None:
    hidden = RELEASES[NAMES.index("slepta")]
    for address in (hidden.url, f"{BASE_URL}/releases/{release_id(hidden.site, hidden.url)}"):
        answer = shelf_client.get("/api/v1/search", query_string={"q": address}).get_json()
        assert (answer["total"], answer["correction"]) == (0, None)


def test_a_sentence_that_a_release_repeats_is_shown_once(tmp_path: Path) -> None:
    said = "Kūlas ugunsgrēks dzēsts naktī."
    apart = "\n\n".join(f"Te ir {number}. rindkopa par ko citu." for number in range(9))
    lead = {"lead": said}
    releases = [
        publish("a", "Kūla", f"{said}\n\n{apart}\n\n{said}\n\nUgunsgrēks bija liels."),
        publish("b", "Mežs", f"Ugunsgrēks bija mazs.\n\n{apart}\n\n{said}", **lead),
        publish("c", "Purvs", f"Ugunsgrēks bija mazs.\n\n{apart}\n\nArī purvā bija ugunsgrēks."),
    ]
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}', encoding="utf-8")
    with new_store(tmp_path / "data" / "releases.sqlite3") as store:
        for release in releases:
            store.save(release, seen=SEEN)
    index(config)
    client = browse(create_app(config))
    hits = client.get("/api/v1/search", query_string={"q": "ugunsgrēks"}).get_json()["hits"]
    assert len(hits) == len(releases)
    for hit in hits:
        assert len(hit["passages"]) == len({*hit["passages"]}) == 2


def test_of_two_releases_with_the_same_title_an_address_finds_its_own(tmp_path: Path) -> None:
    days = (date(2026, 3, 2), date(2026, 3, 9))
    releases = [publish(f"s{day.day}", "Sēde", f"{day.day}. martā par jumtiem.", day) for day in days]
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}', encoding="utf-8")
    with new_store(tmp_path / "data" / "releases.sqlite3") as store:
        for release in releases:
            store.save(release, seen=SEEN)
    index(config)
    client = browse(create_app(config))
    for release in releases:
        answer = client.get("/api/v1/search", query_string={"q": release.url}).get_json()
        assert [hit["url"] for hit in answer["hits"]] == [release.url]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "Relīze šajā adresē"),
        ("/en/", "The release at this address"),
        ("/ru/", "Релиз по этому адресу"),
    ],
)
def test_a_page_names_the_release_at_an_address(shelf_client: FlaskClient, path: str, text: str) -> None:
    page = shelf_client.get(path, query_string={"q": RELEASES[0].url}).text
    shown = page.partition('class="meant">')[2].partition("</p>")[0]
    assert f'{text}: <strong dir="auto">Seminārs par drošību' in shown
    assert "virsraksts:" not in shown
