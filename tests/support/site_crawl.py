"""A small site on the loopback, and a crawl of it on a given day."""

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from types import MappingProxyType

from crawler.config import CrawlerConfig, Guards, Recheck
from crawler.downloader import Environment, Fetcher
from crawler.extraction import Extraction, ExtractionJob
from crawler.extraction.reader import read
from crawler.reports import SiteReport, site_report
from crawler.scheduler.context import CrawlContext, CrawlOptions, FetchRecord
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.site_crawl import SiteCrawl
from crawler.store import Store, StoredRelease
from crawler.store.run_rows import CrawlRun
from tests.support.fetching import usual_tls


class InProcessReader:
    """Extracts pages in this process: a reader process takes long to start."""

    def submit(self, job: ExtractionJob) -> Future[Extraction]:
        future: Future[Extraction] = Future()
        future.set_result(read(job))
        return future


START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Web:
    """The responses of a site by path: a status and a body, or the target of a redirect."""

    pages: dict[str, tuple[int, str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    conditions: list[str] = field(default_factory=list)
    """Paths requested with If-None-Match."""
    requested: list[str] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)
    """Notified of every request."""
    origin: str = ""
    missing: tuple[int, str] = (404, "<h1>Lapa nav atrasta</h1>")
    """The response at any other path."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    web: Web

    def do_GET(self) -> None:
        with self.web.news:
            self.web.requested.append(self.path)
            self.web.news.notify_all()
        if "If-None-Match" in self.headers:
            self.web.conditions.append(self.path)
        missing = (200, "") if self.path in self.web.files else self.web.missing
        status, body = self.web.pages.get(self.path, missing)
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", body)
        for name, value in self.web.headers.get(self.path, {}).items():
            self.send_header(name, value)
        sent = self.web.files.get(self.path, body.encode())
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # named so by the base class
        pass


def release_page(name: str, text: str = "Pirmais teksts par darbiem Latgalē un Kurzemē šajā gadā.") -> str:
    return (
        f"<html lang=lv><head><title>{name}</title></head><body><main><article><h1>Paziņojums {name}</h1>"
        f"<time datetime=2026-02-01>01.02.2026.</time><div class=text><p>{text} {name}.</p></div></article>"
        "</main></body></html>"
    )


def list_page(*names: str, **titles: str) -> str:
    """Return a list of releases; *titles* are those of pages that are not named like their address."""
    rows = "".join(
        f"<div class=row><a href=/lv/jaunums/{name}>Paziņojums {titles.get(name, name)} par darbiem</a> "
        "<time datetime=2026-02-01>01.02.2026.</time></div>"
        for name in names
    )
    return f"<html lang=lv><body><main><h1>Jaunumi</h1>{rows}</main></body></html>"


def publish(web: Web, *names: str) -> None:
    web.pages["/lv/jaunumi"] = (200, list_page(*names))
    web.pages |= {f"/lv/jaunums/{name}": (200, release_page(name)) for name in names}


NO_KEYS: Mapping[str, object] = MappingProxyType({})


def config_for(
    web: Web,
    guards: Guards | None = None,
    list_pages_max: int = 500,
    *,
    site: Mapping[str, object] = NO_KEYS,
    template: Mapping[str, object] = NO_KEYS,
) -> CrawlerConfig:
    return CrawlerConfig.model_validate(
        {
            "allow_origins": [web.origin.removeprefix("http://")],
            "politeness": {"delay_s": 0, "requests_per_s": 1000},
            "limits": {"tries": 1, "failures_in_a_row": 2},
            "guards": (guards or Guards()).model_dump(),
            "templates": {
                "t": {"rows": ["div.row"], "body": ["div.text"], "paths": ["^/lv/jaunums/"], **template}
            },
            "sites": [
                {
                    "id": "iem",
                    "ministry": "Iekšlietu ministrija",
                    "template": "t",
                    "start": [web.origin + "/lv/jaunumi"],
                    "list_pages_max": list_pages_max,
                    **site,
                }
            ],
        }
    )


def crawl(
    web: Web,
    store: Store,
    *,
    day: int = 0,
    accepted: bool = False,
    guards: Guards | None = None,
    list_pages_max: int = 500,
    further_host: str = "",
    reader: InProcessReader | None = None,
    site: Mapping[str, object] = NO_KEYS,
    template: Mapping[str, object] = NO_KEYS,
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Crawl on the given day; return the outcome by path, and the objections.

    *site* and *template* are further keys of their tables.
    """
    config = config_for(web, guards, list_pages_max, site=site, template=template)
    frontier = Frontier(store, config.recheck)
    now = START + timedelta(days=day)
    run = frontier.start(now)
    visits: list[FetchRecord] = []
    host = web.origin.removeprefix("http://")
    with Fetcher(
        config.politeness,
        config.limits,
        hosts=[host, further_host],
        allow_origins=[*config.allow_origins, further_host],
        environment=Environment(now=lambda: now, tls=usual_tls()),
    ) as fetcher:
        objections = SiteCrawl(
            config.sites[0],
            CrawlContext(
                config=config,
                store=store,
                run=run,
                fetch=fetcher.fetch,
                readers=reader or InProcessReader(),
                on_commit=visits.extend,
                stop=threading.Event(),
                now=lambda: now,
                options=CrawlOptions(accept_loss=frozenset({"iem"} if accepted else ())),
            ),
        ).crawl()
    frontier.finish(run, now)
    ends = {visit.entry.request_url.removeprefix(web.origin): visit.end.outcome for visit in visits}
    return ends, objections


def found(web: Web, store: Store, name: str) -> StoredRelease:
    stored = store.find(f"{web.origin}/lv/jaunums/{name}")
    assert stored is not None
    return stored


TEN = tuple(f"relize-{number}" for number in range(10))


NO_RELEASES = {
    "log in": "<title>Pieslēgties</title><h1>Pieslēgties</h1><form>Vārds <input> Parole <input></form>",
    "log in, not to be indexed": "<head><meta name=robots content=noindex></head><h1>Ienākt</h1>",
    "error": "<h1>Kļūda</h1><p>Radusies neparedzēta kļūda, lūdzu, mēģiniet vēlāk vēlreiz.</p>",
    "soft 404": "<h1>Lapa nav atrasta</h1><p>Meklētā lapa nav atrasta, iespējams, tā ir pārvietota.</p>",
    "no text": "<html><head><title>relize-3</title></head><body><main><h1>Paziņojums relize-3</h1></main>",
    "empty": "",
    "spaces": " \n",
    "maintenance": "<h1>Notiek apkopes darbi</h1>",
    "JSON": '{"error": "unauthorized"}',
    "script": "<script>location='/login'</script>",
    "list": list_page(*TEN),
}


def report_of(store: Store) -> SiteReport:
    [(run,)] = store.rows("SELECT max(id) FROM run")
    tallies = Frontier(store, Recheck()).count_outcomes(CrawlRun(id=run, started=0), "iem")
    counts = {"stored": store.count_of("iem"), "requests": 1, "not_modified": 0}
    return site_report("iem", tallies, **counts, objections=())
