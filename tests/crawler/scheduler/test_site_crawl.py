"""The crawl of a small site over real HTTP: the order of fetches, 304s, and hosts that are down.

Also the tests of `context`, `plan` and `reasons`, which hold records and names only.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crawler.extraction import Extraction, ExtractionJob
from crawler.extraction.reader import read
from crawler.store import Store
from tests.support.site_crawl import (
    TEN,
    InProcessReader,
    Web,
    crawl,
    found,
    list_page,
    publish,
)


class WaitingReader(InProcessReader):
    """Reads the page at one path only after another was requested."""

    def __init__(self, web: "Web", path: str, until_requested: str) -> None:
        self._web, self._path, self._until_asked = web, path, until_requested
        self._pool = ThreadPoolExecutor(1)

    def submit(self, job: ExtractionJob) -> Future[Extraction]:
        if not job.page.url.endswith(self._path):
            return super().submit(job)
        return self._pool.submit(self._read_later, job)

    def _read_later(self, job: ExtractionJob) -> Extraction:
        with self._web.news:
            assert self._web.news.wait_for(lambda: self._until_asked in self._web.requested, timeout=20)
        return read(job)


class LateExtraction(Future[Extraction]):
    """The extraction of a page, which is read when its result is asked for."""

    def __init__(self, job: ExtractionJob, waiting: list[str]) -> None:
        super().__init__()
        self._job, self._waiting = job, waiting

    def result(self, timeout: float | None = None) -> Extraction:
        self._waiting.remove(self._job.page.url)
        self.set_result(read(self._job))
        return super().result(timeout)


class LateReader(InProcessReader):
    """Notes how many releases wait with each that is submitted."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self.counts: list[int] = []

    def submit(self, job: ExtractionJob) -> Future[Extraction]:
        self._waiting.append(job.page.url)
        if job.kind == "release":
            self.counts.append(len(self._waiting))
        return LateExtraction(job, self._waiting)


@pytest.mark.parametrize(
    ("size", "counts"),
    [(0, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), (1_300_000, [1, 2, 3, 4, 2, 3, 4, 2, 3, 4])],
)
def test_few_large_pages_wait_for_their_extraction_at_a_time(
    web: Web, store: Store, size: int, counts: list[int]
) -> None:
    publish(web, *TEN)
    for path, (status, body) in web.pages.items():
        if "/jaunums/" in path:
            web.pages[path] = (status, f"{body}<!-- {'x' * size} -->")
    reader = LateReader()
    ends, _ = crawl(web, store, reader=reader)
    assert reader.counts == counts
    assert list(ends.values()).count("new") == len(TEN)


def test_further_list_pages_are_fetched_while_a_release_is_extracted(web: Web, store: Store) -> None:
    publish(web, "relize-1", "relize-2")
    web.pages["/lv/jaunumi"] = (
        200,
        list_page("relize-1").replace("</main>", "<a rel=next href='?page=1'>Nākamā</a></main>"),
    )
    web.pages["/lv/jaunumi?page=1"] = (200, list_page("relize-2"))
    reader = WaitingReader(web, "relize-1", until_requested="/lv/jaunums/relize-2")
    ends, _ = crawl(web, store, reader=reader)
    assert ends["/lv/jaunums/relize-1"] == ends["/lv/jaunums/relize-2"] == "new"


def test_many_pages_are_fetched_while_a_release_is_extracted(web: Web, store: Store) -> None:
    publish(web, *TEN)
    reader = WaitingReader(web, TEN[0], until_requested=f"/lv/jaunums/{TEN[7]}")
    ends, _ = crawl(web, store, reader=reader)
    assert {ends[f"/lv/jaunums/{name}"] for name in TEN} == {"new"}


def test_redirect_to_a_host_that_is_down_costs_no_other_page(web: Web, store: Store) -> None:
    publish(web, *TEN)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as down:
        other = f"127.0.0.1:{down.server_address[1]}"
    web.pages["/lv/jaunums/relize-3"] = (302, f"http://{other}/lv/jaunums/relize-3")
    ends, objections = crawl(web, store, further_host=other)
    assert (ends["/lv/jaunums/relize-3"], store.count_of("iem"), objections) == ("skipped", 9, ())


def test_noindex_header_counts_though_the_body_is_the_same(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    states = []
    for day, tag in enumerate(["noindex", "noindex", "", "otherbot: noindex", "none", "all"], 1):
        web.headers["/lv/jaunums/relize-3"] = {"X-Robots-Tag": tag} if tag else {}
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
