"""The responses of a sample site: pages, feeds, sitemap, robots.txt, files."""

import re
import tomllib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jinja2

from samples.content import ATTACHMENTS, HERE, Content, SampleLanguage, SampleRelease, paragraphs

HTML = "text/html; charset=utf-8"
FEED_ITEMS = 20
TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# Language by first path segment; the Joomla site has none for Latvian.
LANGUAGES: dict[str, SampleLanguage] = {"lv": "lv", "lat": "lv", "en": "en", "eng": "en", "ru": "ru"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request to a sample site."""

    content: Content
    origin: str
    path: str
    query: Mapping[str, str]
    target: str
    """Path and query as sent."""

    @property
    def language(self) -> SampleLanguage:
        """The language of the requested part of the site."""
        return LANGUAGES.get(self.path.split("/")[1], "lv")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleResponse:
    """A response of a sample site."""

    status: int = 200
    body: bytes = b""
    content_type: str = HTML
    modified: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """A validator that changes with the body."""
        return f'"{zlib.crc32(self.body):08x}-{len(self.body):x}"'


def respond(content: Content, origin: str, target: str) -> SampleResponse:
    """Return the response of the site with *content* at *origin* to a GET of *target*."""
    parts = urlsplit(target)
    # Joomla serves pages with and without its front controller in the path.
    path = re.sub(r"^/index\.php(?=/)", "", parts.path)
    request = Request(
        content=content,
        origin=origin,
        path=path,
        query=dict(parse_qsl(parts.query)),
        target=path + (f"?{parts.query}" if parts.query else ""),
    )
    return next(found for route in ROUTES if (found := route(request)) is not None)


def _robots(request: Request) -> SampleResponse | None:
    if request.path != "/robots.txt":
        return None
    site = request.content.site
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /search/"]
    if site.crawl_delay_s is not None:
        lines.append(f"Crawl-delay: {site.crawl_delay_s}")
    if site.sitemap:
        lines += ["", f"Sitemap: {request.origin}/sitemap.xml"]
    return SampleResponse(body="\n".join([*lines, ""]).encode(), content_type="text/plain; charset=utf-8")


def _sitemap(request: Request) -> SampleResponse | None:
    if request.path != "/sitemap.xml" or not request.content.site.sitemap:
        return None
    body = _render("sitemap.xml", request, releases=request.content.releases.values())
    return SampleResponse(body=body, content_type="application/xml", modified=request.content.modified)


def _feed(request: Request) -> SampleResponse | None:
    site, markup = request.content.site, request.content.markup
    if site.feed == "none" or request.path not in markup.feeds.values():
        return None
    if site.feed == "empty":
        return SampleResponse(body=b"<!DOCTYPE html><title>RSS</title><p>No RSS feeds avalible right now</p>")
    releases = request.content.in_language(request.language)[:FEED_ITEMS]
    body = _render("feed.xml", request, releases=releases)
    return SampleResponse(
        body=body, content_type="application/rss+xml; charset=utf-8", modified=request.content.modified
    )


def _attachment(request: Request) -> SampleResponse | None:
    if (attachment := request.content.attachments.get(request.path)) is None:
        return None
    file = ATTACHMENTS / attachment.file
    return SampleResponse(
        body=file.read_bytes(),
        content_type=TYPES[file.suffix],
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


def _list(request: Request) -> SampleResponse | None:
    if request.path not in request.content.markup.lists.values() or "doc" in request.query:
        return None
    number = int(request.query.get("page", "0")) if request.query.get("page", "0").isdecimal() else 0
    releases = request.content.in_language(request.language)
    size = request.content.site.page_size
    body = _render_page(
        "list.html",
        request,
        releases=releases[number * size : (number + 1) * size],
        number=number,
        count=-(-len(releases) // size),
    )
    return SampleResponse(body=body, modified=request.content.modified)


def _release(request: Request) -> SampleResponse | None:
    by_path = request.content.by_path
    # Tracking parameters make no difference.
    if (release := by_path.get(request.target) or by_path.get(request.path)) is None:
        return None
    translations = request.content.translations(release)
    body = _render_page(
        "release.html",
        request,
        language=release.language,
        release=release,
        translations=translations,
        there={other.language: other.path for other in translations},
        related=request.content.related(release),
    )
    return SampleResponse(body=body, modified=request.content.modified_at(release))


def _redirect(request: Request) -> SampleResponse | None:
    if (path := request.content.moved.get(request.target)) is None:
        return None
    return SampleResponse(status=301, headers={"Location": request.origin + path})


def _home(request: Request) -> SampleResponse | None:
    if request.path != "/":
        return None
    return SampleResponse(
        status=302, headers={"Location": request.origin + request.content.markup.lists["lv"]}
    )


def _draft(request: Request) -> SampleResponse | None:
    """Return a draft in the area that robots.txt forbids; no crawler may ever read it."""
    if not request.path.startswith("/admin/"):
        return None
    draft = next(iter(request.content.releases.values())).model_copy(update={"title": "Slepens melnraksts"})
    return SampleResponse(body=_render_page("release.html", request, release=draft))


def _plain_page(request: Request) -> SampleResponse | None:
    menu = dict(_labels()[request.language]["menu"])
    if (title := menu.get(request.path)) is None:
        return None
    return SampleResponse(body=_render_page("plain.html", request, title=title))


def _not_found(request: Request) -> SampleResponse:
    site = request.content.site
    status = 404 if site.missing == "hard" else 200
    if request.target in request.content.gone:
        status = site.gone
    return SampleResponse(status=status, body=_render_page("missing.html", request))


ROUTES: tuple[Callable[[Request], SampleResponse | None], ...] = (
    _robots,
    _sitemap,
    _feed,
    _attachment,
    _release,
    _list,
    _redirect,
    _home,
    _draft,
    _plain_page,
    _not_found,
)


def _render_page(template: str, request: Request, **values: object) -> bytes:
    defaults: dict[str, object] = {
        "language": request.language,
        "there": {},
        "translations": [],
        "related": [],
    }
    values = defaults | values
    return _render(
        f"{request.content.site.markup}/{template}",
        request,
        label=_labels()[str(values["language"])],
        **values,
    )


def _render(template: str, request: Request, **values: object) -> bytes:
    content = request.content
    page = _templates().get_template(template)
    return page.render(
        content=content,
        site=content.site,
        markup=content.markup,
        origin=request.origin,
        request=request,
        **values,
    ).encode()


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "markup"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"paragraphs": paragraphs, "rfc822": format_datetime, "teaser": teaser}
    return environment


@cache
def _labels() -> dict[str, Any]:
    return tomllib.loads((HERE / "markup" / "labels.toml").read_text(encoding="utf-8"))


def teaser(release: SampleRelease) -> str:
    """Return the teaser of *release* on list pages and in feeds."""
    return release.lead or paragraphs(release.body)[0][0]
