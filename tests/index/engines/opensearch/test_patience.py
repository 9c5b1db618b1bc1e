"""Requests to busy nodes: asked again until they answer, for three minutes."""

import json

import pytest

from index.config import ClusterSettings
from index.engines.opensearch import patience
from index.engines.opensearch.connection import ClusterConnection, RefusedError
from index.engines.opensearch.patience import Patience, patiently
from index.errors import BuildError
from tests.support.answering_server import Answering, Prepared, answer_in_turn


def refused(status: int) -> Prepared:
    return Prepared(status, json.dumps({"error": {"reason": "refused"}}).encode())


DONE = Prepared(200, b'{"done": true}')


def ask(serving: Answering) -> object:
    connection = ClusterConnection(ClusterSettings(urls=(serving.url,), prefix="test"))
    return patiently(lambda: connection.request("GET", ("test",)))


@pytest.mark.parametrize("status", [429, 503])
def test_busy_nodes_are_asked_again(status: int) -> None:
    with answer_in_turn([refused(status), refused(status), DONE]) as serving:
        assert ask(serving) == {"done": True}
    assert len(serving.requests) == 3


def test_another_refusal_is_not_asked_again() -> None:
    with answer_in_turn([refused(400), DONE]) as serving, pytest.raises(RefusedError, match="400: refused"):
        ask(serving)
    assert len(serving.requests) == 1


def test_patience_ends_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_PATIENCE_S", 0.0)
    with pytest.raises(BuildError, match="nodes are busy"):
        Patience().wait("nodes are busy")
