"""`crawl reextract` extracts pages ahead and stores them in order."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

import pytest

from crawler.check import check_store
from crawler.config import CrawlerConfig
from crawler.extraction import Extraction, ExtractionJob
from crawler.reextract import AHEAD_BYTES, AHEAD_MAX, differences, reextract
from crawler.store import Store
from tests.support.site_crawl import START, InProcessReader, Web, config_for, crawl, found, publish
from tests.support.stored_release import RELEASE

pytestmark = pytest.mark.sweep

NAMES = tuple(f"relize-{number:02}" for number in range(2 * AHEAD_MAX))
NEW = "Jaunā ministrija"


@pytest.fixture
def changed(web: Web, store: Store) -> CrawlerConfig:
    """Settings that change how each release of a crawled site is read."""
    publish(web, *NAMES)
    crawl(web, store)
    config = config_for(web)
    return config.model_copy(update={"sites": (config.sites[0].model_copy(update={"ministry": NEW}),)})


class ReaderAsked(InProcessReader):
    """Records the jobs; *at* is called for each before it is read."""

    def __init__(self, at: Callable[[str], None] = lambda _: None) -> None:
        self.jobs: list[ExtractionJob] = []
        self._at = at

    def submit(self, task: ExtractionJob) -> Future[Extraction]:
        self.jobs.append(task)
        self._at(name_of(task))
        return super().submit(task)

    def names(self) -> list[str]:
        return [name_of(job) for job in self.jobs]


def name_of(job: ExtractionJob) -> str:
    return job.page.url.rpartition("/")[2]


def unstored(web: Web, store: Store) -> list[str]:
    """Return the pages whose new extraction is not stored yet."""
    return [name for name in NAMES if found(web, store, name).release.ministry != NEW]


def test_pages_are_submitted_a_bounded_number_ahead(web: Web, store: Store, changed: CrawlerConfig) -> None:
    in_flight: list[int] = []
    reader = ReaderAsked(
        lambda _: in_flight.append(len(reader.jobs) + len(unstored(web, store)) - len(NAMES))
    )
    assert reextract(changed.sites[0], changed, store, reader.submit) == {"changed": len(NAMES)}
    assert (reader.names(), max(in_flight), unstored(web, store)) == (list(NAMES), AHEAD_MAX + 1, [])


def test_large_pages_are_submitted_one_by_one(
    web: Web, store: Store, changed: CrawlerConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.reextract.AHEAD_BYTES", 100)
    left: list[int] = []
    reader = ReaderAsked(lambda _: left.append(len(unstored(web, store))))
    reextract(changed.sites[0], changed, store, reader.submit)
    assert left == [*range(len(NAMES), 0, -1)]


def test_interrupted_command_has_stored_the_first_pages_and_is_finished_by_another(
    web: Web, store: Store, changed: CrawlerConfig
) -> None:
    def submit(job: ExtractionJob) -> Future[Extraction]:
        future = InProcessReader().submit(job)
        if name_of(job) == NAMES[5]:
            future = Future()
            future.set_exception(KeyboardInterrupt())
        return future

    with pytest.raises(KeyboardInterrupt):
        reextract(changed.sites[0], changed, store, submit)
    assert unstored(web, store) == [*NAMES[5:]]
    assert all(finding.is_well for finding in check_store(store))
    outcomes = reextract(changed.sites[0], changed, store, InProcessReader().submit)
    assert (outcomes, unstored(web, store)) == ({"unchanged": 5, "changed": len(NAMES) - 5}, [])


def test_page_whose_owner_changes_meanwhile_is_extracted_by_the_templates_of_the_new_one(
    web: Web, store: Store, changed: CrawlerConfig
) -> None:
    other = changed.sites[0].model_copy(update={"id": "other"})
    config = changed.model_copy(update={"sites": (*changed.sites, other)})
    last = NAMES[-1]

    def give_to_other(name: str) -> None:
        if name == last:
            stored = found(web, store, last)
            store.overwrite(stored.id, replace(stored.release, site="other"), seen=START)

    reader = ReaderAsked(give_to_other)
    reextract(config.sites[0], config, store, reader.submit)
    owners = [job.site.id for job in reader.jobs if name_of(job) == last]
    assert (owners, len(reader.jobs)) == (["iem", "other"], len(NAMES) + 1)


# --- One release ---


def test_differences_are_lines_of_fields() -> None:
    other = replace(RELEASE, title="Cits", body="Viens.\n\nDivi.", rules=(("title", "h2"),))
    assert [*differences(RELEASE, RELEASE)] == []
    assert [*differences(RELEASE, replace(RELEASE, rules=(("title", "h2"),)))] == []
    assert [*differences(RELEASE, other)] == [
        "--- stored",
        "+++ read now",
        "@@ -2,6 +2,6 @@",
        " language: lv",
        f"-title: {RELEASE.title}",
        "-body: Šodien nodotas desmit automašīnas.",
        "+title: Cits",
        "+body: Viens.",
        " body: ",
        "-body: Tās brauks Latgalē.",
        "+body: Divi.",
        " published: 2026-02-27",
    ]


def test_a_page_that_cannot_be_read_leaves_its_release(web: Web, store: Store) -> None:
    publish(web, "relize-1", "relize-2")
    crawl(web, store)
    config = config_for(web, template={"body": ["div.none"], "paths": [], "title": ["h6"]})
    before = [found(web, store, name) for name in ("relize-1", "relize-2")]
    number = store.last_number()

    def submit(job: ExtractionJob) -> Future[Extraction]:
        future: Future[Extraction] = Future()
        future.set_result(Extraction(reason="no release"))
        return future

    assert reextract(config.sites[0], config, store, submit) == {"failed": 2}
    assert [found(web, store, name) for name in ("relize-1", "relize-2")] == before
    assert store.last_number() == number


def test_what_is_read_otherwise_is_no_edit(web: Web, store: Store, changed: CrawlerConfig) -> None:
    before = found(web, store, NAMES[0])
    store.mark_gone(before.id, seen=START)
    reextract(changed.sites[0], changed, store, InProcessReader().submit)
    after = found(web, store, NAMES[0])
    assert (after.state, after.edited, after.release.ministry) == ("gone", False, NEW)
    assert (AHEAD_MAX, AHEAD_BYTES) == (16, 8 * 1024 * 1024)
