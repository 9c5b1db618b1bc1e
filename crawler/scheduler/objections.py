"""Objections to a crawl of a site, from the outcomes of its fetches."""

from collections.abc import Collection, Iterator, Sequence

from crawler.config import CrawlerConfig
from crawler.downloader import HOST_FAULTS, FetchError
from crawler.scheduler.changes.guards import is_mass
from crawler.scheduler.reasons import EMPTY_LIST, FAULT, UNREAD
from crawler.store.frontier_rows import OutcomeCount


def object_to_closed(errors: Collection[FetchError]) -> tuple[str, ...]:
    """Return the reasons why part of the site was not fetched."""
    reasons = dict.fromkeys(error.words for error in errors)
    return tuple(f"{reason}: the rest is left for the next run" for reason in reasons)


def object_to_outcomes(
    counts: Sequence[OutcomeCount], known: int, template: str, config: CrawlerConfig
) -> Iterator[str]:
    """Yield the objections to a site that was fetched to its end and has *known* releases."""
    yield from _object_to_starts([row for row in counts if row.kind != "release"])
    releases = [row for row in counts if row.kind == "release" and row.outcome != "skipped"]
    yield from _object_to_releases(releases, known, config)
    yield from _object_to_extractor(counts, template, config)


def _object_to_starts(starts: Sequence[OutcomeCount]) -> Iterator[str]:
    if all(row.outcome != "read" for row in starts):
        yield "no list page, feed or sitemap could be read"
    elif any(row.reason == EMPTY_LIST for row in starts):
        yield "a start page that led to releases is empty"


def _object_to_releases(releases: Sequence[OutcomeCount], known: int, config: CrawlerConfig) -> Iterator[str]:
    """Object if no release could be read: a list page may still answer, perhaps from a cache."""
    unread = sum(row.count for row in releases if row.reason == UNREAD)
    if is_mass(unread, known, config.guards.loss_share):
        yield f"{unread} of {known} releases cannot be read any more: a login or error page?"
        return
    fetched = sum(row.count for row in releases)
    if fetched >= config.limits.failures_in_a_row and all(map(_is_outage, releases)):
        yield f"none of the {fetched} releases fetched could be read"


def _is_outage(count: OutcomeCount) -> bool:
    return count.outcome == "failed" and count.reason in HOST_FAULTS


def _object_to_extractor(
    counts: Sequence[OutcomeCount], template: str, config: CrawlerConfig
) -> Iterator[str]:
    """Object if the extractor failed on many pages: then it or the template is broken."""
    read = [row for row in counts if row.outcome not in ("failed", "skipped") or row.reason == FAULT]
    faults, pages = sum(row.count for row in read if row.reason == FAULT), sum(row.count for row in read)
    if is_mass(faults, pages, config.guards.fault_share):
        yield f"the extractor failed on {faults} of {pages} pages: look at template {template!r}"
