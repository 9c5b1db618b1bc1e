"""Every due URL of an origin that answers is fetched within few runs, whatever other URLs do.

Also the tests of `refusals`.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crawler.config import CrawlerConfig
from crawler.downloader import Environment, Fetcher, HostBackoff
from crawler.extraction import Extraction, ExtractionJob
from crawler.scheduler.context import CrawlContext, CrawlOptions, FetchRecord
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.plan import FrontierUrl
from crawler.scheduler.site_crawl import SiteCrawl
from crawler.store import Store
from crawler.store.backoff_rows import RetryAfterRows, RobotsFailureRows
from tests.support.fetching import usual_tls
from tests.support.hostile_site import HostileSite, page
from tests.support.site_crawl import (
    START,
    InProcessReader,
    Web,
    config_for,
    list_page,
    release_page,
)

pytestmark = pytest.mark.sweep


@dataclass
class Runs:
    """Crawls of one site, a day apart; back-off carries over to the next."""

    web: Web
    store: Store
    feeds: tuple[str, ...] = ()
    limit: int | None = None
    day: int = 0
    further_host: str = ""
    """Another host of the site."""
    other_host: str = ""
    """A host of another site that is crawled in the same run."""
    reader: InProcessReader = field(default_factory=InProcessReader)
    template: dict[str, object] = field(default_factory=dict)
    requested: list[str] = field(default_factory=list)
    objections: tuple[str, ...] = ()
    seconds_per_request: float = 0
    limits: dict[str, object] = field(default_factory=dict)

    def config(self) -> CrawlerConfig:
        settings = config_for(self.web).model_dump(mode="json")
        settings["recheck"]["early_per_day"] = 0
        settings["guards"]["change_share"] = 1
        settings["limits"] |= {"failures_in_a_row": 3, **self.limits}
        settings["templates"]["t"] |= self.template
        settings["sites"][0] |= {"feeds": [self.web.origin + path for path in self.feeds]}
        settings["sites"][0] |= {"hosts": [self.further_host] if self.further_host else []}
        return CrawlerConfig.model_validate(settings)

    def run(self) -> dict[str, str]:
        """Crawl once; return outcome and reason by path."""
        config = self.config()
        frontier = Frontier(self.store, config.recheck)
        now = START + timedelta(days=self.day)
        self.day += 1
        run = frontier.start(now)
        fetches: list[FetchRecord] = []
        hosts = [self.web.origin.removeprefix("http://"), self.further_host, self.other_host]
        retry_after, robots_failures = RetryAfterRows(self.store), RobotsFailureRows(self.store)
        before = len(self.web.requested)

        def clock() -> datetime:
            return now + timedelta(seconds=self.seconds_per_request * (len(self.web.requested) - before))

        with Fetcher(
            config.politeness,
            config.limits,
            hosts=hosts,
            allow_origins=hosts,
            backoff=HostBackoff(
                retry_after_s=retry_after.seconds_left(now),
                on_retry_after=retry_after.put,
                robots_failures=robots_failures.failures_left(now),
                on_robots_failure=robots_failures.put,
            ),
            environment=Environment(now=lambda: now, tls=usual_tls()),
        ) as fetcher:
            crawl = CrawlContext(
                config=config,
                store=self.store,
                run=run,
                fetch=fetcher.fetch,
                readers=self.reader,
                on_commit=fetches.extend,
                stop=threading.Event(),
                now=clock,
                options=CrawlOptions(limit=self.limit),
            )
            self.objections = SiteCrawl(config.sites[0], crawl).crawl()
        frontier.finish(run, now)
        self.requested = self.web.requested[before:]
        return {
            path_of(fetch.entry, self.web): f"{fetch.end.outcome} {fetch.end.reason}".strip()
            for fetch in fetches
        }

    def stored_names(self) -> set[str]:
        return {one.release.url.rpartition("/")[2] for one in self.store.changes_since(0)}

    def texts(self, names: set[str]) -> set[str]:
        found = (self.store.find(f"{self.web.origin}/lv/jaunums/{name}") for name in names)
        return {one.release.body.split()[0] for one in found if one}


def path_of(entry: FrontierUrl, web: Web) -> str:
    return entry.request_url.removeprefix(web.origin)


def dead_origin() -> str:
    """Return a host and port on which nothing listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as down:
        return f"127.0.0.1:{down.server_address[1]}"


Nastiness = Callable[[Runs, str], None]


def answers(status: int, **headers: str) -> Nastiness:
    def apply(runs: Runs, path: str) -> None:
        runs.web.pages[path] = (status, "")
        runs.web.headers[path] = {name.replace("_", "-"): value for name, value in headers.items()}

    return apply


def leads_to(scheme: str, *, elsewhere: bool = False) -> Nastiness:
    def apply(runs: Runs, path: str) -> None:
        host = runs.further_host if elsewhere else runs.web.origin.removeprefix("http://")
        runs.web.pages[path] = (302, f"{scheme}://{host}{path}")

    return apply


# What a page does, by name, and whether that ends the run because the host asks for a pause.
NASTY: dict[str, tuple[Nastiness, bool]] = {
    "429": (answers(429), False),
    "429 away": (answers(429, Retry_After="7200"), True),
    "503 away": (answers(503, Retry_After="86400"), True),
    "500": (answers(500), False),
    "403": (answers(403), False),
    "404": (answers(404), False),
    "loop": (lambda runs, path: runs.web.pages.update({path: (302, path)}), False),
    "other scheme": (leads_to("https"), False),
    "dead host": (leads_to("http", elsewhere=True), False),
    "foreign host": (
        lambda runs, path: runs.web.pages.update({path: (302, "http://foreign.example/")}),
        False,
    ),
}


def publish(web: Web, names: list[str], text: str, links: str = "") -> None:
    web.pages["/lv/jaunumi"] = (200, list_page(*names).replace("</main>", f"{links}</main>"))
    web.pages |= {
        f"/lv/jaunums/{name}": (200, release_page(name, f"{text} teksts par darbiem Latgalē šajā gadā."))
        for name in names
    }


@pytest.mark.long_sweep
@pytest.mark.parametrize("seed", range(12))
def test_every_page_of_a_live_origin_is_fetched_in_few_runs(web: Web, store: Store, seed: int) -> None:
    chance = random.Random(seed)
    names = [f"relize-{number}" for number in range(10)]
    chance.shuffle(names)
    runs = Runs(web, store, feeds=("/lv/a.xml", "/lv/b.xml"), further_host=dead_origin())
    # A link to the other scheme of the host, which does not answer, and one to a host that is down.
    https = web.origin.replace("http://", "https://")
    links = "".join(
        f"<div class=row><a href={root}/lv/jaunums/{name}>Paziņojums {name} par darbiem</a> "
        "<time datetime=2026-02-01>01.02.2026.</time></div>"
        for root, name in ((https, "cita-shema"), (f"http://{runs.further_host}", "cits-resurss"))
    )
    publish(web, names, "Pirmais", links)
    nasty = {f"/lv/jaunums/{name}": chance.choice(sorted(NASTY)) for name in chance.sample(names, 4)}
    nasty |= {feed: chance.choice(sorted(NASTY)) for feed in runs.feeds}
    for path, kind in nasty.items():
        NASTY[kind][0](runs, path)
    living = {name for name in names if f"/lv/jaunums/{name}" not in nasty}
    # A page that asks for a pause ends one run, and then moves back. So do three failures in a row before any
    # answer.
    at_most = 2 + sum(NASTY[kind][1] for kind in nasty.values()) + len(nasty) // 3
    for _ in range(at_most):
        runs.run()
    assert living <= runs.stored_names()
    runs.day += 30  # everything is due again
    publish(web, names, "Labots", links)
    for path, kind in nasty.items():
        NASTY[kind][0](runs, path)
    for _ in range(at_most):
        runs.run()
    assert runs.texts(living) == {"Labots"}


@pytest.mark.parametrize("kind", sorted(NASTY))
@pytest.mark.parametrize("where", ["release", "feed", "list"])
def test_one_page_costs_the_others_one_run_at_most(web: Web, store: Store, kind: str, where: str) -> None:
    names = [f"relize-{number}" for number in range(4)]
    runs = Runs(web, store, feeds=("/lv/a.xml",) if where == "feed" else (), further_host=dead_origin())
    path = {"release": "/lv/jaunums/relize-0", "feed": "/lv/a.xml", "list": "/lv/jaunumi?page=1"}[where]
    for text in ("Pirmais", "Labots"):
        runs.day += 30  # everything is due
        publish(web, names, text, "<a rel=next href='?page=1'>Nākamā</a>" if where == "list" else "")
        NASTY[kind][0](runs, path)
        living = set(names) - {path.rpartition("/")[2]}
        for _ in range(2):
            runs.run()
        assert runs.texts(living) == {text}


@pytest.mark.parametrize("kind", ["429 away", "500", "404"])
def test_limited_crawl_resumes_where_it_ended(web: Web, store: Store, kind: str) -> None:
    names = [f"relize-{number}" for number in range(9)]
    publish(web, names, "Pirmais")
    runs = Runs(web, store, further_host=dead_origin(), limit=4)
    NASTY[kind][0](runs, "/lv/jaunums/relize-0")
    for _ in range(4):
        runs.run()
        assert sum(path.startswith("/lv/jaunums/") for path in runs.requested) <= 4
    assert set(names) - {"relize-0"} == runs.stored_names()


def test_run_ends_in_time_and_the_next_resumes(web: Web, store: Store) -> None:
    names = [f"relize-{number}" for number in range(9)]
    publish(web, names, "Pirmais")
    runs = Runs(web, store, seconds_per_request=600, limits={"site_h": 1})
    left = [Counter(runs.run().values())["new"] for _ in range(3)]
    assert (sum(left), max(left) <= 6, runs.objections) == (9, True, ())


def test_known_pages_are_fetched_though_new_ones_ask_for_a_pause(web: Web, store: Store) -> None:
    names = [f"relize-{number}" for number in range(4)]
    publish(web, names, "Pirmais")
    runs = Runs(web, store)
    runs.run()
    runs.day += 30
    requested = set[str]()
    for number in range(10):
        publish(web, [f"jauna-{number}", *names], "Labots")
        NASTY["429 away"][0](runs, f"/lv/jaunums/jauna-{number}")
        runs.run()
        requested |= set(runs.requested)
    assert {f"/lv/jaunums/{name}" for name in names} <= requested


def test_dead_link_is_no_objection_and_a_dead_site_is_one(web: Web, store: Store) -> None:
    publish(web, ["relize-1", "relize-2"], "Pirmais")
    runs = Runs(web, store, further_host=dead_origin())
    NASTY["other scheme"][0](runs, "/lv/jaunums/relize-1")
    ends = runs.run()
    assert runs.objections == ()
    assert ends["/lv/jaunums/relize-1"] == "skipped robots-unreachable"
    web.pages["/robots.txt"] = (503, "")
    runs.run()
    assert runs.objections == ("robots.txt cannot be read (status 503): the rest is left for the next run",)


def test_endless_urls_on_the_host_of_another_site_are_not_fetched(web: Web, store: Store) -> None:
    with HostileSite() as other:
        runs = Runs(web, store, other_host=other.origin)
        links = "".join(
            f"<div class=row><a href=http://{other.origin}/lv/jaunums/{number}>Paziņojums {number}</a> "
            "<time datetime=2026-02-01>01.02.2026.</time></div>"
            for number in range(50)
        )
        publish(web, ["relize-1"], "Pirmais", links)
        web.pages["/lv/jaunums/relize-1"] = (302, f"http://{other.origin}/lv/jaunumi")
        other.scripts["/lv/jaunumi"] = page(links)
        runs.run()
        assert set(other.paths) <= {"/lv/jaunumi"}


def test_redirects_back_and_forth_between_sites_end(web: Web, store: Store) -> None:
    with HostileSite() as other:
        runs = Runs(web, store, other_host=other.origin)
        publish(web, ["relize-1", "relize-2"], "Pirmais")
        for number in range(50):
            path = f"/lv/jaunums/relize-1{f'?n={number}' if number else ''}"
            web.pages[path] = (302, f"http://{other.origin}/lv/{number}")
            other.scripts[f"/lv/{number}"] = page(
                "", 302, location=f"{web.origin}/lv/jaunums/relize-1?n={number + 1}"
            )
        ends = runs.run()
        assert ends["/lv/jaunums/relize-1"] == "failed too-many-redirects"
        assert len(runs.requested) + len(other.paths) < 20
        assert runs.stored_names() == {"relize-2"}


class FailingReader(InProcessReader):
    """Extracts pages like a faulty template: it fails on those in *names*."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def submit(self, job: ExtractionJob) -> Future[Extraction]:
        if job.page.url.rpartition("/")[2] not in self._names:
            return super().submit(job)
        future: Future[Extraction] = Future()
        future.set_result(Extraction(reason="fault of the extractor"))
        return future


@pytest.mark.parametrize(("failing", "is_well"), [(0, True), (1, True), (2, False), (20, False)])
def test_extractor_that_fails_on_many_pages_is_reported_with_its_template(
    web: Web, store: Store, failing: int, *, is_well: bool
) -> None:
    names = [f"relize-{number}" for number in range(20)]
    publish(web, names, "Pirmais")
    runs = Runs(web, store, reader=FailingReader(set(names[:failing])))
    runs.run()
    objection = f"the extractor failed on {failing} of 21 pages: look at template 't'"
    assert runs.objections == (() if is_well else (objection,))


class RecordingReader(InProcessReader):
    """Records the pages it receives."""

    def __init__(self) -> None:
        self.received: list[str] = []

    def submit(self, job: ExtractionJob) -> Future[Extraction]:
        self.received.append(job.page.url.rpartition("/")[2])
        return super().submit(job)


def test_refused_page_is_extracted_again_only_if_the_result_may_differ(web: Web, store: Store) -> None:
    publish(web, ["relize-1", "veidlapa"], "Pirmais")
    web.pages["/lv/jaunums/veidlapa"] = (200, "<html><body><p>Nekas")
    web.headers["/lv/jaunums/veidlapa"] = {"ETag": '"1"'}
    reader = RecordingReader()
    runs = Runs(web, store, reader=reader)
    for template, is_read in (({}, True), ({}, False), ({"title": ["h2"]}, True), ({"title": ["h2"]}, False)):
        runs.template, reader.received, before = template, [], len(web.conditions)
        assert runs.run()["/lv/jaunums/veidlapa"] == "failed no release"
        runs.day += 60
        assert ("veidlapa" in reader.received) is is_read
        assert ("/lv/jaunums/veidlapa" in web.conditions[before:]) is not is_read
    web.pages["/lv/jaunumi"] = (
        200,
        web.pages["/lv/jaunumi"][1].replace("Paziņojums veidlapa", "Cits virsraksts"),
    )
    web.pages["/lv/jaunums/veidlapa"] = (200, release_page("veidlapa"))
    assert runs.run()["/lv/jaunums/veidlapa"] == "new"
