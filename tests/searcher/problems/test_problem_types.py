from http import HTTPStatus

import pytest

from searcher.problems import PROBLEM_TYPES, type_of_status

PUBLISHED = """
invalid-parameter invalid-cursor outdated-cursor not-in-collection unknown-address method-not-allowed
address-too-long request-too-large malformed-request unknown-host refused-request index-not-ready
store-unreadable too-slow exports-busy too-many-wait outdated-collection restarting internal-error
"""


def test_no_published_type_is_renamed_or_removed() -> None:
    assert {*PUBLISHED.split()} <= {*PROBLEM_TYPES}


@pytest.mark.parametrize("status", [status for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST])
def test_every_status_of_an_error_has_a_type(status: HTTPStatus) -> None:
    kind = type_of_status(status)
    general = "internal-error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "refused-request"
    assert status in kind.statuses or kind.slug == general
