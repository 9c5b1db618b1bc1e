import socket
import threading
import time
from collections.abc import Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from searcher.server.connections import ARRIVAL_S, SILENCE_S, Connection
from tests.support.listening import REQUEST, Serving, listening

pytestmark = pytest.mark.sweep


@pytest.fixture
def serving() -> Iterator[Serving]:
    with listening() as serving:
        yield serving


class EndlessStream:
    """An app that answers without end, until the client is given up."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def __call__(self, _environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [])
        try:
            while True:
                yield bytes(100_000)
        finally:
            self.ended.set()


def test_a_request_is_answered(serving: Serving) -> None:
    with serving.connect(REQUEST) as client:
        assert (serving.answer(client) or b"").startswith(b"HTTP/1.1 200 OK")


def test_headers_and_body_are_sent_at_once(serving: Serving) -> None:
    sent: list[bytes] = []

    class Recorded(Connection):
        def send(self, data: bytes, *, do_close: bool = True) -> int:
            sent.append(bytes(data))
            return int(super().send(data, do_close=do_close))

    serving.listener.channel_class = Recorded
    with serving.connect(REQUEST) as client:
        serving.answer(client)
    (answer,) = sent
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"\r\n\r\nok")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"a" * 3_000_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" + b"a" * 3_000_000, b"413"),
    ],
    ids=["target", "body"],
)
def test_a_request_that_is_too_large_gets_an_answer(serving: Serving, sent: bytes, status: bytes) -> None:
    with serving.in_background(), socket.create_connection(serving.address, timeout=10) as client:
        client.sendall(sent)
        answer = b"".join(iter(lambda: client.recv(1000), b""))
    assert answer.split(b" ")[1] == status


def test_a_refused_client_that_keeps_sending_is_closed_in_time(serving: Serving) -> None:
    with serving.connect(b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n") as client:
        assert (serving.answer(client) or b"").startswith(b"HTTP/1.1 400")
        client.sendall(b"a")
        serving.run_loop()
        assert len(serving.listener.active_channels) == 1
        serving.listener.maintenance(time.time() + ARRIVAL_S + 1)
        assert len(serving.listener.active_channels) == 0


def test_a_stream_whose_client_takes_nothing_is_closed_in_time() -> None:
    stream = EndlessStream()
    csv = b"GET /x.csv HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with listening(stream) as serving, serving.connect(csv):
        (channel,) = serving.listener.active_channels.values()
        ends = time.monotonic() + 120
        while channel.waiting_since is None:  # until the buffers between are full
            assert time.monotonic() < ends
            serving.run_loop(1)
        serving.listener.maintenance(time.time() + SILENCE_S - 1)
        assert not stream.ended.is_set()
        serving.listener.maintenance(time.time() + SILENCE_S + 1)
        assert stream.ended.wait(120)


@pytest.mark.parametrize(("age", "is_active"), [(0.04, True), (0.06, False)])
@pytest.mark.parametrize("sent", [b"", b"GET / HT"])
def test_a_client_that_has_just_begun_is_active(
    serving: Serving, sent: bytes, age: float, is_active: bool
) -> None:
    begins = time.time()
    with serving.connect(sent):
        (connection,) = serving.listener.active_channels.values()
        taken = time.time() - begins
        assert connection.is_active(begins + taken * (not is_active) + age, fresh_s=0.05) is is_active


def test_an_idle_client_is_active_again_with_its_next_request(serving: Serving) -> None:
    with serving.connect(REQUEST) as client:
        (connection,) = serving.listener.active_channels.values()
        assert serving.answer(client)
        assert not connection.is_active(time.time(), fresh_s=0.05)
        client.sendall(REQUEST)
        assert connection.is_active(time.time(), fresh_s=0.05)


def test_a_slow_request_is_owed_an_answer_while_more_of_it_arrives(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving.connect(b"GET / HT") as client:
        (connection,) = serving.listener.active_channels.values()
        later = time.time() + 60
        monkeypatch.setattr("searcher.server.connections.time.time", lambda: later)
        assert not connection.is_owed
        client.sendall(b"TP/1.1\r\n")
        assert connection.is_owed
