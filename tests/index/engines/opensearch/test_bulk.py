"""Bulk requests: what is refused is sent again, and only that; what is rejected ends the build."""

import json
from collections.abc import Mapping, Sequence

import pytest

from index.config import ClusterSettings
from index.engines.opensearch.bulk import Action, BulkWriter
from index.engines.opensearch.connection import ClusterConnection
from index.errors import BuildError
from tests.support.answering_server import Answering, Prepared, answer_in_turn

BUSY = {"status": 429, "error": {"reason": "rejected execution"}}


def answer_of(*items: Mapping[str, object]) -> Prepared:
    return Prepared(200, json.dumps({"items": [{"index": item} for item in items]}).encode())


def write(serving: Answering, actions: Sequence[Action]) -> BulkWriter:
    connection = ClusterConnection(ClusterSettings(urls=(serving.url,), prefix="test"))
    writer = BulkWriter(connection, "test-1")
    writer.write(actions)
    return writer


def sent_ids(serving: Answering) -> list[list[str]]:
    """Return the ids in each request."""
    lines = [[json.loads(line) for line in body.splitlines()] for _, _, body in serving.requests]
    return [[line["index"]["_id"] for line in request if "index" in line] for request in lines]


def actions(count: int) -> list[Action]:
    return [Action(id=f"{number}", version=1, document={"title": "Ziņa"}) for number in range(count)]


def test_only_what_was_refused_is_sent_again() -> None:
    with answer_in_turn(
        [answer_of({"status": 201}, BUSY, {"status": 200}), answer_of({"status": 201})]
    ) as serving:
        writer = write(serving, actions(3))
    assert sent_ids(serving) == [["0", "1", "2"], ["1"]]
    assert writer.acknowledged == 3


@pytest.mark.parametrize("status", [429, 503])
def test_a_request_that_is_refused_as_a_whole_is_sent_again_in_halves(status: int) -> None:
    refusal = Prepared(status, json.dumps({"error": {"reason": "busy"}}).encode())
    two = answer_of({"status": 201}, {"status": 201})
    with answer_in_turn([refusal, two, two]) as serving:
        writer = write(serving, actions(4))
    assert sent_ids(serving) == [["0", "1", "2", "3"], ["0", "1"], ["2", "3"]]
    assert writer.acknowledged == 4


def test_a_document_that_is_rejected_ends_the_build_and_is_named() -> None:
    rejected = {"status": 400, "error": {"reason": "mapping conflict"}}
    raises = pytest.raises(BuildError, match="test-1: 1: rejected: mapping conflict")
    with answer_in_turn([answer_of({"status": 201}, rejected)]) as serving, raises:
        write(serving, actions(2))


def test_a_document_that_is_newer_in_the_index_is_confirmed() -> None:
    with answer_in_turn([answer_of({"status": 409, "error": {"reason": "version conflict"}})]) as serving:
        assert write(serving, actions(1)).acknowledged == 1


def test_an_answer_to_too_few_documents_ends_the_build() -> None:
    raises = pytest.raises(BuildError, match="1 answers to 2 documents")
    with answer_in_turn([answer_of({"status": 201})]) as serving, raises:
        write(serving, actions(2))


def test_requests_are_bounded() -> None:
    with answer_in_turn([answer_of(*({"status": 201} for _ in range(500)))] * 2) as serving:
        assert write(serving, actions(1000)).acknowledged == 1000
    assert [len(ids) for ids in sent_ids(serving)] == [500, 500]


def test_versions_are_those_of_the_changes() -> None:
    with answer_in_turn([answer_of({"status": 201}, {"status": 404})]) as serving:
        write(serving, [Action(id="a", version=7, document={"n": 1}), Action(id="b", version=8)])
    lines = [json.loads(line) for line in serving.requests[0][2].splitlines()]
    assert lines == [
        {"index": {"_id": "a", "version": 7, "version_type": "external_gte"}},
        {"n": 1},
        {"delete": {"_id": "b", "version": 8, "version_type": "external_gte"}},
    ]
