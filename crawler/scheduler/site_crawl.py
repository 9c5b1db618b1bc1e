"""The crawl of one site: fetch one URL after another, and commit the change that each makes."""

import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from crawler.config import Site
from crawler.config.site_hosts import start_urls
from crawler.downloader import FetchError
from crawler.extraction import Extraction
from crawler.faults import CANNOT_BE_STORED, UNFORESEEN
from crawler.page import ROBOTS_TAG, Page
from crawler.scheduler.changes import (
    ChangePlanner,
    ChangeWriter,
    Extracted,
    FetchFailed,
    FetchResult,
    NotFetched,
    Sayings,
    Unmodified,
)
from crawler.scheduler.changes.guards import settle
from crawler.scheduler.context import CrawlContext, FetchRecord, SiteContext
from crawler.scheduler.error_page_probe import learn_error_pages
from crawler.scheduler.identity import ErrorPages
from crawler.scheduler.objections import object_to_closed, object_to_outcomes
from crawler.scheduler.plan import FetchOutcome, FrontierUrl
from crawler.scheduler.reasons import CLOSED, DENIED, EMPTY, OVERTIME, SAME_PAGE, TOO_MANY_MISSES
from crawler.scheduler.spider_traps import Traps
from crawler.store import ChangeError
from crawler.store.pages import digest_of_page
from crawler.store.sightings import FOUND
from crawler.urls import origin

log = logging.getLogger(__name__)

# List pages are cut here, feeds and sitemaps where the settings say; a release that is too large is refused.
LIST_BYTES = 3_500_000

# Maximum number and bytes of pages of a site in extraction while further ones are fetched.
READ_AHEAD = 48
READ_AHEAD_BYTES = 4_000_000
# Results that arrive within this time are committed together, because each commit waits for the disk.
COMMIT_PAUSE = timedelta(seconds=0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extracting:
    """A page that a reader is extracting."""

    page: Page
    extraction: Future[Extraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class _InFlight:
    """A URL whose result is not committed yet."""

    entry: FrontierUrl
    at: datetime
    result: FetchResult | _Extracting

    @property
    def is_ready(self) -> bool:
        """Whether `wait` returns at once."""
        return not isinstance(self.result, _Extracting) or self.result.extraction.done()

    @property
    def size(self) -> int:
        """Bytes of the page in extraction."""
        return len(self.result.page.body) if isinstance(self.result, _Extracting) else 0

    def wait(self) -> FetchResult:
        """Return the result, once the page is extracted."""
        if isinstance(self.result, _Extracting):
            return Extracted(page=self.result.page, extraction=self.result.extraction.result())
        return self.result


class SiteCrawl:
    """The crawl of one site in one run."""

    def __init__(self, site: Site, crawl: CrawlContext) -> None:
        self._site, self._crawl = site, crawl
        self._context = SiteContext.of(site, crawl)
        self._store, self._frontier = crawl.store, self._context.frontier
        self._mentions = Sayings()
        self._planner = ChangePlanner(self._context, self._mentions)
        self._writer = ChangeWriter(self._context, self._mentions)
        self._in_flight: deque[_InFlight] = deque()
        self._bytes_in_flight = 0
        # A spider trap is only recognised after its pages are extracted, so look-ahead stays small.
        self._ahead_max = min(READ_AHEAD, crawl.config.guards.area_misses // 2)
        self._releases_fetched = 0
        feed_bytes = crawl.config.limits.feed_bytes
        self._head_bytes = {
            "list": min(LIST_BYTES, crawl.config.limits.wire_bytes),
            "feed": feed_bytes,
            "sitemap": feed_bytes,
        }
        self._began = self._last_commit = crawl.now()
        # The errors that closed origins for this run, by origin; then the same for origins that still have
        # due URLs.
        self._closed: dict[str, FetchError] = {}
        self._missed: dict[str, FetchError] = {}
        # Origins that the site uses.
        self._used = {_root(url) for urls in start_urls(site).values() for url in urls}
        known = crawl.store.count_before(site.id, datetime.fromtimestamp(crawl.run.started, UTC))
        self._traps = Traps(
            crawl.config.guards,
            known,
            has=crawl.store.has,
            owner=crawl.store.owner,
            has_beside=crawl.store.has_beside,
        )

    def crawl(self) -> tuple[str, ...]:
        """Fetch the due URLs; return the objections to this crawl of the site.

        Stops soon after ``stop`` is set. URLs of a closed origin, or of a site whose time is up, wait for
        the next run.
        """
        for kind, urls in start_urls(self._site).items():
            self._frontier.seed(self._site.id, kind, urls, self._crawl.run)
        self._leave_out_unwanted()
        try:
            while (batch := self._next_batch()) or self._in_flight:
                if self._is_overtime():
                    self._frontier.skip_below(self._site.id, self._crawl.run, root="", reason=OVERTIME)
                    break
                if not self._fetch_all(batch):
                    return self._object_to_closed()
        finally:
            self._commit_ready(at_most_left=0)
        return self._object_to_closed() or self._settle()

    def _next_batch(self) -> list[FrontierUrl]:
        """Return the URLs to fetch next; none if all depends on pages still in extraction."""
        return self._frontier.due(
            self._site.id,
            self._crawl.run,
            since=self._crawl.options.since,
            lists_wait=self._traps.lists_wait,
            in_flight={item.entry.url: item.entry.kind for item in self._in_flight},
            may_be_early=not self._object_to_closed(),
        )

    def _leave_out_unwanted(self) -> None:
        """Leave out what the settings deny, and further addresses of known pages, which differ by session.

        A change found at a denied address waits for no decision any more.
        """
        boundary, site, parameters = self._context.boundary, self._site.id, self._context.parameters
        if boundary.is_open and not parameters.names and not self._frontier.has_left_out(site):
            return
        with self._store.transaction():
            self._frontier.leave_out(site, self._reason_to_leave_out, self._crawl.run)
            for change in self._context.pending.of_site(site):
                if not boundary.admits(change.url):
                    self._context.pending.delete(change.url)

    def _reason_to_leave_out(self, url: str, request_url: str) -> str:
        admits = self._context.boundary.admits
        if not (admits(url) and admits(request_url)):
            return DENIED
        return SAME_PAGE if self._context.parameters.known_url(url) != url else ""

    def _settle(self) -> tuple[str, ...]:
        """Settle the pending changes now that all of the site has been seen; return the objections."""
        run, config = self._crawl.run, self._crawl.config
        counts = self._frontier.count_outcomes(run, self._site.id)
        known = self._store.count_of(self._site.id)
        is_accepted = self._site.id in self._crawl.options.accept_loss
        newcomers = self._planner.newcomers
        errors = ErrorPages() if is_accepted else learn_error_pages(self._context, newcomers)
        return (
            *object_to_outcomes(counts, known, self._site.template, config),
            *settle(
                self._site.id,
                run,
                self._store,
                config,
                is_accepted=is_accepted,
                errors=errors,
                newcomers=newcomers,
                mentions=self._mentions,
            ),
        )

    def _object_to_closed(self) -> tuple[str, ...]:
        """Return why part of the site was not fetched, except for origins that it never used."""
        return object_to_closed([error for root, error in self._missed.items() if root in self._used])

    def _fetch_all(self, entries: Sequence[FrontierUrl]) -> bool:
        """Fetch *entries* while earlier ones are extracted; return whether to go on."""
        closed_before = len(self._closed)
        for entry in entries:
            if self._crawl.stop.is_set() or self._is_limit_reached(entry):
                return False
            self._fetch(entry)
            if self._is_overtime() or len(self._closed) > closed_before:
                break  # the rest of the batch may be left for the next run
            if self._bytes_in_flight > READ_AHEAD_BYTES:
                self._commit_ready(at_most_left=1)
            elif len(self._in_flight) > self._ahead_max:
                self._commit_ready(at_most_left=self._ahead_max // 2)
            elif self._in_flight and self._crawl.now() - self._last_commit >= COMMIT_PAUSE:
                self._commit_ready(at_most_left=self._ahead_max)
        if not entries:  # the next batch depends on pages still in extraction
            self._commit_ready(at_most_left=len(self._in_flight) // 2)
        return not self._crawl.stop.is_set()

    def _fetch(self, entry: FrontierUrl) -> None:
        now = self._crawl.now()
        if end := self._reason_to_skip(entry):
            self._add(entry, NotFetched(end=end), now)
            return
        self._releases_fetched += entry.kind == "release"
        kept = self._context.refusals.validators(entry)
        try:
            page = self._crawl.fetch(
                entry.request_url,
                session=self._context.session,
                etag=kept.etag,
                last_modified=kept.last_modified,
                head_bytes=self._head_bytes.get(entry.kind),
            )
        except FetchError as error:
            log.info("%s", error)
            self._handle_error(entry, error, now)
            return
        self._used.update(map(_root, page.chain))
        if updated := self._update_robots_tag(entry, page):
            page = updated
        elif page.status == 304 or (kept.url == page.url and kept.digest == digest_of_page(page)):
            self._add(entry, Unmodified(page=page, was_refused=kept.refused_by is not None), now)
            return
        extraction = self._crawl.readers.submit(self._context.job(entry, page))
        self._add(entry, _Extracting(page=page, extraction=extraction), now)

    def _update_robots_tag(self, entry: FrontierUrl, page: Page) -> Page | None:
        """Return the stored page of a release with the X-Robots-Tag of a 304; None if that says nothing new.

        Source: RFC 9111, 4.3.4: the headers of a 304 replace those of the stored response.
        """
        tag = page.headers.get(ROBOTS_TAG)
        if page.status != 304 or tag is None or entry.kind != "release":
            return None
        stored = self._context.pages.get(entry.url)
        if stored is None or stored.headers.get(ROBOTS_TAG) == tag:
            return None
        headers = {**stored.headers, ROBOTS_TAG: tag}
        return replace(page, status=stored.status, body=stored.body, headers=headers)

    def _add(self, entry: FrontierUrl, result: FetchResult | _Extracting, at: datetime) -> None:
        item = _InFlight(entry=entry, at=at, result=result)
        self._in_flight.append(item)
        self._bytes_in_flight += item.size

    def _reason_to_skip(self, entry: FrontierUrl) -> FetchOutcome | None:
        """Return how *entry* ends if it is left for the next run without a request."""
        if self._closed and (error := self._closed.get(_root(entry.request_url))) is not None:
            return FetchOutcome(outcome="skipped", reason=error.reason, is_answer=False, keeps_place=True)
        if reason := self._traps.skip_reason(entry):
            # A page that was fetched before still takes its turn after a week.
            keeps_place = reason == TOO_MANY_MISSES and entry.changed > 0
            return FetchOutcome(outcome="skipped", reason=reason, is_answer=False, keeps_place=keeps_place)
        return None

    def _handle_error(self, entry: FrontierUrl, error: FetchError, now: datetime) -> None:
        """Record a failure, which moves the URL back: next time others come before it.

        If its own origin is closed, nothing was learnt about the URL, and it keeps its place.
        """
        if error.reason in CLOSED:
            if _root(error.url) == _root(entry.request_url):
                self._close(entry, error)
                return
            self._missed.setdefault(_root(error.url), error)
        self._add(entry, FetchFailed(error=error), now)
        self._commit_ready(at_most_left=0)  # trap detection for the next URL depends on it

    def _close(self, entry: FrontierUrl, error: FetchError) -> None:
        """Fetch no more from the origin of *entry* in this run."""
        self._commit_ready(at_most_left=0)
        if self._crawl.stop.is_set():
            return
        root = _root(entry.request_url)
        self._closed[root] = error
        if self._frontier.skip_below(self._site.id, self._crawl.run, root=f"{root}/", reason=error.reason):
            self._missed[root] = error

    def _commit_ready(self, *, at_most_left: int) -> None:
        """Commit what is extracted, in the order fetched; once stopping, leave the rest to the next run."""
        ready: list[tuple[FrontierUrl, FetchResult]] = []
        while self._in_flight and (self._in_flight[0].is_ready or len(self._in_flight) > at_most_left):
            if self._crawl.stop.is_set() and not self._in_flight[0].is_ready:
                break
            item = self._in_flight.popleft()
            self._bytes_in_flight -= item.size
            ready.append((item.entry, item.wait()))
        if ready:
            self._commit(ready)

    def _commit(self, ready: Sequence[tuple[FrontierUrl, FetchResult]]) -> None:
        """Commit fetch results in one transaction, then report them."""
        self._last_commit = now = self._crawl.now()
        with self._store.transaction():
            records = [_record(entry, result, self._write(entry, result, now)) for entry, result in ready]
        for record in records:
            self._traps.count(record.entry, record.end)
        self._crawl.on_commit(records)

    def _write(self, entry: FrontierUrl, result: FetchResult, now: datetime) -> FetchOutcome:
        """Make the change that *result* leads to; if that fails, only its page fails."""
        try:
            with self._store.savepoint():
                end = self._writer.write(entry, self._planner.plan(entry, result, now), now)
                end = self._with_remark(entry, result, end)
                self._record_fetch(entry, end, now)
                return end
        except (ChangeError, *UNFORESEEN) as error:
            log.warning("%s: %s: %r; please report it", entry.request_url, CANNOT_BE_STORED, error)
        end = FetchOutcome(outcome="failed", reason=CANNOT_BE_STORED, is_answer=False)
        self._record_fetch(entry, end, now)
        return end

    def _record_fetch(self, entry: FrontierUrl, end: FetchOutcome, now: datetime) -> None:
        if entry.kind == "release" and end.outcome not in FOUND:
            self._store.keep_sighting(entry.url)
        self._frontier.record(entry, self._crawl.run, now, end)

    def _with_remark(self, entry: FrontierUrl, result: FetchResult, end: FetchOutcome) -> FetchOutcome:
        """Return *end* with the remark of the page's extraction; an unchanged page keeps its last one."""
        if end.outcome not in ("read", "failed") or end.reason not in ("", EMPTY, "no release"):
            return end
        remark = ""
        if isinstance(result, Extracted):
            remark = result.extraction.remark
        elif isinstance(result, Unmodified) and entry.kind != "attachment":
            remark = self._frontier.last_remark(entry.url)
        return replace(end, reason=remark) if remark else end

    def _is_overtime(self) -> bool:
        return self._crawl.now() - self._began > timedelta(hours=self._crawl.config.limits.site_h)

    def _is_limit_reached(self, entry: FrontierUrl) -> bool:
        limit = self._crawl.options.limit
        return entry.kind == "release" and limit is not None and self._releases_fetched >= limit


def _record(entry: FrontierUrl, result: FetchResult, end: FetchOutcome) -> FetchRecord:
    return FetchRecord(
        entry=entry,
        end=end,
        page=result.page if isinstance(result, Unmodified | Extracted) else None,
        requests=0 if isinstance(result, NotFetched) else 1,
        is_304=isinstance(result, Unmodified) and result.page.status == 304,
    )


def _root(url: str) -> str:
    url_origin = origin(url)
    return url_origin.root if url_origin else url
