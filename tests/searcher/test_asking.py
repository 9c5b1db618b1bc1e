"""What is asked for a typed text, and how much of an answer is shown."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from index.query import Everything, Query
from index.results import FacetValue, Hit, Passage, Results
from searcher.asking import RELAXED_CHARS, SHOWN_CHARS, SearchResponse, limit_passages


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
