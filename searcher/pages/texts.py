"""The pages that only explain: help and the accessibility statement."""

from flask import Response

from searcher.delivery.caching import tag_by_content
from searcher.pages.rendering import page


def help_page() -> Response:
    """Explain the query language by examples."""
    return tag_by_content(page("help.html"))


def accessibility() -> Response:
    """State how accessible the pages are, as Cabinet Regulation 445 asks of public bodies."""
    return tag_by_content(page("accessibility.html"))
