"""Nodes that hang are left out of what is asked; those that are busy are waited for."""

import json
import socket
import threading
from collections.abc import Sequence

import pytest

from index.config import ClusterSettings
from index.engines.opensearch import nodes
from index.engines.opensearch.connection import ClusterConnection, RefusedError
from index.engines.opensearch.search.snapshot import LostSnapshotError, Snapshot
from tests.support.answering_server import Prepared
from tests.support.awaiting import wait_until
from tests.support.hanging_nodes import HangingNode, hanging_nodes

WHOLE = Prepared(200, json.dumps({"timed_out": False, "_shards": {"failed": 0}, "pit_id": "p"}).encode())
COUNTED = {"size": 0}


def answer(path: str, body: bytes) -> Prepared:
    return WHOLE


def connect(served: Sequence[HangingNode]) -> ClusterConnection:
    urls = tuple(node.serving.url for node in served)
    return ClusterConnection(ClusterSettings(urls=urls, prefix="test", timeout_s=60), leaves_out=True)


def hosts_left_out(connection: ClusterConnection) -> set[str]:
    return {node.host for node in connection.left_out}


def test_a_node_that_hangs_is_left_out_until_it_answers_again(caplog: pytest.LogCaptureFixture) -> None:
    with hanging_nodes(answer, answer) as (one, other):
        connection = connect([one, other])
        other.hang()
        assert [connection.search(COUNTED)["timed_out"] for _ in range(6)] == [False] * 6
        assert hosts_left_out(connection) == {other.serving.url}
        assert connection.preference == {"preference": "_only_nodes:a"}
        assert other.searches() == []
        other.goes_on.set()
        wait_until(lambda: bool(connection.search(COUNTED)) and not connection.left_out)
        assert connection.preference == {}
        wait_until(lambda: bool(connection.search(COUNTED)) and other.searches() != [])
    assert [record.getMessage() for record in caplog.records if record.name == nodes.__name__] == [
        f"{other.serving.url}: hangs, and is left out until it answers",
        f"{other.serving.url}: answers again",
    ]


def test_searches_name_the_nodes_that_answer_while_another_hangs() -> None:
    with hanging_nodes(answer, answer, answer) as (one, other, third):
        connection = connect([one, other, third])
        third.hang()
        wait_until(lambda: bool(connection.search(COUNTED)) and bool(connection.left_out))
        connection.search(COUNTED, ("words",))
        connection.request("GET", ("test", "_mapping"))
        asked = one.searches() + other.searches()
        searched = [path for path in asked if path.startswith("/words/")]
        assert len(searched) == 1
        assert "preference=_only_nodes%3Aa%2Cb" in searched[0]
        assert [path for path in asked if "_mapping" in path] == ["/test/_mapping"]


def test_a_busy_node_is_waited_for_and_asked_once() -> None:
    served: list[HangingNode] = []

    def search(path: str, body: bytes) -> Prepared:
        assert served[0].named.wait(60)
        return WHOLE

    with hanging_nodes(search, search) as started:
        served += started
        connection = connect(served)
        assert connection.search(COUNTED)["timed_out"] is False
        assert connection.left_out == frozenset()
        assert len(served[0].searches()) + len(served[1].searches()) == 1


def test_nodes_that_all_hang_are_waited_for() -> None:
    with hanging_nodes(answer, answer) as served:
        connection = connect(served)
        for node in served:
            node.hang()
        answered = threading.Thread(target=lambda: connection.search(COUNTED))
        answered.start()
        wait_until(lambda: sum(node.asked > 2 for node in served) == 2)
        assert connection.left_out == frozenset()
        for node in served:
            node.goes_on.set()
        answered.join(60)
        assert not answered.is_alive()


def test_a_state_that_a_hanging_node_may_hold_is_lost_and_opened_on_the_others() -> None:
    with hanging_nodes(answer, answer) as (one, other):
        connection = connect([one, other])
        state = Snapshot(connection, "releases", "words")
        other.hang()
        with pytest.raises(LostSnapshotError):  # on whichever node the second one begins
            [state.search(COUNTED) for _ in range(2)]
        assert hosts_left_out(connection) == {other.serving.url}
        with pytest.raises(LostSnapshotError):
            state.search(COUNTED)
        moved = Snapshot(connection, "releases", "words")
        assert moved.search(COUNTED)["timed_out"] is False
        opened = [path for path in one.searches() if "point_in_time" in path]
        assert "preference=_only_nodes%3Aa" in opened[-1]


def test_a_search_that_waits_for_a_node_known_to_hang_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "_HANGS_MAX_S", 0.5)
    halted = threading.Event()

    def search(path: str, body: bytes) -> Prepared:
        halted.wait(60)
        return WHOLE

    with hanging_nodes(search, answer) as (one, other):
        connection = connect([one, other])
        other.hang()
        with pytest.raises(RefusedError, match=f"{other.serving.url}: hangs") as refused:
            connection.search(COUNTED)
        assert refused.value.status == 503
        halted.set()


def test_a_dead_node_is_no_reason_to_give_up_a_long_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "_HANGS_MAX_S", 0.0)
    served: list[HangingNode] = []

    def search(path: str, body: bytes) -> Prepared:
        assert served[0].named.wait(60)
        return WHOLE

    with hanging_nodes(search) as started:
        served += started
        with socket.create_server(("127.0.0.1", 0)) as closed:
            dead = f"http://127.0.0.1:{closed.getsockname()[1]}"
        settings = ClusterSettings(urls=(served[0].serving.url, dead), prefix="test", timeout_s=60)
        connection = ClusterConnection(settings, leaves_out=True)
        assert connection.search(COUNTED)["timed_out"] is False
        assert connection.left_out == frozenset()


def test_nodes_without_a_copy_are_not_insisted_on() -> None:
    def refuse(path: str, body: bytes) -> Prepared:
        return Prepared(400, b'{"error": "no data nodes"}') if "preference" in path else WHOLE

    with hanging_nodes(refuse, answer) as (one, other):
        connection = connect([one, other])
        other.hang()
        wait_until(lambda: bool(connection.search(COUNTED)) and bool(connection.left_out))
        assert connection.search(COUNTED)["timed_out"] is False


@pytest.mark.parametrize("said", [Prepared(403, b"{}"), Prepared(200, b"<h1>It works</h1>", "text/html")])
def test_nodes_whose_names_are_not_known_are_not_named(said: Prepared) -> None:
    with hanging_nodes(answer, answer) as (one, other):
        one.said = said
        connection = connect([one, other])
        other.hang()
        wait_until(lambda: bool(connection.search(COUNTED)) and bool(connection.left_out))
        assert connection.preference == {}
