"""The page of the institutions: which are covered, how many releases of each, and how fresh they are."""

from datetime import UTC, datetime

from flask import Response, g

from index.institutions import alphabetical
from searcher.delivery.caching import tag_by_content
from searcher.pages.rendering import page
from searcher.service import current_service


def institutions() -> Response:
    """List all institutions with their releases, dates, and the last crawl."""
    service = current_service()
    covered = service.institutions.all(datetime.now(UTC))
    listed = sorted(covered, key=lambda one: alphabetical(g.interface.institution(one.name)))
    figures = service.edits.figures(service.changes.hidden())
    return tag_by_content(page("institutions.html", institutions=listed, corrections=figures))
