"""Fixtures: settings, sites on the loopback, and an empty store."""

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.store import Store
from samples.server import Sites, crawl_config, serve_sites
from tests.support.crawl_command import SOME_SITES
from tests.support.hostile_site import HostileSite
from tests.support.new_store import new_store
from tests.support.site_crawl import Handler, Web
from tests.support.small_site import CONFIG


@pytest.fixture
def config(site: HostileSite, tmp_path: Path) -> Path:
    """Settings for a small site on the loopback."""
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(origin=site.origin), encoding="utf-8")
    return path


@pytest.fixture
def sample_sites() -> Iterator[Sites]:
    """The sample sites, served."""
    with serve_sites(base_port=0) as serving:
        yield serving


@pytest.fixture
def sample_config(sample_sites: Sites, tmp_path: Path) -> Path:
    """Settings for some of the sample sites."""
    path = tmp_path / "config.toml"
    some = {site: sample_sites[site] for site in SOME_SITES}
    path.write_text(crawl_config(some, tmp_path / "data"), encoding="utf-8")
    return path


@pytest.fixture
def web() -> Iterator[Web]:
    """A site on the loopback that serves what its test gives it."""
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
    with new_store(tmp_path / "releases.sqlite3") as store:
        yield store
