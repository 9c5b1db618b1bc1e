"""The reasons in a report for the outcomes of fetches."""

from typing import Final

from crawler.extraction.job import FailureReason

COPY = "copy"
EMPTY_LIST = "no longer leads to releases"
IN_PART = "too large, read in part"
OVERTIME = "more than limits.site_h allows, left for the next crawl"
TOO_MANY_LISTS = "leads further than list_pages_max"
TOO_MANY_NEW = "more new than guards.new_at_once, left for the next crawl"

BROKEN: FailureReason = "not well-formed"
NO_RELEASE: FailureReason = "no release"
FAULT: FailureReason = "fault of the extractor"
UNREAD: Final = "release not read"
ERROR_PAGE: FailureReason = "error page"
NOINDEX: Final = "noindex"

# Reported although the page was read.
REMARKS = frozenset({IN_PART, BROKEN, TOO_MANY_LISTS, NOINDEX})

# The fetcher's reasons for which an origin is skipped for the rest of the run.
CLOSED = frozenset({"stopped", "circuit-open", "retry-after", "quiet-hours", "robots-unreachable"})
