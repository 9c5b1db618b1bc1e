import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from waitress import wasyncore
from waitress.adjustments import Adjustments

from searcher.server.connections import ARRIVAL_S, SILENCE_S, Connection, Listener
from searcher.server.dispatcher import SpareThreadDispatcher

pytestmark = pytest.mark.sweep

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
BODY_BYTES = 10_000
PLACES = 12  # waitress itself takes two


def app(_environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


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


class Serving:
    """A listener whose loop runs while its clients wait."""

    def __init__(
        self, listening: socket.socket, counts: list[int], application: WSGIApplication = app
    ) -> None:
        self.map: dict[int, object] = {}
        self.listener = Listener(
            application,
            self.map,
            _sock=listening,
            dispatcher=SpareThreadDispatcher(spare=0),
            adj=Adjustments(
                sockets=[listening],
                connection_limit=PLACES,
                asyncore_use_poll=True,
                max_request_body_size=BODY_BYTES,
                outbuf_high_watermark=1_000_000,
            ),
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
            bind_socket=False,
            counts=counts,
            place=0,
        )
        self.address = listening.getsockname()

    def run_loop(self, times: int = 5) -> None:
        wasyncore.loop(timeout=0.01, use_poll=True, map=self.map, count=times)

    @contextmanager
    def in_background(self) -> Iterator[None]:
        stopped = threading.Event()

        def run() -> None:
            while not stopped.is_set():
                self.run_loop(1)

        loop = threading.Thread(target=run)
        loop.start()
        try:
            yield
        finally:
            stopped.set()
            loop.join()

    def connect(self, sent: bytes) -> socket.socket:
        client = socket.create_connection(self.address)
        client.settimeout(0)
        client.sendall(sent)
        self.run_loop()
        return client

    def answer(self, client: socket.socket) -> bytes | None:
        """Return what *client* received: b"" if the connection was closed, None if nothing came."""
        for _ in range(200):
            self.run_loop(1)
            try:
                return client.recv(100)
            except BlockingIOError:
                continue
            except ConnectionResetError:
                return b""
        return None


@pytest.fixture
def serving() -> Iterator[Serving]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = Serving(listening, [0])
        yield serving
        wasyncore.close_all(serving.map, ignore_all=True)


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
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = Serving(listening, [0, 0])
        with socket.create_connection(serving.address) as client:
            client.settimeout(0)
            client.sendall(REQUEST)
            serving.run_loop()
            assert len(serving.listener.active_channels) == 0
            assert (serving.answer(client) or b"").startswith(b"HTTP/1.1 200 OK")
        wasyncore.close_all(serving.map, ignore_all=True)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"a" * 3_000_000 + b" HTTP/1.1\r\n\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nContent-Length: 3000000\r\n\r\n" + b"a" * 3_000_000, b"413"),
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
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = Serving(listening, [0], stream)
        with serving.connect(b"GET /x.csv HTTP/1.1\r\nHost: localhost\r\n\r\n"):
            (channel,) = serving.listener.active_channels.values()
            ends = time.monotonic() + 120
            while channel.waiting_since is None:  # until the buffers between are full
                assert time.monotonic() < ends
                serving.run_loop(1)
            serving.listener.maintenance(time.time() + SILENCE_S - 1)
            assert not stream.ended.is_set()
            serving.listener.maintenance(time.time() + SILENCE_S + 1)
            assert stream.ended.wait(120)
        wasyncore.close_all(serving.map, ignore_all=True)
