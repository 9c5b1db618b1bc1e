"""An endpoint of a cluster as operators protect it: TLS, and 401 for whom it does not know."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from tests.support.certificates import server_context

TIMEOUT_S = 600
_REFUSED = b'{"error": "Unauthorized", "status": 401}'


@contextmanager
def secured(node: str, certificate: Path, authorization: str) -> Iterator[str]:
    """Pass requests with the header *authorization* on to *node*; yield the address, `https://127.0.0.1:...`."""

    class Endpoint(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.headers.get("authorization") != authorization:
                return self._send(401, "application/json", _REFUSED)
            kind = {"content-type": self.headers.get("content-type") or "application/json"}
            answer = requests.request(
                self.command, node + self.path, data=body, headers=kind, timeout=TIMEOUT_S
            )
            return self._send(answer.status_code, answer.headers["content-type"], answer.content)

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 - as the library calls them

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with _serving(Endpoint, server_context(certificate)) as address:
        yield address


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
