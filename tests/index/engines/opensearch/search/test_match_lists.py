"""Lists of what queries match are asked for at once, in full, and only once."""

import pytest

from index.engines.opensearch.connection import Json
from index.engines.opensearch.search import match_lists
from index.engines.opensearch.search.match_lists import MatchLists
from tests.support.cluster_answers import asked_of, counted, found, hit, snapshot_of, together

FOREST, SEA = ({"terms": {"lemma": [text]}} for text in ("mežs", "jūra"))


def queries(searches: list[dict[str, Json]]) -> list[Json]:
    return [search["query"]["bool"]["filter"][0] for search in searches]


def test_lists_are_asked_for_at_once_and_kept() -> None:
    with snapshot_of(together(found(hit(1), hit(4)), found())) as (snapshot, serving):
        lists = MatchLists(snapshot)
        lists.look_up([FOREST, SEA, FOREST])
        assert [lists.find(FOREST), lists.find(SEA)] == [[1, 4], []]
        (searches,) = asked_of(serving)
    assert queries(searches) == [FOREST, SEA]


def test_a_long_list_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match_lists, "_PAGE", 2)
    answers = together(found(hit(1), hit(4))), found(hit(5), hit(6)), found(hit(9))
    with snapshot_of(*answers) as (snapshot, serving):
        assert MatchLists(snapshot).find(FOREST) == [1, 4, 5, 6, 9]
        after = [search.get("search_after") for (search,) in asked_of(serving)]
    assert after == [None, [4], [6]]


def test_counts_are_kept() -> None:
    with snapshot_of(counted(3, 5), counted(7)) as (snapshot, serving):
        lists = MatchLists(snapshot)
        assert lists.count([FOREST, SEA]) == [3, 5]
        assert lists.count([SEA, {"match_all": {}}, FOREST]) == [5, 7, 3]
        assert [len(searches) for searches in asked_of(serving)] == [2, 1]
