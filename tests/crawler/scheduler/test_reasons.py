"""Reasons are words of the report and of the log, which others read: they stay as they are."""

import pytest

from crawler.extraction.job import IN_A_FRAME, JSON, PDF
from crawler.scheduler import reasons


def test_reasons_are_in_these_words() -> None:
    assert {
        name: value for name, value in vars(reasons).items() if isinstance(value, str) and name.isupper()
    } == {
        "PDF": "a PDF: see `pdf` in the templates",
        "IN_A_FRAME": "no release, its text may be in a frame",
        "COPY": "copy",
        "DENIED": "denied",
        "EMPTY": "empty",
        "OTHER_RELEASE": "shows another release than the list names",
        "OTHER_VERSION": "shows another version than the address of the release",
        "SAME_PAGE": "another session of a known page",
        "EMPTY_LIST": "no longer leads to releases",
        "IN_PART": "too large, read in part",
        "OVERTIME": "more than limits.site_h allows, left for the next crawl",
        "TOO_MANY_LISTS": "leads further than list_pages_max",
        "TOO_MANY_MISSES": "more pages without a release than guards.misses_at_once, left for the next crawl",
        "TOO_MANY_NEW": "more new than guards.new_at_once, left for the next crawl",
        "BROKEN": "not well-formed",
        "NO_RELEASE": "no release",
        "FAULT": "fault of the extractor",
        "UNREAD": "release not read",
        "ERROR_PAGE": "error page",
        "NOINDEX": "noindex",
    }


def test_these_reasons_close_an_origin() -> None:
    assert sorted(reasons.CLOSED) == [
        "circuit-open",
        "quiet-hours",
        "retry-after",
        "robots-unreachable",
        "stopped",
    ]


@pytest.mark.parametrize(
    ("reason", "is_remark", "is_reported"),
    [
        (PDF, True, True),
        (IN_A_FRAME, True, True),
        (JSON, True, True),
        ("the list shows 4, older ones are behind a button", True, True),
        ("the listing", False, False),
        (reasons.IN_PART, False, True),
        (reasons.BROKEN, False, True),
        (reasons.TOO_MANY_LISTS, False, True),
        (reasons.NOINDEX, False, True),
        (reasons.EMPTY, False, False),
        (reasons.NO_RELEASE, False, False),
        ("", False, False),
    ],
)
def test_some_reasons_are_reported_of_pages_that_were_read(
    reason: str, *, is_remark: bool, is_reported: bool
) -> None:
    assert (reasons.is_remark(reason), reasons.is_reported(reason)) == (is_remark, is_reported)
