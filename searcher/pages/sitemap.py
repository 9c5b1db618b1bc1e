"""Sitemaps: the pages of releases, for search engines to index."""

from http import HTTPStatus

from flask import Response, abort, render_template, url_for

from searcher.service import current_service

URLS_MAX = 50_000
"""URLs of one sitemap; the protocol allows no more."""


def robots() -> Response:
    """Let robots read everything but what takes minutes: `noindex` works only on what they may read."""
    # Exports of all releases, and the stream of changes. Pages link to exports with nofollow only.
    long = ("api.export_csv", "api.export_ndjson", "api.stream_changes")
    lines = ["User-agent: *", *(f"Disallow: {url_for(endpoint)}" for endpoint in long)]
    if base_url := current_service().settings.base_url:
        lines.append(f"Sitemap: {base_url}{url_for('views.sitemap_index')}")
    return _text("\n".join((*lines, "")), "text/plain")


def sitemap_index() -> Response:
    """List the sitemaps, one for each site."""
    sites = sorted({one.site for one in current_service().engine.coverage()})
    return _xml("sitemap_index.xml", sites=sites)


def sitemap(site: str) -> Response:
    """List the releases of a site, last changed first."""
    releases = current_service().archive.changes_of(site, at_most=URLS_MAX)
    if not releases:
        abort(HTTPStatus.NOT_FOUND)
    return _xml("sitemap.xml", releases=releases)


def _xml(template: str, **context: object) -> Response:
    base_url = current_service().settings.base_url
    if not base_url:  # the addresses in a sitemap are absolute
        abort(HTTPStatus.NOT_FOUND)
    return _text(render_template(template, base_url=base_url, **context), "application/xml")


def _text(text: str, kind: str) -> Response:
    return Response(text, content_type=f"{kind}; charset=utf-8")
