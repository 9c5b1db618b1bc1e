"""Every due address of a living origin has its turn in few runs, whatever the others answer."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crawler.config import CrawlerConfig
from crawler.fetcher import Fetcher
from crawler.frontier import Frontier
from crawler.sent_away import RobotsUnread, SentAway
from crawler.store import Store
from crawler.visits import Crawl, SiteCrawl, Visit
from tests.crawler.test_visits import START, ReaderHere, Web, config_for, list_page, release_page
from tests.crawler.test_visits import store as store  # noqa: PLC0414 # a fixture
from tests.crawler.test_visits import web as web  # noqa: PLC0414 # a fixture

AWAY = {"Retry-After": "7200"}


@dataclass
class Runs:
    """Crawls of one site, a day apart; what hosts said to one is kept for the next."""

    web: Web
    store: Store
    feeds: tuple[str, ...] = ()
    limit: int | None = None
    visits: list[Visit] = field(default_factory=list)
    day: int = 0
    further: str = ""
    """Another host of the site."""
    asked: list[str] = field(default_factory=list)
    objections: tuple[str, ...] = ()
    seconds_a_visit: float = 0
    every: timedelta = timedelta(days=1)
    limits: dict[str, object] = field(default_factory=dict)

    def config(self) -> CrawlerConfig:
        settings = config_for(self.web).model_dump(mode="json")
        settings["recheck"]["early_per_day"] = 0
        settings["guards"]["change_share"] = 1
        settings["limits"] |= {"failures_in_a_row": 3, **self.limits}
        settings["sites"][0] |= {"feeds": [self.web.origin + path for path in self.feeds]}
        settings["sites"][0] |= {"hosts": [self.further] if self.further else []}
        return CrawlerConfig.model_validate(settings)

    def run(self) -> dict[str, str]:
        """Crawl once; return outcome and reason by path."""
        config = self.config()
        frontier = Frontier(self.store, config.recheck)
        now = START + self.day * self.every
        self.day += 1
        run = frontier.start(now)
        visits: list[Visit] = []
        here = self.web.origin.removeprefix("http://")
        away, unread = SentAway(self.store), RobotsUnread(self.store)
        already = len(self.web.asked)

        def clock() -> datetime:
            return now + timedelta(seconds=self.seconds_a_visit * (len(self.web.asked) - already))

        with Fetcher(
            config.politeness,
            config.limits,
            hosts=[here, self.further],
            allow_origins=[here, self.further],
            away=away.left_s(now),
            sent_away=away.note,
            unreachable=unread.left(now),
            robots_failed=unread.note,
            now=lambda: now,
        ) as fetcher:
            crawl = Crawl(
                config=config,
                store=self.store,
                run=run,
                fetch=fetcher.fetch,
                readers=ReaderHere(),
                watch=visits.extend,
                stopping=threading.Event(),
                now=clock,
                limit=self.limit,
            )
            self.objections = SiteCrawl(config.sites[0], crawl).crawl()
        frontier.finish(run, now)
        self.asked = self.web.asked[already:]
        return {
            visit.entry.ask.removeprefix(self.web.origin): f"{visit.end.outcome} {visit.end.reason}".strip()
            for visit in visits
        }

    def stored(self) -> set[str]:
        return {one.release.url.rpartition("/")[2] for one in self.store.changes_since(0)}

    def texts(self, names: set[str]) -> set[str]:
        found = (self.store.find(f"{self.web.origin}/lv/jaunums/{name}") for name in names)
        return {one.release.body.split()[0] for one in found if one}


def dead_origin() -> str:
    """Return a host and port on which nobody listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as down:
        return f"127.0.0.1:{down.server_address[1]}"


Nastiness = Callable[[Runs, str], None]


def answers(status: int, **headers: str) -> Nastiness:
    def be(runs: Runs, path: str) -> None:
        runs.web.pages[path] = (status, "")
        runs.web.headers[path] = {name.replace("_", "-"): value for name, value in headers.items()}

    return be


def leads_to(scheme: str, *, elsewhere: bool = False) -> Nastiness:
    def be(runs: Runs, path: str) -> None:
        host = runs.further if elsewhere else runs.web.origin.removeprefix("http://")
        runs.web.pages[path] = (302, f"{scheme}://{host}{path}")

    return be


# By its name: what a page does, and whether that ends the run, for the host asks for it.
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


@pytest.mark.parametrize("seed", range(12))
def test_every_page_of_a_living_origin_is_asked_in_few_runs(web: Web, store: Store, seed: int) -> None:
    chance = random.Random(seed)
    names = [f"relize-{number}" for number in range(10)]
    chance.shuffle(names)
    runs = Runs(web, store, feeds=("/lv/a.xml", "/lv/b.xml"), further=dead_origin())
    # A link to the other scheme of the host, which does not answer, and one to a host that is down.
    https = web.origin.replace("http://", "https://")
    links = "".join(
        f"<div class=row><a href={root}/lv/jaunums/{name}>Paziņojums {name} par darbiem</a> "
        "<time datetime=2026-02-01>01.02.2026.</time></div>"
        for root, name in ((https, "cita-shema"), (f"http://{runs.further}", "cits-resurss"))
    )
    publish(web, names, "Pirmais", links)
    nasty = {f"/lv/jaunums/{name}": chance.choice(sorted(NASTY)) for name in chance.sample(names, 4)}
    nasty |= {feed: chance.choice(sorted(NASTY)) for feed in runs.feeds}
    for path, kind in nasty.items():
        NASTY[kind][0](runs, path)
    living = {name for name in names if f"/lv/jaunums/{name}" not in nasty}
    # Each run ends at most at one page that asks us to leave, which then moves back; three failures in a row,
    # before anything answered, may end another.
    at_most = 2 + sum(NASTY[kind][1] for kind in nasty.values()) + len(nasty) // 3
    for _ in range(at_most):
        runs.run()
    assert living <= runs.stored()
    runs.day += 30  # all is due again
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
    runs = Runs(web, store, feeds=("/lv/a.xml",) if where == "feed" else (), further=dead_origin())
    path = {"release": "/lv/jaunums/relize-0", "feed": "/lv/a.xml", "list": "/lv/jaunumi?page=1"}[where]
    for text in ("Pirmais", "Labots"):
        runs.day += 30  # all is due
        publish(web, names, text, "<a rel=next href='?page=1'>Nākamā</a>" if where == "list" else "")
        NASTY[kind][0](runs, path)
        living = set(names) - {path.rpartition("/")[2]}
        for _ in range(2):
            runs.run()
        assert runs.texts(living) == {text}
