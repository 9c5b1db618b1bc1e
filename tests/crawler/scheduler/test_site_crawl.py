"""Visits to a small site over real HTTP, day after day."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.config import CrawlerConfig, Guards, Recheck
from crawler.downloader import Fetcher
from crawler.extraction import Extraction, ExtractionJob
from crawler.extraction.reader import read
from crawler.reextract import reextract
from crawler.report import SiteReport, site_report
from crawler.scheduler.context import CrawlContext, FetchRecord
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.reasons import TOO_MANY_LISTS
from crawler.scheduler.site_crawl import SiteCrawl
from crawler.scheduler.url_rules import is_wanted
from crawler.store import Store, StoredRelease
from crawler.store.pages import NO_VALIDATORS, Pages
from crawler.store.rollback import undo
from crawler.store.run_rows import CrawlRun


class ReaderHere:
    """Reads pages at once: processes of their own take long to start."""

    def submit(self, task: ExtractionJob) -> Future[Extraction]:
        future: Future[Extraction] = Future()
        future.set_result(read(task))
        return future


class ReaderWaiting(ReaderHere):
    """Reads the page at one path only after another was asked."""

    def __init__(self, web: "Web", path: str, until_asked: str) -> None:
        self._web, self._path, self._until_asked = web, path, until_asked
        self._pool = ThreadPoolExecutor(1)

    def submit(self, task: ExtractionJob) -> Future[Extraction]:
        if not task.page.url.endswith(self._path):
            return super().submit(task)
        return self._pool.submit(self._read_later, task)

    def _read_later(self, task: ExtractionJob) -> Extraction:
        with self._web.news:
            assert self._web.news.wait_for(lambda: self._until_asked in self._web.asked, timeout=20)
        return read(task)


START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Web:
    """What the site answers by path: a status and a body, or where it redirects to."""

    pages: dict[str, tuple[int, str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    conditions: list[str] = field(default_factory=list)
    """Paths asked with If-None-Match."""
    asked: list[str] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)
    """Of what is asked."""
    origin: str = ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    web: Web

    def do_GET(self) -> None:
        with self.web.news:
            self.web.asked.append(self.path)
            self.web.news.notify_all()
        if "If-None-Match" in self.headers:
            self.web.conditions.append(self.path)
        missing = (200 if self.path in self.web.files else 404, "<h1>Lapa nav atrasta</h1>")
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


def release_page(name: str, text: str = "Pirmais teksts par darbiem Latgalē un Kurzemē šajā gadā.") -> str:
    return (
        f"<html lang=lv><head><title>{name}</title></head><body><main><article><h1>Paziņojums {name}</h1>"
        f"<time datetime=2026-02-01>01.02.2026.</time><div class=text><p>{text} {name}.</p></div></article>"
        "</main></body></html>"
    )


def list_page(*names: str) -> str:
    rows = "".join(
        f"<div class=row><a href=/lv/jaunums/{name}>Paziņojums {name} par darbiem</a> "
        "<time datetime=2026-02-01>01.02.2026.</time></div>"
        for name in names
    )
    return f"<html lang=lv><body><main><h1>Jaunumi</h1>{rows}</main></body></html>"


def publish(web: Web, *names: str) -> None:
    web.pages["/lv/jaunumi"] = (200, list_page(*names))
    web.pages |= {f"/lv/jaunums/{name}": (200, release_page(name)) for name in names}


def config_for(web: Web, guards: Guards | None = None, list_pages_max: int = 500) -> CrawlerConfig:
    return CrawlerConfig.model_validate(
        {
            "allow_origins": [web.origin.removeprefix("http://")],
            "politeness": {"delay_s": 0, "requests_per_s": 1000},
            "limits": {"tries": 1, "failures_in_a_row": 2},
            "guards": (guards or Guards()).model_dump(),
            "templates": {"t": {"rows": ["div.row"], "body": ["div.text"], "paths": ["^/lv/jaunums/"]}},
            "sites": [
                {
                    "id": "iem",
                    "ministry": "Iekšlietu ministrija",
                    "template": "t",
                    "start": [web.origin + "/lv/jaunumi"],
                    "list_pages_max": list_pages_max,
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
    reader: ReaderHere | None = None,
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Crawl on a day; return the outcome by path, and the objections."""
    config = config_for(web, guards, list_pages_max)
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
        now=lambda: now,
    ) as fetcher:
        objections = SiteCrawl(
            config.sites[0],
            CrawlContext(
                config=config,
                store=store,
                run=run,
                fetch=fetcher.fetch,
                readers=reader or ReaderHere(),
                on_commit=visits.extend,
                stopping=threading.Event(),
                now=lambda: now,
                accepted=frozenset({"iem"} if accepted else ()),
            ),
        ).crawl()
    frontier.finish(run, now)
    ends = {visit.entry.ask.removeprefix(web.origin): visit.end.outcome for visit in visits}
    return ends, objections


def found(web: Web, store: Store, name: str) -> StoredRelease:
    stored = store.find(f"{web.origin}/lv/jaunums/{name}")
    assert stored is not None
    return stored


TEN = tuple(f"relize-{number}" for number in range(10))


def test_while_a_release_is_read_what_further_list_pages_name_is_asked(web: Web, store: Store) -> None:
    publish(web, "relize-1", "relize-2")
    web.pages["/lv/jaunumi"] = (
        200,
        list_page("relize-1").replace("</main>", "<a rel=next href='?page=1'>Nākamā</a></main>"),
    )
    web.pages["/lv/jaunumi?page=1"] = (200, list_page("relize-2"))
    reader = ReaderWaiting(web, "relize-1", until_asked="/lv/jaunums/relize-2")
    ends, _ = crawl(web, store, reader=reader)
    assert ends["/lv/jaunums/relize-1"] == ends["/lv/jaunums/relize-2"] == "new"


@pytest.mark.parametrize("status", [404, 410])
def test_missing_release_is_gone_on_the_second_day_only(web: Web, store: Store, status: int) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages["/lv/jaunums/relize-3"] = (status, "")
    states = []
    for day in (1, 1, 2):
        crawl(web, store, day=day)
        states.append(found(web, store, "relize-3").state)
    assert states == ["present", "present", "gone"]
    assert "Pirmais teksts" in found(web, store, "relize-3").release.body


def test_release_that_comes_back_is_present_again(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    page = web.pages.pop("/lv/jaunums/relize-3")
    crawl(web, store, day=1)
    crawl(web, store, day=2)
    web.pages["/lv/jaunums/relize-3"] = page
    crawl(web, store, day=3)
    assert found(web, store, "relize-3").state == "present"


@pytest.mark.parametrize("status", [404, 410])
def test_mass_loss_is_not_believed_until_accepted(web: Web, store: Store, status: int) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages |= {f"/lv/jaunums/{name}": (status, "") for name in TEN}
    for day in (1, 2):
        assert crawl(web, store, day=day)[1] == ("10 of 10 releases are missing at once",)
    assert store.count_of("iem") == 10
    assert crawl(web, store, day=3, accepted=True)[1] == ()
    assert store.count_of("iem") == 0
    undone = undo(store, "iem", since=START + timedelta(days=3), seen=START)
    assert (len(undone.present_again), undone.text_again) == (10, ())
    assert store.count_of("iem") == 10


def test_login_wall_overwrites_nothing(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    number = store.last_number()
    wall = release_page("pieeja", "Lai lasītu šo lapu, lūdzu, piesakieties ar savu vārdu un paroli.")
    web.pages |= {f"/lv/jaunums/{name}": (200, wall) for name in TEN}
    _, objections = crawl(web, store, day=1)
    assert objections == ("10 releases suddenly say the same as another: a login or error page?",)
    assert store.last_number() == number


def test_login_wall_that_redirects_overwrites_nothing(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    number = store.last_number()
    wall = release_page("pieeja", "Lai lasītu šo lapu, lūdzu, piesakieties ar savu vārdu un paroli.")
    web.pages["/lv/jaunums/ieeja"] = (200, wall)
    web.pages |= {f"/lv/jaunums/{name}": (302, "/lv/jaunums/ieeja") for name in TEN}
    _, objections = crawl(web, store, day=1)
    assert len(objections) == 1
    assert store.last_number() == number


def test_outage_removes_nothing_and_is_reported(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages = dict.fromkeys(web.pages, (503, ""))
    for day in (1, 2):
        _, objections = crawl(web, store, day=day)
        assert objections != ()
    assert store.count_of("iem") == 10


@pytest.mark.parametrize("status", [403, 500])
def test_outage_behind_a_list_that_answers_is_reported(web: Web, store: Store, status: int) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages |= {f"/lv/jaunums/{name}": (status, "") for name in TEN}
    _, objections = crawl(web, store, day=1)
    assert objections == ("none of the 10 releases asked could be had",)
    web.pages["/lv/jaunums/relize-1"] = (200, release_page("relize-1"))
    _, objections = crawl(web, store, day=2)
    assert (objections, store.count_of("iem")) == ((), 10)


def test_site_that_is_left_says_why(web: Web, store: Store) -> None:
    web.pages["/robots.txt"] = (503, "")
    _, objections = crawl(web, store)
    assert objections == ("robots.txt cannot be read (status-503): the rest is left for the next run",)


def test_redirect_to_another_host_that_is_down_costs_no_page_of_this_one(web: Web, store: Store) -> None:
    publish(web, *TEN)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as down:
        other = f"127.0.0.1:{down.server_address[1]}"
    web.pages["/lv/jaunums/relize-3"] = (302, f"http://{other}/lv/jaunums/relize-3")
    ends, objections = crawl(web, store, further_host=other)
    assert (ends["/lv/jaunums/relize-3"], store.count_of("iem"), objections) == ("skipped", 9, ())


def test_list_that_moved_to_a_host_that_is_down_is_reported(web: Web, store: Store) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as down:
        other = f"127.0.0.1:{down.server_address[1]}"
    web.pages["/lv/jaunumi"] = (302, f"http://{other}/lv/jaunumi")
    _, objections = crawl(web, store, further_host=other)
    assert objections == ("no list page, feed or sitemap could be read",)


def test_empty_start_page_removes_nothing_and_is_reported(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages["/lv/jaunumi"] = (200, list_page())
    ends, objections = crawl(web, store, day=1)
    assert (ends["/lv/jaunumi"], store.count_of("iem")) == ("failed", 10)
    assert objections == ("no list page, feed or sitemap could be read",)


def test_edit_is_kept_as_a_revision_and_going_back_is_noticed(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    before = web.pages["/lv/jaunums/relize-3"]
    web.pages["/lv/jaunums/relize-3"] = (
        200,
        release_page("relize-3", "Labots teksts par darbiem Latgalē gadā."),
    )
    crawl(web, store, day=1)
    assert found(web, store, "relize-3").release.body.startswith("Labots")
    web.pages["/lv/jaunums/relize-3"] = before
    crawl(web, store, day=2)
    assert found(web, store, "relize-3").release.body.startswith("Pirmais")
    assert len(store.revisions(found(web, store, "relize-3").id)) == 2


def test_redesign_that_changes_no_words_is_not_held_back(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    for name in TEN:
        page = release_page(name).replace("<time datetime=2026-02-01>01.02.2026.</time>", "")
        web.pages[f"/lv/jaunums/{name}"] = (200, page)
    ends, objections = crawl(web, store, day=1)
    stored = found(web, store, "relize-3")
    assert (ends["/lv/jaunums/relize-3"], objections) == ("changed", ())
    assert (stored.release.published_source, store.revisions(stored.id)) == ("list", ())


def test_redesign_that_loses_all_attachments_is_held_back(web: Web, store: Store) -> None:
    publish(web, *TEN)
    link = "<p><a href=/faili/{}.pdf>Budžets</a></p></article>"
    for name in TEN:
        page = release_page(name).replace("</article>", link.format(name))
        web.pages[f"/lv/jaunums/{name}"] = (200, page)
    crawl(web, store)
    publish(web, *TEN)
    assert crawl(web, store, day=1)[1] == ("10 of 10 releases changed at once",)


def test_moved_release_is_one_release_with_its_past(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    old = found(web, store, "relize-3").id
    web.pages["/lv/jaunums/jauna-vieta"] = (200, release_page("relize-3"))
    web.pages["/lv/jaunums/relize-3"] = (301, "/lv/jaunums/jauna-vieta")
    crawl(web, store, day=1)
    moved = store.get(old)
    assert moved is not None
    assert (moved.release.url, store.count()) == (f"{web.origin}/lv/jaunums/jauna-vieta", 10)


def canonical_page(name: str, canonical: str, text: str) -> str:
    link = f"<head><link rel=canonical href=/lv/jaunums/{canonical}>"
    return release_page(name, text).replace("<head>", link)


@pytest.mark.parametrize("named", ["relize-0", "relize-2"])
def test_pages_that_all_name_one_canonical_address_stay_apart(web: Web, store: Store, named: str) -> None:
    names = TEN[:4]
    publish(web, *names)
    texts = {name: f"Savs teksts par to, kas notiek novadā {name}, un vairāk nekas." for name in names}
    web.pages |= {f"/lv/jaunums/{name}": (200, canonical_page(name, named, texts[name])) for name in names}
    crawl(web, store)
    web.pages["/lv/jaunums/relize-1"] = (
        200,
        canonical_page("relize-1", named, "Labots teksts par to, kas notiek citā novadā, un vairāk nekas."),
    )
    _, objections = crawl(web, store, day=1)
    assert objections == ()
    bodies = {name: found(web, store, name).release.body for name in names}
    assert bodies == {name: f"{texts[name]} {name}." for name in names} | {
        "relize-1": "Labots teksts par to, kas notiek citā novadā, un vairāk nekas. relize-1."
    }
    config = config_for(web, Guards(), 500)
    outcomes = reextract(config.sites[0], config, store, read)
    assert outcomes == {"unchanged": 3}  # the page that was edited is asked anew


def test_true_canonical_address_names_one_release(web: Web, store: Store) -> None:
    publish(web, *TEN[:4])
    same = canonical_page("relize-0", "relize-0", "Viens teksts par to, kas notiek novadā.")
    web.pages |= {f"/lv/jaunums/{name}": (200, same) for name in TEN[:2]}
    for day in (0, 1):
        crawl(web, store, day=day)
        assert store.count_of("iem") == 3


def test_text_of_attachments_is_part_of_their_release(web: Web, store: Store) -> None:
    publish(web, *TEN)
    file = (Path(__file__).parents[3] / "samples" / "attachments" / "budzets-2020.pdf").read_bytes()
    page = release_page("relize-3").replace("</article>", "<p><a href=/faili/b.pdf>Budžets</a></p></article>")
    web.pages["/lv/jaunums/relize-3"] = (200, page)
    web.files["/faili/b.pdf"] = file
    crawl(web, store)
    [attachment] = found(web, store, "relize-3").release.attachments
    assert "2020" in attachment.text
    number = store.last_number()
    crawl(web, store, day=1)
    assert store.last_number() == number
    web.files["/faili/b.pdf"] = file.replace(b"%%EOF", b"%%EOF\n")
    crawl(web, store, day=2)
    assert found(web, store, "relize-3").release.attachments == (attachment,)


def test_page_that_asks_not_to_be_found_is_hidden_until_it_stops(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    before = web.pages["/lv/jaunums/relize-3"]
    asks = before[1].replace("<head>", "<head><meta name=robots content=noindex>")
    web.pages["/lv/jaunums/relize-3"] = (200, asks)
    states = []
    for day in (1, 1, 2):
        crawl(web, store, day=day)
        states.append(found(web, store, "relize-3").state)
    assert states == ["present", "present", "hidden"]
    web.pages["/lv/jaunums/relize-3"] = before
    crawl(web, store, day=3)
    assert found(web, store, "relize-3").state == "present"


def test_header_that_asks_not_to_be_found_counts_where_the_page_is_the_same(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    states = []
    for day, said in enumerate(["noindex", "noindex", "", "otherbot: noindex", "none", "all"], 1):
        web.headers["/lv/jaunums/relize-3"] = {"X-Robots-Tag": said} if said else {}
        crawl(web, store, day=day)
        states.append(found(web, store, "relize-3").state)
    assert states == ["present", "hidden", "present", "present", "present", "present"]


@pytest.mark.parametrize(
    ("tag", "outcome"), [("noindex", "held"), ("otherbot: noindex", "unchanged"), ("all", "unchanged")]
)
def test_robots_tag_of_a_304_counts(web: Web, store: Store, tag: str, outcome: str) -> None:
    publish(web, *TEN)
    path = "/lv/jaunums/relize-3"
    web.headers[path] = {"ETag": '"1"'}
    crawl(web, store)
    page = web.pages[path]
    web.pages[path], web.headers[path] = (304, ""), {"X-Robots-Tag": tag}
    ends, objections = crawl(web, store, day=1)
    assert (path in web.conditions, ends[path], objections) == (True, outcome, ())
    web.pages[path] = page
    crawl(web, store, day=2)
    assert found(web, store, "relize-3").state == ("hidden" if outcome == "held" else "present")


def test_page_that_asks_once_not_to_be_found_stays(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    before = web.pages["/lv/jaunums/relize-3"]
    asks = before[1].replace("<head>", "<head><meta name=robots content=noindex>")
    for day, page in enumerate([(200, asks), before, (200, asks)], 1):
        web.pages["/lv/jaunums/relize-3"] = page
        crawl(web, store, day=day)
        assert found(web, store, "relize-3").state == "present"


def test_report_says_which_releases_ask_not_to_be_found(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    _, page = web.pages["/lv/jaunums/relize-3"]
    asks = page.replace("<head>", "<head><meta name=robots content=noindex>")
    web.pages["/lv/jaunums/relize-3"] = (200, asks)
    said = []
    for day in (1, 2):
        crawl(web, store, day=day)
        report = report_of(store)
        said.append((report.outcomes["missing"], report.outcomes["hidden"], report.reasons["noindex"]))
    assert said == [(1, 0, 1), (0, 1, 1)]


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


@pytest.mark.parametrize("body", NO_RELEASES.values(), ids=NO_RELEASES)
def test_release_that_cannot_be_read_any_more_stays_and_is_reported(
    web: Web, store: Store, body: str
) -> None:
    publish(web, *TEN)
    crawl(web, store)
    before = found(web, store, "relize-3")
    web.pages["/lv/jaunums/relize-3"] = (200, body)
    for day in range(1, 6):
        ends, objections = crawl(web, store, day=day)
        assert (ends["/lv/jaunums/relize-3"], objections) == ("failed", ())
        assert report_of(store).reasons["release not read"] == 1
    assert found(web, store, "relize-3") == before


def test_releases_that_cannot_be_read_any_more_are_objected_to(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages |= {f"/lv/jaunums/{name}": (200, NO_RELEASES["log in"]) for name in TEN}
    for day in (1, 2, 3):
        _, objections = crawl(web, store, day=day)
        assert objections == ("10 of 10 releases cannot be read any more: a login or error page?",)
    assert store.count_of("iem") == 10


WELCOME = release_page("Laipni lūdzam", "Ministrija strādā iedzīvotāju labā visā Latvijā un ārpus tās. " * 5)


@pytest.mark.parametrize(
    ("target", "body", "state"),
    [
        ("/lv/jaunumi", "", "gone"),
        ("/", "<h1>Sākums</h1>", "gone"),
        ("/lv", "<h1>Sākums</h1>", "gone"),
        # A front page with a text and a day reads as a release.
        ("/", WELCOME, "gone"),
        ("/lv/", WELCOME, "gone"),
        ("/lv/jaunumi", WELCOME, "gone"),
        ("/lv/jaunums", WELCOME, "gone"),
        ("/lv/jaunums/", "<h1>Jaunumi</h1>", "gone"),
        ("/lv/ieeja?uz=/lv/jaunums/relize-3", NO_RELEASES["log in"], "present"),
        ("/?ieeja=1", NO_RELEASES["log in"], "present"),
        ("/kluda", NO_RELEASES["error"], "present"),
    ],
)
def test_redirect_home_is_a_removal_and_one_to_log_in_is_none(
    web: Web, store: Store, target: str, body: str, state: str
) -> None:
    publish(web, *TEN)
    crawl(web, store)
    if body:
        web.pages[target] = (200, body)
    web.pages["/lv/jaunums/relize-3"] = (302, target)
    states = []
    for day in (1, 2, 3):
        crawl(web, store, day=day)
        states.append(found(web, store, "relize-3").state)
    assert states == ["present", state, state]


def test_endless_lists_end(web: Web, store: Store) -> None:
    publish(web, *TEN)
    rows = list_page(*TEN).removesuffix("</main></body></html>")
    for number in range(40):
        pager = (
            f'<div class="pager"><a rel=next href="?page={number + 1}">Nākamā</a></div></main></body></html>'
        )
        web.pages["/lv/jaunumi" + (f"?page={number}" if number else "")] = (200, rows + pager)
    crawl(web, store)
    assert sum(path.startswith("/lv/jaunumi") for path in web.asked) <= 3


def test_lists_without_end_that_name_no_releases_end(web: Web, store: Store) -> None:
    publish(web, *TEN)
    rows = web.pages["/lv/jaunumi"][1].removesuffix("</main></body></html>")
    for number in range(400):
        false = list_page(*(f"viltus-{number}-{name}" for name in range(12))) if number else rows
        pager = f"<a rel=next href='?page={number + 1}'>Nākamā</a></main></body></html>"
        path = "/lv/jaunumi" + (f"?page={number}" if number else "")
        web.pages[path] = (200, false.removesuffix("</main></body></html>") + pager)
    crawl(web, store)
    assert (len(web.asked) <= 200, store.count()) == (True, len(TEN))


def test_lists_that_lead_to_ever_more_lists_end(web: Web, store: Store) -> None:
    publish(web, *TEN)
    for number in range(400):
        names = TEN if number == 0 else [f"viltus-{number}-{one}" for one in range(10)]
        pager = "".join(f"<a rel=next href='?page={10 * number + one}'>{one}</a>" for one in range(1, 11))
        path = "/lv/jaunumi" + (f"?page={number}" if number else "")
        web.pages[path] = (200, list_page(*names).replace("</main>", f"{pager}</main>"))
    crawl(web, store)
    assert (len(web.asked) <= 200, store.count()) == (True, len(TEN))


class Endless(dict[str, tuple[int, str]]):
    """A site whose list goes on for ever, with a good release of its own behind each link."""

    def get(self, path: str, default: object = None) -> object:  # type: ignore[override]  # a page for any path
        if path in self:
            return self[path]
        name = path.removeprefix("/lv/jaunums/")
        if name.startswith("bez-gala-"):
            return 200, release_page(name, f"Teksts numur {name} par to, kas notiek visos novados šajā gadā.")
        if not path.startswith("/lv/jaunumi?page="):
            return default
        number = int(path.removeprefix("/lv/jaunumi?page="))
        more = list_page(*(f"bez-gala-{number}-{one}" for one in range(5))).removesuffix(
            "</main></body></html>"
        )
        return 200, f"{more}<a rel=next href='?page={number + 1}'>Nākamā</a></main></body></html>"


def endless(web: Web) -> None:
    publish(web, *TEN)
    start = web.pages["/lv/jaunumi"][1]
    web.pages["/lv/jaunumi"] = (200, start.replace("</main>", "<a rel=next href='?page=1'>Nākamā</a></main>"))
    web.pages = Endless(web.pages)


def test_list_of_releases_without_end_ends_and_is_named(web: Web, store: Store) -> None:
    endless(web)
    crawl(web, store, list_pages_max=20)
    lists = {path for path in web.asked if path.startswith("/lv/jaunumi")}
    assert (len(lists), store.count()) == (20, len(TEN) + 19 * 5)
    assert (TOO_MANY_LISTS,) in store.rows("SELECT reason FROM frontier WHERE kind = 'list'")


def test_more_new_releases_than_known_ones_take_several_crawls(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    publish(web, *TEN, *(f"jauna-{number}" for number in range(50)))
    counts = []
    for day in (1, 2, 3):
        ends, objections = crawl(web, store, day=day, guards=Guards(new_at_once=5))
        counts.append((store.count(), Counter(ends.values())["skipped"]))
        assert objections == ()
    assert counts == [(20, 40), (40, 20), (60, 0)]


def test_long_archive_is_read_to_its_end(web: Web, store: Store) -> None:
    for number in range(120):
        path = "/lv/jaunumi" + (f"?page={number}" if number else "")
        pager = f"<a rel=next href='?page={number + 1}'>Nākamā</a></main></body></html>"
        rows = list_page(f"relize-{number}").removesuffix("</main></body></html>")
        web.pages[path] = (200, rows + (pager if number < 119 else ""))
        web.pages[f"/lv/jaunums/relize-{number}"] = (200, release_page(f"relize-{number}"))
    crawl(web, store)
    assert store.count() == 120


def test_empty_page_after_the_last_list_is_not_read_again(web: Web, store: Store) -> None:
    publish(web, *TEN)  # a full list, so that its next page is guessed
    web.pages["/lv/jaunumi?page=1"] = (200, list_page())
    crawl(web, store)
    assert Pages(store).validators(f"{web.origin}/lv/jaunumi?page=1").digest


def test_start_page_that_seems_empty_is_read_again(web: Web, store: Store) -> None:
    web.pages["/lv/jaunumi"] = (200, list_page())
    crawl(web, store)
    assert Pages(store).validators(f"{web.origin}/lv/jaunumi") == NO_VALIDATORS


def test_links_not_to_be_followed_are_not(web: Web, store: Store) -> None:
    publish(web, *TEN)
    page = web.pages["/lv/jaunumi"][1]
    web.pages["/lv/jaunumi"] = (
        200,
        page.replace("<a href=/lv/jaunums/relize-3>", "<a rel=nofollow href=/lv/jaunums/relize-3>"),
    )
    crawl(web, store)
    assert (store.count(), "/lv/jaunums/relize-3" in web.asked) == (9, False)


@pytest.mark.parametrize(
    ("answer", "at_most", "left"),
    [((404, ""), 10, 10), ((200, "<p>Nav</p>"), 8, 20)],
    ids=["shows at once", "shows when read"],
)
def test_trap_is_left_and_the_rest_is_found(
    web: Web, store: Store, answer: tuple[int, str], at_most: int, left: int
) -> None:
    publish(web, *(f"viltus/{number}" for number in range(30)), "relize-1")
    web.pages |= {f"/lv/jaunums/viltus/{number}": answer for number in range(30)}
    ends, _ = crawl(web, store, guards=Guards(area_misses=at_most))
    assert [ends[f"/lv/jaunums/viltus/{number}"] for number in (at_most - 1, left)] == ["failed", "skipped"]
    assert ends["/lv/jaunums/relize-1"] == "new"


def test_traps_keep_no_known_release_from_being_asked_again(web: Web, store: Store) -> None:
    traps = [f"{trap}/{number}" for trap in ("viltus", "slazds", "cilpa") for number in range(30)]
    publish(web, "relize-1", *traps)
    web.pages |= {f"/lv/jaunums/{name}": (404, "") for name in traps}
    ends = [crawl(web, store, day=day, guards=Guards(area_misses=8))[0] for day in range(4)]
    assert [end["/lv/jaunums/relize-1"] for end in ends] == ["new", *["unchanged"] * 3]
    assert all(Counter(end.values())["failed"] < 30 for end in ends)


def test_files_are_had_though_many_addresses_lead_nowhere(web: Web, store: Store) -> None:
    publish(web, "relize-1", *(f"viltus/{number}" for number in range(30)))
    links = "".join(f"<p><a href=/faili/viltus/{number}.pdf>{number}</a></p>" for number in range(30))
    page = release_page("relize-1").replace(
        "</article>", f"<a href=/faili/b.pdf>Budžets</a>{links}</article>"
    )
    web.pages["/lv/jaunums/relize-1"] = (200, page)
    web.files["/faili/b.pdf"] = (
        Path(__file__).parents[3] / "samples" / "attachments" / "budzets-2020.pdf"
    ).read_bytes()
    ends, _ = crawl(web, store, guards=Guards(area_misses=10))
    assert ends["/faili/b.pdf"] == "read"
    assert [ends[f"/faili/viltus/{number}.pdf"] for number in (9, 10)] == ["failed", "skipped"]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/lv/jaunums/x", True),
        ("/lv/jaunums/" + "a" * 3000, False),
        ("/a/b/a/b/a/b/a/b", False),
        ("/" + "/".join(map(str, range(30))), False),
    ],
)
def test_addresses_that_only_traps_have_are_not_wanted(web: Web, path: str, wanted: bool) -> None:
    site = config_for(web).sites[0]
    assert is_wanted(web.origin + path, web.origin, site) is wanted


def test_one_text_at_addresses_without_end_is_a_trap(web: Web, store: Store) -> None:
    names = [f"viltus/{number}" for number in range(60)]
    publish(web, "relize-1", *names)
    web.pages |= {f"/lv/jaunums/{name}": (200, release_page("viltus")) for name in names}
    ends, _ = crawl(web, store, guards=Guards(area_misses=10))
    assert (Counter(ends.values())["skipped"] > 30, store.count()) == (True, 2)
    asked = len(web.asked)
    again, _ = crawl(web, store, day=1, guards=Guards(area_misses=10))
    assert len(web.asked) - asked < 30
    assert Counter(again.values())["skipped"] > 30
