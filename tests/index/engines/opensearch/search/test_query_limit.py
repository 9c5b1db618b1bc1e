"""Queries that a cluster would refuse: parts become lists of documents until the whole is small enough."""

from collections.abc import Sequence

import pytest

from index.engines.opensearch.connection import Json
from index.engines.opensearch.search.query_limit import NOTHING, any_of, count_queries, fit_all


def term(text: str) -> Json:
    return {"terms": {"lemma": [text]}}


def every(*queries: Json) -> Json:
    return {"bool": {"filter": list(queries)}}


def any_phrase(*texts: str) -> Json:
    """Return alternatives: a word, and phrases of two words."""
    return any_of([term(texts[0]), *(every(term(text), {"term": {"exact": text}}) for text in texts[1:])])


DOCS = {"a": {1, 2, 3}, "b": {2, 3, 4}, "c": {3}, "d": {5}, "e": {2, 5}}


def matches(query: Json) -> set[int]:
    """Return what *query* matches among DOCS, where each text is a term of both fields."""
    if "terms" in query or "term" in query:
        ((field, values),) = next(iter(query.values())).items()
        if field == "number":
            return set(values)
        return set().union(*(DOCS[text] for text in ([values] if isinstance(values, str) else values)))
    if query == NOTHING:
        return set()
    inner = query["bool"]
    found = set().union(*DOCS.values())
    for each in inner.get("filter", ()):
        found &= matches(each)
    for each in inner.get("must_not", ()):
        found -= matches(each)
    if least := inner.get("minimum_should_match"):
        found = {doc for doc in found if sum(doc in matches(each) for each in inner["should"]) >= least}
    return found


class Index:
    """Lists what queries match, and refuses those of more than *most*."""

    def __init__(self, most: int) -> None:
        self._most, self.asked = most, list[Json]()

    def find(self, query: Json) -> Sequence[int]:
        assert count_queries(query) <= self._most
        self.asked.append(query)
        return sorted(matches(query))


@pytest.mark.parametrize(
    "query",
    [
        any_phrase("a", "b", "c", "d"),
        every(any_phrase("a", "b", "c"), any_phrase("b", "c", "d"), term("e")),
        {
            "bool": {
                "should": [any_phrase("a", "b"), any_phrase("c", "d"), term("e")],
                "minimum_should_match": 2,
            }
        },
        every({"bool": {"must_not": [any_phrase("c", "d", "e")]}}, any_phrase("a", "b")),
        any_of([every(any_phrase("a", "b", "c"), any_phrase("b", "c", "d")), any_phrase("d", "e")]),
        every(*(term(text) for text in "abc"), any_of([{"term": {"exact": text}} for text in "abcde"])),
    ],
)
@pytest.mark.parametrize("most", [4, 5, 7])
def test_a_query_that_is_made_to_fit_matches_the_same(query: Json, most: int) -> None:
    index = Index(most)
    (fitted,) = fit_all([query], most, index.find)
    assert count_queries(fitted) <= most
    assert matches(fitted) == matches(query)


def test_a_query_that_fits_is_left_as_it_is() -> None:
    query = every(any_phrase("a", "b", "c"), term("e"))
    assert fit_all([query], count_queries(query), Index(0).find) == [query]


def test_phrases_are_listed_before_words() -> None:
    index = Index(6)
    fit_all([every(any_phrase("a", "b", "c"), any_phrase("b", "c", "d"))], 6, index.find)
    assert term("a") not in index.asked
    assert all(count_queries(query) > 1 for query in index.asked)


def test_a_query_with_a_name_stays_for_hits_to_tell_it() -> None:
    named = {"bool": {"filter": [{"prefix": {"fold": {"value": "a"}}}], "_name": "leaf0"}}
    fitted = fit_all(
        [any_of([named, any_phrase("a", "b", "c")]), any_phrase("a", "b", "c")], 4, Index(5).find
    )
    assert named in fitted[0]["bool"]["should"]
    assert count_queries(fitted) <= 4


def test_terms_of_one_field_are_one_query() -> None:
    assert any_of([term("a"), any_of([term("b"), {"term": {"exact": "c"}}]), term("a")]) == {
        "bool": {
            "should": [{"terms": {"lemma": ["a", "b"]}}, {"term": {"exact": "c"}}],
            "minimum_should_match": 1,
        }
    }
    assert any_of([]) == NOTHING
