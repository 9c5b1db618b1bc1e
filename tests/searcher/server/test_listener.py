import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from searcher.server.connections import ARRIVAL_S, SILENCE_S
from searcher.server.listener import FINISH_S
from tests.support.awaiting import wait_until
from tests.support.listening import PLACES, REQUEST, Serving, app, listening

pytestmark = pytest.mark.sweep

WAITERS = 40


@pytest.fixture
def serving() -> Iterator[Serving]:
    with listening() as serving:
        yield serving


def rest_of(client: socket.socket) -> bytes:
    """Return what *client* receives until the connection is closed; raise if it is reset."""
    client.settimeout(60)
    return b"".join(iter(lambda: client.recv(1000), b""))


@pytest.mark.parametrize(
    ("sent", "seconds", "is_closed"),
    [
        (b"GET / HT", ARRIVAL_S + 1, True),
        (b"GET / HT", ARRIVAL_S - 1, False),
        (b"", SILENCE_S + 1, True),
        (b"", SILENCE_S - 1, False),
    ],
)
def test_a_connection_is_closed_after_its_time_limit(
    serving: Serving, sent: bytes, seconds: float, is_closed: bool
) -> None:
    with serving.connect(sent) as client:
        serving.listener.maintenance(time.time() + seconds)
        assert (serving.answer(client) == b"") == is_closed


def test_trickling_bytes_do_not_extend_the_time_limit(serving: Serving) -> None:
    with serving.connect(b"GET / HTTP/1.1\r\n") as client:
        serving.listener.maintenance(time.time() + ARRIVAL_S - 1)
        client.sendall(b"a: b\r\n")
        serving.run_loop()
        serving.listener.maintenance(time.time() + ARRIVAL_S + 1)
        assert serving.answer(client) == b""


def test_at_the_limit_the_longest_waiting_connections_are_closed(serving: Serving) -> None:
    with ExitStack() as opened:
        slow = [opened.enter_context(serving.connect(b"GET / HT")) for _ in range(3 * PLACES)]
        client = opened.enter_context(serving.connect(REQUEST))
        assert (serving.answer(client) or b"").startswith(b"HTTP/1.1 200 OK")
        assert serving.answer(slow[0]) == b""
        assert len(serving.map) <= PLACES


def test_a_connection_is_left_to_a_process_with_fewer_but_not_forever() -> None:
    with listening(counts=[0, 0]) as serving, serving.connect(REQUEST) as client:
        assert len(serving.listener.active_channels) == 0
        assert (serving.answer(client) or b"").startswith(b"HTTP/1.1 200 OK")


def test_connections_that_take_the_descriptors_of_closed_ones_are_answered(serving: Serving) -> None:
    with ExitStack() as opened:
        for _ in range(PLACES - 3):
            opened.enter_context(serving.connect(b"GET / HT"))
        clients = [opened.enter_context(serving.send(REQUEST)) for _ in range(3)]
        _fill_gaps(max(serving.map), opened)
        answers = [serving.answer(client) or b"" for client in clients]
    assert [answer.startswith(b"HTTP/1.1 200 OK") for answer in answers] == [True] * 3


def _fill_gaps(highest: int, opened: ExitStack) -> None:
    """Open files until the next descriptors are those that become free, up to *highest*."""
    spare = -1
    while spare < highest:
        spare = os.open(os.devnull, os.O_RDONLY)
        opened.callback(os.close, spare)


def test_a_client_whose_next_request_has_arrived_is_not_closed_as_idle(serving: Serving) -> None:
    with serving.connect(REQUEST) as client:
        assert serving.answer(client)
        client.sendall(REQUEST)
        serving.listener.maintenance(time.time() + SILENCE_S + 1)
        assert (serving.answer(client) or b"").startswith(b"HTTP/1.1 200 OK")


def test_requests_that_wait_to_be_accepted_are_answered_at_the_end(serving: Serving) -> None:
    with ExitStack() as opened:
        clients = [opened.enter_context(serving.send(REQUEST)) for _ in range(WAITERS)]
        serving.listener.stop()
        serving.listener.run()
        answers = [rest_of(client) for client in clients]
    assert [answer.partition(b"\r\n")[0] for answer in answers] == [b"HTTP/1.1 200 OK"] * WAITERS


def test_requests_that_the_end_does_not_leave_time_for_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.server.listener.FINISH_S", 0.2)

    def answer_late(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        wait_until(lambda: serving.listener.is_late)
        return app(environ, start_response)

    with listening(answer_late) as serving, ExitStack() as opened:
        api, head = (REQUEST.replace(*change) for change in ((b"/ ", b"/api/v1/search "), (b"GET", b"HEAD")))
        wrong = b"GET / HTTP/1.0\r\nContent-Length: -1\r\n\r\n"
        clients = [opened.enter_context(serving.send(one)) for one in (REQUEST, REQUEST, api, head, wrong)]
        serving.listener.stop()
        serving.listener.run()
        answered, *refused, malformed = map(rest_of, clients)
    assert answered.startswith(b"HTTP/1.1 200 OK")
    assert [one.partition(b"\r\n")[0] for one in refused] == [b"HTTP/1.1 503 Service Unavailable"] * 3
    assert [b"\r\nRetry-After: 5\r\n" in one for one in refused] == [True] * 3
    assert malformed.startswith(b"HTTP/1.0 400")
    bodies = [one.partition(b"\r\n\r\n")[2] for one in refused]
    assert bodies[0] == b"Service Unavailable: the service ends; try again in a moment\n"
    assert json.loads(bodies[1])["status"] == 503
    assert bodies[2] == b""


def test_requests_sent_together_are_all_answered_at_the_end(serving: Serving) -> None:
    with serving.send(3 * REQUEST) as client:
        serving.listener.stop()
        serving.listener.run()
        heads = rest_of(client).split(b"HTTP/1.1 200 OK")[1:]
    assert [b"\r\nConnection: close\r\n" in head for head in heads] == [False, False, True]


def test_an_idle_client_does_not_delay_the_end(serving: Serving) -> None:
    with serving.connect(REQUEST) as client:
        assert serving.answer(client)
        serving.listener.stop()
        started = time.monotonic()
        serving.listener.run()
        assert time.monotonic() - started < FINISH_S


def test_a_listener_that_leaves_accepts_nobody_and_closes_each_connection_with_its_next_answer(
    serving: Serving,
) -> None:
    with serving.connect(b"") as early, serving.connect(REQUEST) as kept_alive:
        assert b"200 OK" in (serving.answer(kept_alive) or b"")
        serving.listener.leave()
        runs = threading.Thread(target=serving.listener.run)
        runs.start()
        with serving.send(REQUEST) as late:
            for client in (early, kept_alive):
                client.sendall(REQUEST)
                assert b"\r\nConnection: close\r\n" in rest_of(client)
            runs.join()
            with pytest.raises(BlockingIOError):  # it waits for another program
                late.recv(100)


def test_a_listener_that_stops_after_it_has_left_answers_who_has_asked(serving: Serving) -> None:
    with serving.connect(b"") as silent, serving.connect(REQUEST[:-2]) as asking, serving.send(REQUEST):
        serving.listener.leave()
        serving.listener.stop()
        runs = threading.Thread(target=serving.listener.run)
        runs.start()
        asking.sendall(REQUEST[-2:])
        assert b"200 OK" in rest_of(asking)
        runs.join()
        with pytest.raises(BlockingIOError):
            silent.recv(100)
