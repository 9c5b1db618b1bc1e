"""Serves the sample sites over HTTP, each on its own loopback port."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from samples.content import Content, DemoDay, Markup, SampleSite, load_content, load_sites
from samples.pages import SampleResponse, respond

BASE_PORT = 8101
KEPT_ALIVE_S = 30


class Sites(dict[str, str]):
    """The origins of the running sites (`http://127.0.0.1:8101`), by site id.

    Setting ``day`` switches the content of all sites.
    """

    day: DemoDay = 1


class SiteServer(ThreadingHTTPServer):
    """One sample site; `server_close` ends every connection and joins every thread."""

    daemon_threads = False
    # Backlog for requests to all sites at once.
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], sites: Sites, by_day: Mapping[DemoDay, Content]) -> None:
        # Set before listening: if that fails, the base class calls server_close.
        self._connections: set[socket.socket] = set()
        super().__init__(address, SiteHandler)
        self._sites = sites
        self._by_day = by_day
        self.origin = f"http://{address[0]}:{self.server_address[1]}"

    @property
    def content(self) -> Content:
        """The content of the current day."""
        return self._by_day[self._sites.day]

    def process_request(self, request: object, client_address: object) -> None:
        """Register the connection, so that `server_close` can end it."""
        assert isinstance(request, socket.socket)  # noqa: S101  # narrows: the server is a TCP one
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: object) -> None:
        """Unregister the connection."""
        assert isinstance(request, socket.socket)  # noqa: S101  # narrows: the server is a TCP one
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Stop listening, close open connections and join their threads."""
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # already closed
        super().server_close()


class SiteHandler(BaseHTTPRequestHandler):
    """Handles GET; other methods get 501."""

    protocol_version = "HTTP/1.1"
    # With Nagle's algorithm the last part of a response waits 40 ms for a delayed ACK.
    disable_nagle_algorithm = True
    server_version = "sample"
    sys_version = ""
    timeout = KEPT_ALIVE_S
    # Buffers headers and body into one packet, for the same reason.
    wbufsize = 65_536
    server: SiteServer

    def do_GET(self) -> None:
        """Answer a GET, with 304 if the client has the current version."""
        found = respond(self.server.content, self.server.origin, self.path)
        fresh = found.status == 200 and self._is_fresh(found)
        self.send_response(304 if fresh else found.status)
        for name, value in found.headers.items():
            self.send_header(name, value)
        if found.status == 200:
            self.send_header("ETag", found.etag)
        if found.modified:
            self.send_header("Last-Modified", format_datetime(found.modified, usegmt=True))
        if not fresh:
            self.send_header("Content-Type", found.content_type)
            self.send_header("Content-Length", str(len(found.body)))
        self.end_headers()
        if not fresh:
            self.wfile.write(found.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # named so by the base class
        """Log nothing."""

    def _is_fresh(self, found: SampleResponse) -> bool:
        if (tags := self.headers["If-None-Match"]) is not None:
            return found.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        if (since := self.headers["If-Modified-Since"]) is None or found.modified is None:
            return False
        try:
            return found.modified <= parsedate_to_datetime(since)
        except (ValueError, TypeError):  # not a date, or without a time zone
            return False


@contextmanager
def serve_sites(*, day: DemoDay = 1, base_port: int = BASE_PORT) -> Iterator[Sites]:
    """Serve all sample sites within the context; *base_port* 0 picks free ports."""
    sites = Sites()
    sites.day = day
    file = load_sites()
    with ExitStack() as stack:
        for site in file.sites:
            markup = file.markups[site.markup]
            by_day: dict[DemoDay, Content] = {
                1: load_content(site, markup, 1),
                2: load_content(site, markup, 2),
            }
            port = base_port and base_port + site.port - BASE_PORT
            server = SiteServer(("127.0.0.1", port), sites, by_day)
            stack.callback(server.server_close)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            sites[site.id] = server.origin
        yield sites


def crawl_config(sites: Mapping[str, str], data_dir: Path | str, *, judged: Path | None = None) -> str:
    """Return the text of a config.toml that crawls the sample *sites* (origins by id) into *data_dir*.

    *judged* is the path of its judged queries. The templates are the built-in ones.
    """
    file = load_sites()
    tables = [
        _site_table(site, sites[site.id], file.markups[site.markup])
        for site in file.sites
        if site.id in sites
    ]
    origins = [origin.removeprefix("http://") for origin in sites.values()]
    return "\n".join(
        [
            "# Made by samples.server.crawl_config: the sample sites; the templates are built in.",
            f"data_dir = {_toml(str(data_dir))}",
            "",
            *(("[index]", f"judged = {_toml(str(judged))}", "") if judged else ()),
            "[crawler]",
            f"allow_origins = {_toml(origins)}",
            "",
            "[crawler.politeness]",
            "delay_s = 0",
            "requests_per_s = 1000",
            "",
            *tables,
        ]
    )


def _site_table(site: SampleSite, origin: str, markup: Markup) -> str:
    languages = load_content(site, markup, 2).languages
    values = {
        "id": site.id,
        "ministry": site.institution,
        "template": site.markup,
        "start": [origin + markup.lists[language] for language in languages],
        "feeds": [origin + markup.feeds[language] for language in languages] if site.feed != "none" else [],
        "sitemaps": [origin + "/sitemap.xml"] if site.sitemap else [],
        "delay_s": 0,
    }
    return "\n".join(["[[crawler.sites]]", *(f"{key} = {_toml(value)}" for key, value in values.items()), ""])


def _toml(value: object) -> str:
    # JSON strings, numbers and lists of them are TOML too.
    return json.dumps(value, ensure_ascii=False)
