"""A state of an index in a cluster: what is asked for, and what the answers mean."""

import json

import pytest

from index.engines.opensearch.connection import RefusedError
from index.engines.opensearch.search import LostSnapshotError
from tests.support.answering_server import Prepared
from tests.support.cluster_answers import asked_of, counted, facts, found, snapshot_of


def refused(status: int) -> Prepared:
    return Prepared(status, json.dumps({"error": {"reason": "no"}}).encode())


def test_a_state_is_opened_of_all_shards_and_kept_open_by_each_search() -> None:
    with snapshot_of(found()) as (snapshot, serving):
        snapshot.search({"size": 3})
        path, _, _ = serving.requests[0]
        body = json.loads(serving.requests[1][2])
    assert path.startswith("/releases/_search/point_in_time?")
    assert "keep_alive=5m" in path
    assert "allow_partial_pit_creation=false" in path
    assert body == {"size": 3, "pit": {"id": "point", "keep_alive": "5m"}}


def test_words_are_searched_in_their_own_index_without_a_state() -> None:
    with snapshot_of(found()) as (snapshot, serving):
        snapshot.search_words({"size": 3})
        path, _, body = serving.requests[1]
    assert path.startswith("/words/_search?")
    assert json.loads(body) == {"size": 3}


def test_several_counts_are_asked_for_at_once() -> None:
    with snapshot_of(counted(7, 0)) as (snapshot, serving):
        assert snapshot.count_all([{"match_all": {}}, {"match_none": {}}]) == [7, 0]
        assert snapshot.count_all([]) == []
        assert asked_of(serving) == [
            [
                {"size": 0, "track_total_hits": True, "query": {"match_all": {}}},
                {"size": 0, "track_total_hits": True, "query": {"match_none": {}}},
            ]
        ]


@pytest.mark.parametrize(
    ("documents", "newest", "length", "average"),
    [(4, 737_000, 10, 2.5), (0, None, 0, 1.0), (2, None, 0, 1.0), (1, 5, 9, 9.0)],
)
def test_facts_are_asked_for_once(documents: int, newest: int | None, length: float, average: float) -> None:
    with snapshot_of(facts(documents, newest=newest, length=length)) as (snapshot, serving):
        assert (snapshot.documents, snapshot.newest) == (documents, newest or 0)
        assert snapshot.average_length == average
        assert len(asked_of(serving)) == 1


@pytest.mark.parametrize(
    ("status", "is_lost"), [(404, True), (500, True), (503, True), (400, False), (403, False)]
)
def test_a_state_that_the_cluster_no_longer_has_is_lost(status: int, *, is_lost: bool) -> None:
    error = LostSnapshotError if is_lost else RefusedError
    with snapshot_of(refused(status)) as (snapshot, _):
        for ask in (
            lambda: snapshot.search({}),
            lambda: snapshot.search_words({}),
            lambda: snapshot.count_all([{}]),
        ):
            with pytest.raises(error, match="no"):
                ask()
