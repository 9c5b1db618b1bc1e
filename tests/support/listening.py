"""A listener of `searcher/server/` whose loop runs while its clients wait."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from waitress import wasyncore
from waitress.adjustments import Adjustments

from searcher.server.dispatcher import SpareThreadDispatcher
from searcher.server.listener import Listener

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
BODY_BYTES = 10_000
PLACES = 12  # waitress itself takes two
# How long an answer is waited for.
ANSWER_S, ROUNDS_MIN = 2, 200


def app(_environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


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
        for _ in range(times):
            self.listener.serve_once(0.01)

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

    def send(self, sent: bytes) -> socket.socket:
        """Return a client that has connected and sent *sent*, before any of it is taken."""
        client = socket.create_connection(self.address)
        client.settimeout(0)
        client.sendall(sent)
        return client

    def connect(self, sent: bytes) -> socket.socket:
        """Return a client that has sent *sent*, which has been taken."""
        client = self.send(sent)
        self.run_loop()
        return client

    def answer(self, client: socket.socket) -> bytes | None:
        """Return what *client* received: b"" if the connection was closed, None if nothing came."""
        rounds, end = 0, time.monotonic() + ANSWER_S
        # A round without anything to wait for takes no time, a busy machine needs some rounds.
        while rounds < ROUNDS_MIN or time.monotonic() < end:
            rounds += 1
            self.run_loop(1)
            try:
                return client.recv(100)
            except BlockingIOError:
                continue
            except ConnectionResetError:
                return b""
        return None


@contextmanager
def listening(application: WSGIApplication = app, counts: list[int] | None = None) -> Iterator[Serving]:
    """Yield a listener on loopback that answers by *application*."""
    with socket.create_server(("127.0.0.1", 0)) as listening_socket:
        serving = Serving(listening_socket, counts or [0], application)
        try:
            yield serving
        finally:
            wasyncore.close_all(serving.map, ignore_all=True)
