"""A new generation: on a server that is new enough, and with its analyser of Latvian if it has one."""

import json
from dataclasses import replace

import pytest

from index.config import ClusterSettings
from index.engines.opensearch.connection import ClusterConnection, RefusedError
from index.engines.opensearch.generations import ClusterGenerations, Meta
from index.errors import EngineError
from tests.support.answering_server import Answering, Prepared, answer_in_turn


def server(**version: str) -> Prepared:
    return Prepared(200, json.dumps({"version": version}).encode())


SERVER = server(distribution="opensearch", number="3.8.0")
DONE = Prepared(200, b'{"acknowledged": true}')
NO_GENERATIONS = Prepared(200, b"{}")


def refused(reason: str) -> Prepared:
    return Prepared(400, json.dumps({"error": {"root_cause": [{"reason": reason}]}}).encode())


def create(serving: Answering) -> None:
    settings = ClusterSettings(urls=(serving.url,), prefix="test")
    ClusterGenerations(ClusterConnection(settings), settings).create()


def analyzers_sent(serving: Answering) -> list[str]:
    sent = [json.loads(body) for path, _, body in serving.requests if body and path.count("-") == 2]
    return [index["mappings"]["properties"]["title"]["analyzer"] for index in sent]


def test_the_raw_texts_are_read_by_the_analyser_of_the_cluster() -> None:
    with answer_in_turn([SERVER, NO_GENERATIONS, DONE]) as serving:
        create(serving)
    assert analyzers_sent(serving) == ["latvian"]


def test_a_cluster_without_the_module_reads_them_by_the_plain_analyser() -> None:
    missing = refused(
        "Failed to parse mapping [_doc]: analyzer [latvian] has not been configured in mappings"
    )
    with answer_in_turn([SERVER, NO_GENERATIONS, missing, DONE]) as serving:
        create(serving)
    assert analyzers_sent(serving) == ["latvian", "standard"]


def test_another_refusal_is_reported() -> None:
    answers = [SERVER, NO_GENERATIONS, refused("this action would add [2] shards")]
    with answer_in_turn(answers) as serving, pytest.raises(RefusedError, match=r"would add \[2\] shards"):
        create(serving)
    assert analyzers_sent(serving) == ["latvian"]


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (server(distribution="opensearch", number="1.3.20"), "not opensearch 1.3.20"),
        (server(distribution="opensearch", number="2.3.0"), "not opensearch 2.3.0"),
        (server(number="8.15.0", build_flavor="default"), "not another program 8.15.0"),
        (Prepared(200, b"{}"), "not another program"),
    ],
)
def test_another_server_is_named_before_anything_is_made(answer: Prepared, named: str) -> None:
    with (
        answer_in_turn([answer]) as serving,
        pytest.raises(EngineError, match=f"needs OpenSearch 2.4 or newer, {named}"),
    ):
        create(serving)
    assert [path for path, _, _ in serving.requests] == ["/"]


BLOCKED = Prepared(503, b'{"error": {"root_cause": [{"reason": "blocked by: [state not recovered]"}]}}')
NO_NAME = Prepared(404, b'{"error": {"root_cause": [{"reason": "no such index [test]"}]}}')
OURS = Prepared(
    200, json.dumps({"test-20260301t090000-001": {"mappings": {"_meta": {"number": 3}}}}).encode()
)


@pytest.mark.parametrize(
    ("answers", "is_there"), [([NO_NAME, OURS, OURS], True), ([NO_NAME, NO_GENERATIONS], False)]
)
def test_no_name_is_no_index_only_if_the_cluster_knows_of_none(
    answers: list[Prepared], is_there: bool
) -> None:
    with answer_in_turn(answers) as serving:
        settings = ClusterSettings(urls=(serving.url,), prefix="test")
        current = ClusterGenerations(ClusterConnection(settings), settings).current()
    assert (current is not None) == is_there


def test_a_cluster_that_starts_does_not_say_that_there_is_no_index() -> None:
    with answer_in_turn([NO_NAME, BLOCKED]) as serving:
        settings = ClusterSettings(urls=(serving.url,), prefix="test")
        with pytest.raises(RefusedError, match="503: blocked by"):
            ClusterGenerations(ClusterConnection(settings), settings).current()


def test_only_an_update_that_has_begun_is_kept_as_pending() -> None:
    meta = Meta(number=3, documents=2)
    assert "pending" not in meta.fields()
    begun = Meta.of({"mappings": {"_meta": replace(meta, pending=5).fields()}}, "here")
    assert (begun.pending, begun == meta) == (5, True)
