"""The OpenSearch description, by which browsers add the search to their own."""

from http import HTTPStatus

from flask import Response, abort, render_template

from searcher.delivery.caching import tag_by_content
from searcher.service import current_service

# Source: https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md#the-shortname-element
SHORT_NAME_CHARS = 16
MIME_TYPE = "application/opensearchdescription+xml"


def opensearch() -> Response:
    """Describe the search for browsers; its addresses are absolute, so it needs ``base_url``."""
    settings = current_service().settings
    if not settings.base_url:
        abort(HTTPStatus.NOT_FOUND)
    text = render_template("opensearch.xml", short_name=settings.service_name[:SHORT_NAME_CHARS].strip())
    return tag_by_content(Response(text, content_type=f"{MIME_TYPE}; charset=utf-8"))
