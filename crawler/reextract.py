"""Extracts stored pages again after a change of templates, and shows a release field by field."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from difflib import unified_diff
from typing import Literal

from crawler.config import CrawlerConfig, Site
from crawler.downloader import product_token
from crawler.extraction import Extraction, ExtractionJob
from crawler.page import Page
from crawler.scheduler import Frontier, Owners, aliases_of, with_stored_address
from crawler.store import Outcome, Release, Store, has_same_content
from crawler.store.pages import Pages
from crawler.store.records import field_by_field
from crawler.urls import canonical

# Pages in extraction: enough for both readers while a commit waits for the disk.
AHEAD_MAX = 16
# Maximum size of these pages without the first one; bounds the memory.
AHEAD_BYTES = 8 << 20


def reextract(
    site: Site, config: CrawlerConfig, store: Store, submit: Callable[[ExtractionJob], Future[Extraction]]
) -> Counter[str]:
    """Extract the stored pages of *site* by today's templates; return the number of pages by outcome.

    A page that another site of *config* owns is extracted by that site's templates. *submit* starts an
    extraction; pages are extracted at the same time, and stored in order.
    """
    owners, frontier = Owners(config.sites or (site,)), Frontier(store, config.recheck)

    def job_of(page: Page) -> ExtractionJob:
        url = canonical(page.url)
        return ExtractionJob(
            page=page,
            kind="release",
            site=owners.of(url, site, store.owner(url)),
            templates=config.templates,
            hints=frontier.hints(page.requested_url),
            robot=product_token(config.politeness.user_agent),
        )

    outcomes: Counter[str] = Counter()
    for job, extraction in _extract_ahead(map(job_of, Pages(store).of_site(site.id)), submit):
        # Storing an earlier page may have given this one another owner.
        current = job_of(job.page)
        release = (extraction if current == job else submit(current).result()).release
        outcomes[_store_unless_old(release, job.page, store, frontier)] += 1
    return outcomes


def _extract_ahead(
    jobs: Iterable[ExtractionJob], submit: Callable[[ExtractionJob], Future[Extraction]]
) -> Iterator[tuple[ExtractionJob, Extraction]]:
    """Yield each of *jobs* with its extraction, in order, while the next ones are extracted."""
    in_flight: deque[tuple[ExtractionJob, Future[Extraction]]] = deque()
    for job in jobs:
        in_flight.append((job, submit(job)))
        while len(in_flight) > AHEAD_MAX or sum(len(each.page.body) for each, _ in in_flight) > AHEAD_BYTES:
            yield _wait_for_first(in_flight)
    while in_flight:
        yield _wait_for_first(in_flight)


def _wait_for_first(
    in_flight: deque[tuple[ExtractionJob, Future[Extraction]]],
) -> tuple[ExtractionJob, Extraction]:
    job, future = in_flight.popleft()
    return job, future.result()


def _store_unless_old(
    release: Release | None, page: Page, store: Store, frontier: Frontier
) -> Outcome | Literal["failed"]:
    if release is None:
        return "failed"
    release = with_stored_address(release, page, store)
    if release.url != canonical(page.requested_url) and frontier.knows(release.url):
        return "unchanged"  # an old address: the page stored under the new one is newer
    return _store(release, page, store)


def _store(release: Release, page: Page, store: Store) -> Outcome:
    """Store a release extracted again. The page is the same, so a difference is not an edit."""
    seen = datetime.now(UTC)
    stored = store.find(release.url)
    if stored is None or stored.release.url != release.url:
        return store.save(release, seen=seen, aliases=aliases_of(release, page.requested_url, page))
    if stored.release.site != release.site and release.url != canonical(page.url):
        return "unchanged"  # a page of one site proves nothing about the release of another
    release = store.with_texts(release)
    if has_same_content(stored.release, release):
        return "unchanged"
    store.overwrite(stored.id, release, seen=seen)
    return "changed"


def differences(stored: Release, read_now: Release) -> Iterator[str]:
    """Yield the lines of a diff from the stored release to the one read now; none if they are equal."""
    before, after = (
        [f"{name}: {line}" for name, value, _ in field_by_field(version) for line in value.splitlines()]
        for version in (stored, read_now)
    )
    yield from unified_diff(before, after, "stored", "read now", lineterm="", n=1)
