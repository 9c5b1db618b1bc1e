"""Fixtures of the scheduler's tests: a small site, and an empty store."""

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.store import Store
from tests.support.site_crawl import (
    Handler,
    Web,
)


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    handler = type("SiteHandler", (Handler,), {"web": web})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        web.origin = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield web
        server.shutdown()
        thread.join()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "releases.sqlite3") as store:
        yield store
