"""A change that cannot be committed fails its page alone; only a failing store ends the run.

Also the tests of `crawler.faults`.
"""

import logging
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.extraction import Extraction, ExtractionJob
from crawler.faults import CANNOT_BE_STORED
from crawler.store import Store, StoreError
from tests.support.site_crawl import TEN, InProcessReader, Web, crawl, found, publish, release_page

BAD = "relize-3"


class AlteringReader(InProcessReader):
    """Extracts pages as usual, but alters the release of one."""

    def __init__(self, **changes: object) -> None:
        self._changes = changes

    def submit(self, job: ExtractionJob) -> Future[Extraction]:
        reading = super().submit(job).result()
        if job.page.url.endswith(BAD) and reading.release:
            reading = replace(reading, release=replace(reading.release, **self._changes))  # type: ignore[arg-type]  # the table below says which
        future: Future[Extraction] = Future()
        future.set_result(reading)
        return future


def trigger(store: Store, event: str, condition: str) -> None:
    """Make SQLite refuse a write."""
    then = "BEGIN SELECT RAISE(ABORT, 'no'); END"
    store.execute(f"CREATE TEMP TRIGGER refused BEFORE {event} WHEN {condition} {then}")


@pytest.mark.parametrize(
    "event",
    ["INSERT ON release", "INSERT ON page", "UPDATE ON frontier"],
)
def test_page_that_the_store_refuses_costs_no_other(web: Web, store: Store, event: str) -> None:
    publish(web, *TEN)
    condition = f"new.url LIKE '%{BAD}'"
    if event.startswith("UPDATE"):
        condition += " AND new.outcome = 'new'"
    trigger(store, event, condition)
    ends, objections = crawl(web, store)
    assert (ends[f"/lv/jaunums/{BAD}"], store.count(), objections) == ("failed", 9, ())
    assert store.rows("SELECT reason FROM frontier WHERE url LIKE ?", f"%{BAD}") == [(CANNOT_BE_STORED,)]
    store.execute("DROP TRIGGER refused")
    ends, _ = crawl(web, store, day=1)
    assert (ends[f"/lv/jaunums/{BAD}"], store.count()) == ("new", 10)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Virs\ud800raksts"},
        {"url": "https://www.iem.example/\udfff"},
        {"url": "https://[::1"},
        {"attachments": (None,)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_record_that_cannot_be_stored_costs_no_other(
    web: Web, store: Store, changes: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    publish(web, *TEN)
    with caplog.at_level(logging.WARNING):
        ends, _ = crawl(web, store, reader=AlteringReader(**changes))
    failed = {path for path, outcome in ends.items() if "/jaunums/" in path and outcome == "failed"}
    assert failed <= {f"/lv/jaunums/{BAD}"}
    assert store.count_of("iem") >= 9
    assert not any("\n" in record.getMessage() or record.exc_info for record in caplog.records)


def test_accepted_change_that_the_store_refuses_costs_no_other(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    for name in TEN[2:5]:
        text = "Labots teksts par darbiem Latgalē šajā gadā."
        web.pages[f"/lv/jaunums/{name}"] = (200, release_page(name, text))
    trigger(store, "UPDATE ON release", f"new.url LIKE '%{BAD}'")
    crawl(web, store, day=1)
    bodies = [found(web, store, name).release.body.startswith("Labots") for name in TEN[2:5]]
    assert bodies == [True, False, True]
    assert store.rows("SELECT reason FROM frontier WHERE url LIKE ?", f"%{BAD}") == [(CANNOT_BE_STORED,)]


def test_full_store_ends_the_run_and_keeps_earlier_commits(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    more = tuple(f"jauns-{number}" for number in range(60))
    publish(web, *TEN, *more)
    [(pages,)] = store.rows("PRAGMA page_count")
    store.rows(f"PRAGMA max_page_count = {pages + 4}")
    with pytest.raises(StoreError, match=r"releases\.sqlite3: .*full"):
        crawl(web, store, day=1)
    assert store.count_of("iem") >= 10
    store.rows("PRAGMA max_page_count = 1000000")
    crawl(web, store, day=1)
    assert store.count_of("iem") == 70


def test_locked_store_ends_the_run(web: Web, tmp_path: Path) -> None:
    publish(web, *TEN)
    with Store(tmp_path / "releases.sqlite3") as store, Store(store.path) as other:
        crawl(web, store)
        store.rows("PRAGMA busy_timeout = 0")
        web.pages[f"/lv/jaunums/{BAD}"] = (200, release_page(BAD, "Labots teksts par to, kas notika."))
        with other.transaction(), pytest.raises(StoreError, match="locked"):
            crawl(web, store, day=1)
