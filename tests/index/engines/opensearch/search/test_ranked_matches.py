"""The order of a cluster's documents, and what is asked for to find it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from index.engines.opensearch.connection import Json
from index.engines.opensearch.search import ranked_matches, ranked_walk
from index.engines.opensearch.search.clause_queries import ClauseQuery
from index.engines.opensearch.search.ranked_matches import Ranked, RankedMatches
from index.engines.opensearch.search.ranked_walk import RankedWalk
from index.engines.opensearch.search.vocabulary import ClusterVocabulary
from index.query import Everything, Language, Sort, Word
from index.search.cursor import HitPlace
from tests.support.answering_server import Answering, Prepared
from tests.support.cluster_answers import counted, facts, found, hit, snapshot_of, walked, words

FOREST = 1
INDEXED = words((FOREST, {"lemma": ["mežs"], "exact": ["mežs"]}))
FACTS = facts(100, newest=10, length=400)
MEZS = Word(text="mežs", lemma=("mežs",))
MATCHING, SCORING = {"terms": {"lemma": ["mežs"]}}, [{"term": {"lemma": {"value": "mežs"}}}]
EVERYTHING = ClauseQuery(Everything(), {"match_all": {}}, [], Everything())
AMONG = [{"term": {"language": "lv"}}]


@contextmanager
def matches(
    *answers: Prepared,
    asked: ClauseQuery = EVERYTHING,
    sort: Sort = "newest",
    own_language: Language | None = None,
) -> Iterator[tuple[RankedMatches, Answering]]:
    with snapshot_of(*answers, facts=FACTS, words=INDEXED) as (snapshot, serving):
        vocabulary = ClusterVocabulary(snapshot)
        yield RankedMatches(snapshot, vocabulary, asked, AMONG, sort, own_language=own_language), serving


def best(matches: RankedMatches, count: int, after: HitPlace | None = None) -> list[Ranked]:
    return RankedWalk(matches).first(count, after)


def numbers(ranked: list[Any]) -> list[int]:
    return [one.candidate.number for one in ranked]


@pytest.mark.parametrize(
    ("sort", "order", "missing", "first"),
    [("newest", "desc", 0, [2, 4, 3, 1]), ("oldest", "asc", 4_000_000, [3, 2, 4, 1])],
)
def test_by_day_those_without_one_come_last_and_ids_break_ties(
    sort: Sort, order: str, missing: int, first: list[int]
) -> None:
    hits = {1: hit(1), 2: hit(2, day=9), 3: hit(3, day=5), 4: hit(4, day=9)}
    with matches(found(*(hits[number] for number in first)), sort=sort) as (ranked, serving):
        assert numbers(best(ranked, 9)) == first
        search = walked(serving)[0]
    assert search == {
        "size": 100,
        "query": {"bool": {"filter": [{"match_all": {}}, *AMONG]}},
        "sort": [{"day": {"order": order, "missing": missing}}, {"id": "asc"}],
        "track_scores": True,
        "track_total_hits": False,
        "_source": False,
        "docvalue_fields": [
            "number",
            "id",
            "day",
            "cluster",
            "shared",
            "length",
            "ministry",
            "language",
            "tokens",
        ],
    }


@pytest.mark.parametrize(
    ("sort", "after", "following", "search_after"),
    [
        ("newest", HitPlace((-9.0,), b"id2"), [4, 3, 1], [9, "id2"]),
        ("newest", HitPlace((-0.0,), b"id0"), [1], [0, "id0"]),
        ("oldest", HitPlace((5.0,), b"id3"), [2, 4, 1], [5, "id3"]),
        ("oldest", HitPlace((4_000_000.0,), b"id1"), [], [4_000_000, "id1"]),
    ],
)
def test_a_page_begins_after_a_place(
    sort: Sort, after: HitPlace, following: list[int], search_after: list[Any]
) -> None:
    hits = {1: hit(1), 2: hit(2, day=9), 3: hit(3, day=5), 4: hit(4, day=9)}
    with matches(found(*(hits[number] for number in following)), sort=sort) as (ranked, serving):
        assert numbers(best(ranked, 9, after)) == following
        assert walked(serving)[0]["search_after"] == search_after


def test_pages_grow_until_there_are_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranked_matches, "CANDIDATES", 1)
    monkeypatch.setattr(ranked_matches, "PAGE_MAX", 2)
    pages = [found(hit(5, day=5)), found(hit(4, day=4), hit(3, day=3)), found(hit(2, day=2))]
    with matches(*pages) as (ranked, serving):
        assert numbers(best(ranked, 9)) == [5, 4, 3, 2]
        searches = walked(serving)
    assert [search["size"] for search in searches] == [1, 2, 2]
    assert [search.get("search_after") for search in searches] == [None, [5, "id5"], [3, "id3"]]


def test_no_more_pages_are_read_than_the_first_documents_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranked_matches, "CANDIDATES", 2)
    with matches(found(hit(5, day=5), hit(4, day=4)), found()) as (ranked, serving):
        assert numbers(best(ranked, 2)) == [5, 4]
        assert numbers(best(ranked, 1)) == []  # the last answer again: nothing
        assert len(walked(serving)) == 2


def scored() -> ClauseQuery:
    return ClauseQuery(MEZS, MATCHING, SCORING, MEZS)


def test_by_relevance_our_scores_decide_then_the_day_then_the_id() -> None:
    hits = [
        hit(1, {"body": [FOREST]}, score=3.0),
        hit(2, {"title": [FOREST]}, score=2.0),
        hit(3, {"body": [FOREST]}, score=1.0),
        hit(4, {"body": [FOREST]}, score=1.0, day=10),
    ]
    with matches(found(*hits), counted(10), asked=scored(), sort="relevance") as (ranked, serving):
        first = best(ranked, 9)
        assert numbers(first) == [2, 4, 1, 3]
        search = walked(serving)[0]
    assert search["sort"] == [{"_score": "desc"}, {"day": {"order": "desc", "missing": 0}}, {"id": "asc"}]
    assert search["query"] == scored().ranked(AMONG, 10)
    assert first[2].place.keys == (-round(first[2].score, 9), 0.0)
    assert first[1].place.keys[1] == -10.0
    assert first[1].key == (first[1].place.keys, b"id4")


def test_candidates_are_read_while_a_later_one_may_score_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranked_walk, "CANDIDATES", 1)
    first, better = hit(1, {"body": [FOREST]}, score=2.0), hit(2, {"title": [FOREST]}, score=1.9)
    far = hit(3, {"body": [9]}, score=0.001)
    answers = found(first), counted(10), found(better, far), found()
    with matches(*answers, asked=scored(), sort="relevance") as (ranked, serving):
        assert numbers(best(ranked, 1)) == [2]
        searches = walked(serving)
    assert len(searches) == 2


def test_of_a_cluster_only_the_first_is_ranked() -> None:
    page = [hit(1, day=5, cluster="a"), hit(2, day=4, cluster="b"), hit(3, day=3)]
    members = [
        hit(1, day=5, cluster="a"),
        hit(4, day=9, cluster="a"),
        hit(2, day=4, cluster="b"),
        hit(5, day=4, cluster="b"),
    ]
    with matches(found(*page), found(*members)) as (ranked, serving):
        assert numbers(best(ranked, 9)) == [2, 3]  # 4, which is newer, comes with another page
        search = walked(serving)[1]
    assert search["query"]["bool"]["filter"][-1] == {"terms": {"cluster": ["a", "b"]}}


def test_documents_with_numbers_are_those_that_match() -> None:
    with matches(found(hit(3, day=3))) as (ranked, serving):
        assert ranked.with_numbers([]) == []
        assert numbers(ranked.with_numbers([3, 4])) == [3]
        search = walked(serving)[0]
    assert search["query"]["bool"]["filter"] == [{"match_all": {}}, *AMONG, {"terms": {"number": [3, 4]}}]


def test_the_numbers_of_everything_need_no_words() -> None:
    with matches(found(hit(3), hit(1))) as (ranked, serving):
        assert ranked.numbers() == [3, 1]
        assert "tokens" not in walked(serving)[0]["docvalue_fields"]


def test_the_numbers_of_a_clause_are_of_those_that_match_by_their_words() -> None:
    hits = [hit(3, {"body": [FOREST]}), hit(1, {"body": [9]})]
    with matches(found(*hits), counted(10), asked=scored()) as (ranked, serving):
        assert ranked.numbers() == [3]
        assert "tokens" in walked(serving)[0]["docvalue_fields"]


def test_all_documents_by_day_are_read_without_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranked_matches, "CANDIDATES", 1)
    with matches(found(hit(3)), found(hit(2), hit(1)), found()) as (ranked, serving):
        assert numbers(list(RankedWalk(ranked).all())) == [3, 2, 1]
        assert [search["size"] for search in walked(serving)] == [1, 2, 4]
        assert all("tokens" not in search["docvalue_fields"] for search in walked(serving))


def test_all_documents_by_relevance_begin_with_those_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranked_walk, "CANDIDATES", 2)
    monkeypatch.setattr(ranked_walk, "_RANKED_MAX", 2)
    first = [hit(1, {"body": [FOREST]}, score=3.0), hit(2, {"title": [FOREST]}, score=2.0)]
    answers = found(*first), counted(10), found(hit(4, score=1.0), hit(3, score=0.5))
    with matches(*answers, asked=scored(), sort="relevance") as (ranked, _):
        every = list(RankedWalk(ranked).all())
    assert numbers(every) == [2, 1, 4, 3]
    assert [one.candidate.tokens for one in every[:2]] == ["", ""]


@pytest.mark.parametrize(("own", "first"), [("lv", [2, 1, 3]), ("en", [3, 2, 1]), (None, [2, 3, 1])])
def test_by_relevance_the_language_asked_for_comes_first(own: Language | None, first: list[int]) -> None:
    hits = [
        hit(1, {"body": [FOREST]}, score=3.0),
        hit(2, {"title": [FOREST]}, score=2.0),
        hit(3, {"lead": [FOREST]}, score=1.0, language="en"),
    ]
    answers = found(*hits), counted(10)
    with matches(*answers, asked=scored(), sort="relevance", own_language=own) as (ranked, serving):
        assert numbers(best(ranked, 9)) == first
        assert walked(serving)[0]["query"] == scored().ranked(AMONG, 10, own)


@pytest.mark.parametrize(("own", "leader"), [("lv", [7, 2]), ("en", [2, 5]), (None, [7, 2])])
def test_a_release_in_the_language_asked_for_leads_its_cluster_on_any_day(
    own: Language | None, leader: list[int]
) -> None:
    latvian, other = hit(7, day=9, cluster="a"), hit(2, day=6)
    english = hit(5, day=5, cluster="a", language="en")
    pages = found(latvian, other, english), found(latvian, english)
    with matches(*pages, own_language=own) as (ranked, _):
        assert numbers(best(ranked, 9)) == leader
    with matches(*pages, own_language=own) as (ranked, _):
        listed = numbers(list(RankedWalk(ranked).all()))
    assert listed == leader


def test_leaders_with_ids_are_in_order() -> None:
    hits: list[Json] = [hit(1, day=1), hit(2, day=2, cluster="a"), hit(3, day=3)]
    members = [hit(2, day=2, cluster="a"), hit(9, day=9, cluster="a")]
    with matches(found(*hits), found(*members)) as (ranked, serving):
        assert [one.number for one in ranked.leaders_with(["id3", "id1", "id2"])] == [3, 1]
        search = walked(serving)[0]
    assert search["query"]["bool"]["filter"][-1] == {"terms": {"release": ["id1", "id2", "id3"]}}
