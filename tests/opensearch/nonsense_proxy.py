"""A proxy before a node of the cluster: it passes requests on, holds them, or answers nonsense."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

TIMEOUT_S = 600


@dataclass(frozen=True)
class Answer:
    """What a request is answered with."""

    status: int
    kind: str
    body: bytes


NONSENSE = {
    "a page": Answer(200, "text/html", b"<html><title>Welcome</title></html>"),
    "half an answer": Answer(200, "application/json", b'{"took": 3, "hits": {"total"'),
    "a list": Answer(200, "application/json", b"[]"),
    "an empty object": Answer(200, "application/json", b"{}"),
    "nothing": Answer(200, "application/json", b""),
    "a bad gateway": Answer(502, "text/html", b"<html>Bad Gateway</html>"),
    "a sign-in": Answer(401, "text/html", b"<html>Sign in</html>"),
    "a redirect to nowhere": Answer(302, "text/html", b""),
    "not found": Answer(404, "application/json", b'{"message": "no such route"}'),
}


class NonsenseProxy:
    """The proxy at *address*; it answers with ``nonsense``, or if that is None with what the node does."""

    def __init__(self, address: str, nonsense: Answer | None) -> None:
        self.address, self.nonsense = address, nonsense
        self.path = ""
        """The part of a path that is held or answered with nonsense."""
        self.is_holding, self.released = threading.Event(), threading.Event()
        self.released.set()
        self.statuses: Counter[int] = Counter()
        """The answers so far, by status."""
        self.paths: list[str] = []
        """What was requested so far."""

    def hold(self, path: str) -> None:
        """Let requests for *path* wait until ``released``; ``is_holding`` says that one does."""
        self.path = path
        self.released.clear()

    def let_go(self) -> None:
        """Pass on what waits, and whatever comes."""
        self.path = ""
        self.released.set()
        self.is_holding.clear()

    def answer(self, path: str) -> Answer | None:
        """Return the nonsense for *path*, None if the node is to answer."""
        if self.path not in path:
            return None
        if not self.released.is_set():
            self.is_holding.set()
            self.released.wait(TIMEOUT_S)
        return self.nonsense


def _status_within(answer: Answer) -> int:
    """Return the status of an answer, or of the first failure among those to several searches."""
    with suppress(ValueError, AttributeError):
        each = json.loads(answer.body).get("responses", ())
        return next((one["status"] for one in each if "error" in one), answer.status)
    return answer.status


@contextmanager
def before(node: str, nonsense: Answer | None = None) -> Iterator[NonsenseProxy]:
    """Run a proxy before *node* until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            proxy.paths.append(self.path)
            answer = proxy.answer(self.path) or self._pass_on(body)
            proxy.statuses[_status_within(answer)] += 1
            with suppress(BrokenPipeError):  # the client was killed meanwhile
                self._send(answer)

        def _send(self, answer: Answer) -> None:
            self.send_response(answer.status)
            self.send_header("content-type", answer.kind)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def _pass_on(self, body: bytes) -> Answer:
            kind = {"content-type": self.headers.get("content-type") or "application/json"}
            answer = requests.request(
                self.command, node + self.path, data=body, headers=kind, timeout=TIMEOUT_S
            )
            return Answer(answer.status_code, answer.headers["content-type"], answer.content)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 - as the library calls them

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        proxy = NonsenseProxy(f"http://127.0.0.1:{server.server_address[1]}", nonsense)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield proxy
        server.shutdown()
        thread.join()
