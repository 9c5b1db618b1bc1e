"""A server on loopback that gives prepared answers in turn, and keeps what it was asked."""

import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Prepared:
    """An answer."""

    status: int
    body: bytes
    content_type: str = "application/json"


@dataclass
class Answering:
    """The address of the server, and the requests that arrived: path, headers and body."""

    url: str
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


def answer_in_turn(
    answers: Sequence[Prepared], tls: ssl.SSLContext | None = None
) -> AbstractContextManager[Answering]:
    """Serve *answers*, one per request; the last one is repeated. With *tls*, over https."""
    left = list(answers)
    return answer_with(lambda *_: left.pop(0) if len(left) > 1 else left[0], tls)


@contextmanager
def answer_with(
    choose: Callable[[str, bytes], Prepared], tls: ssl.SSLContext | None = None
) -> Iterator[Answering]:
    """Serve what *choose* returns for the path and the body of each request. With *tls*, over https."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # In pieces, each answer would wait 40 ms for the receipt of its first one.
        wbufsize, disable_nagle_algorithm = -1, True

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            prepared = choose(self.path, body)
            serving.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(prepared.status)
            self.send_header("content-type", prepared.content_type)
            self.send_header("content-length", str(len(prepared.body)))
            self.end_headers()
            self.wfile.write(prepared.body)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - as the library calls them

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    serving = Answering(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield serving
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
