"""The reasons in a report for the outcomes of fetches."""

from typing import Final

from crawler.extraction.job import IN_A_FRAME, PDF, FailureReason

COPY = "copy"
DENIED = "denied"
EMPTY = "empty"
OTHER_RELEASE = "shows another release than the list names"
OTHER_VERSION = "shows another version than the address of the release"
SAME_PAGE = "another session of a known page"
EMPTY_LIST = "no longer leads to releases"
IN_PART = "too large, read in part"
OVERTIME = "more than limits.site_h allows, left for the next crawl"
TOO_MANY_LISTS = "leads further than list_pages_max"
TOO_MANY_MISSES = "more pages without a release than guards.misses_at_once, left for the next crawl"
TOO_MANY_NEW = "more new than guards.new_at_once, left for the next crawl"

BROKEN: FailureReason = "not well-formed"
NO_RELEASE: FailureReason = "no release"
FAULT: FailureReason = "fault of the extractor"
UNREAD: Final = "release not read"
ERROR_PAGE: FailureReason = "error page"
NOINDEX: Final = "noindex"

# Reported although the page was read.
REMARKS = frozenset({IN_PART, BROKEN, TOO_MANY_LISTS, NOINDEX, OTHER_RELEASE, OTHER_VERSION})

# The fetcher's reasons for which an origin is skipped for the rest of the run.
CLOSED = frozenset({"stopped", "circuit-open", "retry-after", "quiet-hours", "robots-unreachable"})


def is_remark(reason: str) -> bool:
    """Whether *reason* is what the extraction remarked on a page that it could not read as it is."""
    return reason in (PDF, IN_A_FRAME) or reason.startswith("the list ")


def is_reported(reason: str) -> bool:
    """Whether *reason* is reported even if the page was read."""
    return reason in REMARKS or is_remark(reason)
