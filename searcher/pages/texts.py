"""The pages that only explain: help and the accessibility statement."""

from datetime import date

from flask import Response, g

from index.query import FILTERS
from searcher.delivery.caching import tag_by_content
from searcher.pages.rendering import page

# When the pages were last assessed as a whole. Directive (EU) 2016/2102 asks for this date.
_PREPARED = date(2026, 12, 3)


def help_page() -> Response:
    """Explain the query language by examples, those of the filters last."""
    examples = tuple((one.help[0], g.interface.of(one.help[1])) for one in FILTERS if one.help)
    return tag_by_content(page("help.html", examples=examples))


def accessibility() -> Response:
    """State how accessible the pages are, as Cabinet Regulation 445 asks of public bodies."""
    return tag_by_content(page("accessibility.html", prepared=_PREPARED))
