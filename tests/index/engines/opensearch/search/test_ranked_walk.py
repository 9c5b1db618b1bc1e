"""A walk reads as far as it is asked, goes on after a failure, and ends in the rough order of the cluster."""

import json
from collections.abc import Iterator

import pytest

from index.engines.opensearch.connection import Json
from index.engines.opensearch.search import ranked_walk
from index.engines.opensearch.search.clause_queries import ClauseQuery
from index.engines.opensearch.search.ranked_matches import Ranked, RankedMatches
from index.engines.opensearch.search.ranked_walk import RankedWalk
from index.engines.opensearch.search.vocabulary import ClusterVocabulary
from index.errors import EngineError
from index.query import Word
from index.search.cursor import HitPlace
from tests.support.answering_server import Prepared
from tests.support.cluster_answers import counted, facts, found, hit, snapshot_of, walked, words

FOREST = 1
MEZS = Word(text="mežs", lemma=("mežs",))
ASKED = ClauseQuery(MEZS, {"match_all": {}}, [{"term": {"lemma": {"value": "mežs"}}}], MEZS)
HITS: list[Json] = [hit(number, {"body": [FOREST]}, score=9.0 - number, day=number) for number in range(1, 6)]
BUSY = Prepared(429, json.dumps({"error": "too busy"}).encode())


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranked_walk, "CANDIDATES", 1)
    monkeypatch.setattr(ranked_walk, "PAGE_MAX", 1)


def numbers(ranked: list[Ranked]) -> list[int]:
    return [one.candidate.number for one in ranked]


def pages() -> Iterator[Prepared]:
    yield from (found(one) for one in HITS)
    yield found()


def test_a_walk_goes_on_where_a_request_failed() -> None:
    first, *rest = pages()
    answers = first, counted(10), BUSY, *rest
    with snapshot_of(
        *answers, facts=facts(100, newest=9, length=400), words=words((FOREST, {"lemma": ["mežs"]}))
    ) as (snapshot, serving):
        walk = RankedWalk(RankedMatches(snapshot, ClusterVocabulary(snapshot), ASKED))
        with pytest.raises(EngineError, match="too busy"):
            walk.first(9, None)
        assert numbers(walk.first(9, None)) == [5, 4, 3, 2, 1]
        asked = [search.get("search_after") for search in walked(serving)]
    assert asked == [None, [8.0, 1, "id1"], *([9.0 - n, n, f"id{n}"] for n in range(1, 6))]


@pytest.mark.parametrize("most", [1, 2, 4])
def test_pages_after_what_is_ranked_follow_the_cluster(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(ranked_walk, "_RANKED_MAX", most)
    first, *rest = pages()
    with snapshot_of(
        first,
        counted(10),
        *rest,
        facts=facts(100, newest=9, length=400),
        words=words((FOREST, {"lemma": ["mežs"]})),
    ) as (snapshot, serving):
        walk = RankedWalk(RankedMatches(snapshot, ClusterVocabulary(snapshot), ASKED))
        page = walk.first(most + 1, None)
        assert numbers(page) == [*range(most, 0, -1), most + 1]
        assert page[-1].place == HitPlace((1.0, most - 8.0, -most - 1.0), f"id{most + 1}".encode())
        walk.first(1, page[-1].place)
        assert walked(serving)[-1]["search_after"] == [8.0 - most, most + 1, f"id{most + 1}"]
