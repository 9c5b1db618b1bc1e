"""Discovers releases and further pages on list pages; pure."""

import gc
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

from bs4 import Tag
from bs4.element import NavigableString

from crawler.config import Site, Template, finds
from crawler.config.site_hosts import is_on_site
from crawler.config.site_paths import denies
from crawler.extraction.discovery.list_shape import remark_on_list
from crawler.extraction.fields.dates import parse_timestamp, publication_date_in
from crawler.extraction.fields.language import declared_language
from crawler.extraction.html.class_names import semantic_names_of
from crawler.extraction.html.parse import (
    BLOCKS,
    Within,
    base_url_of,
    blocks,
    elements_in,
    parse_html,
    resolve_link,
    slices_of,
    text_of,
    tidy,
)
from crawler.extraction.html.selectors import Elements, may_match
from crawler.extraction.html.tree import nodes_in
from crawler.extraction.job import DiscoveredUrl
from crawler.extraction.robots_meta import refuses_links
from crawler.urls import canonical

# Only spider traps have more.
LINKS_MAX = 2_000
# Shorter link texts are "Read more", a number, a category.
TITLE_CHARS_MIN = 15
# Title, date and a few lines of summary.
ROW_CHARS_MAX = 1_000
# Elements and strings of a row; real rows have 60.
ROW_NODES_MAX = 500
# A list page with this many rows may have a next page even without a link to it.
FULL_LIST_ROWS = 10

# A date as rows have it, or the link to a further page.
_DATE_OR_PAGE = re.compile(
    r"datetime=|\b\d{1,2}[./]\s*\d{1,2}[./]\s*(?:19|20)\d\d|\b(?:19|20)\d\d(?:-\d\d-|\.\s*gad)"
    r"|[\w.] (?:19|20)\d\d\b|rel=.?next|[?&;](?:page|start|limitstart|lapa|p|pg|offset)="
)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s>]+)")
_PAGE_KEYS = frozenset(("page", "start", "limitstart", "lapa", "p", "pg", "offset"))
_NO_ROWS = ("nav", "footer")
_NO_ROWS_NAMED = ("[class*=breadcrumb]", "[class*=menu]", "[class*=cookie]")
_NO_ROWS_NAME = re.compile("breadcrumb|menu|cookie")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLinks:
    """The links of a list page."""

    releases: tuple[DiscoveredUrl, ...] = ()
    next_pages: tuple[str, ...] = ()
    """Further list pages."""
    is_whole: bool = True
    """False: the page has more than is read."""
    remark: str = ""
    """What the page leaves out; see `list_shape`."""


def discover_on_list(text: str, url: str, site: Site, template: Template, *, robot: str = "") -> ListLinks:
    """Return the releases and the further list pages that the list page *text* at *url* links to."""
    slices = slices_of(text)
    markup, is_whole = next(slices)
    elements = parse_html(markup)
    if refuses_links(elements, robot):
        return ListLinks()
    links = _links_in(elements, url, site, template)
    remark = ""
    if is_whole:
        has_next_page = bool(links.next_pages)
        remark = remark_on_list(elements, url, len(links.releases), has_next_page=has_next_page)
    else:
        base = base_url_of(elements, url)
        del elements  # a tree takes 30 MB
        links = _with_further(links, slices, url, site, template, base=base)
    next_pages = links.next_pages
    if not next_pages and len(links.releases) >= FULL_LIST_ROWS:
        next_pages = (next_numbered_page(url),)
    return ListLinks(
        releases=_choose(links.releases, template),
        next_pages=next_pages,
        is_whole=links.is_whole and len(links.releases) <= LINKS_MAX,
        remark=remark,
    )


def _links_in(elements: Elements, url: str, site: Site, template: Template) -> ListLinks:
    return ListLinks(
        releases=releases_on(elements, url, site, template),
        next_pages=_find_next_pages(elements, url, template),
    )


def _with_further(
    links: ListLinks,
    slices: Iterable[tuple[str, bool]],
    url: str,
    site: Site,
    template: Template,
    *,
    base: str,
) -> ListLinks:
    """Return *links* with those in further *slices* of the page, until there are too many.

    Then only those with a release path are added, until there are too many of these, too.
    """
    releases = {release.url: release for release in links.releases}
    on_paths = 0
    next_pages = dict.fromkeys(links.next_pages)
    is_whole = False
    for markup, is_last in slices:
        is_whole = is_last
        is_crowd = len(releases) > LINKS_MAX
        if on_paths > LINKS_MAX:
            break
        if not (_has_release_paths if is_crowd else _may_hold_links)(markup, template):
            continue
        gc.collect()  # readers collect nothing while they read, and a tree is full of cycles
        further = _links_in(parse_html(f'<base href="{escape(base)}">{markup}'), url, site, template)
        for release in further.releases:
            # A row that a slice cuts has its date in the next one.
            known = releases.get(release.url)
            if known is None and is_crowd and not has_release_path(release.url, template):
                continue
            if known is None or (release.published and not known.published):
                on_paths += is_crowd
                releases[release.url] = release
        next_pages |= dict.fromkeys(further.next_pages)
    return ListLinks(releases=tuple(releases.values()), next_pages=tuple(next_pages), is_whole=is_whole)


def _may_hold_links(markup: str, template: Template) -> bool:
    """Whether a slice may have rows or pages, by a look at its text; parsing it takes half a second."""
    selectors = (*template.rows, *template.links, *template.next_page)
    return (
        _DATE_OR_PAGE.search(markup) is not None
        or any(may_match(selector, markup) for selector in selectors)
        or _has_release_paths(markup, template)
    )


def _has_release_paths(markup: str, template: Template) -> bool:
    """Whether a slice may link to a release path, by a look at its text."""
    return any(finds(template.paths, urlsplit(href).path) for href in _HREF.findall(markup))


def _choose(releases: Collection[DiscoveredUrl], template: Template) -> tuple[DiscoveredUrl, ...]:
    """Return *releases*; if there are too many, those with a release path come first."""
    is_crowd = len(releases) > LINKS_MAX
    chosen = sorted(releases, key=lambda release: is_crowd and not has_release_path(release.url, template))
    return tuple(chosen[:LINKS_MAX])


def releases_on(elements: Elements, url: str, site: Site, template: Template) -> tuple[DiscoveredUrl, ...]:
    """Return the releases that the page at *url* links to, row by row."""
    releases: dict[str, DiscoveredUrl] = {}
    base = base_url_of(elements, url)
    for link, row in rows_on(elements, url, site, template):
        if "nofollow" in str(link.get("rel", "")).lower():
            continue
        target = site_url(base, str(link.get("href", "")), site)
        if target and urlsplit(target)[1:4] != urlsplit(url)[1:4] and target not in releases:
            day = _row_day(link, row, url, template)
            releases[target] = DiscoveredUrl(
                url=target, title=text_of(link) or None, published=day, source="list"
            )
    return tuple(releases.values())


def rows_on(elements: Elements, url: str, site: Site, template: Template) -> Iterator[tuple[Tag, Tag]]:
    """Yield each link to a release with its row, by the first method that finds any."""
    links = elements.select(*template.links)
    rows = [row for selector in template.rows for row in elements.select(selector)]
    first = _first_links(rows, links)
    chosen = [(link, row) for row in rows if (link := first.get(id(row)) or _row_link(row))]
    if not chosen:
        chosen = [(link, _find_row(link)) for link in links]
    yield from chosen or _rows_by_shape(elements, url, site, template)


def _first_links(rows: Iterable[Tag], links: Iterable[Tag]) -> dict[int, Tag]:
    """Return the first of *links* in each of *rows*, by the id of the row."""
    ids = {id(row) for row in rows}
    first: dict[int, Tag] = {}
    for link in links:
        for around in link.parents if ids else ():
            if id(around) in ids:
                first.setdefault(id(around), link)
    return first


def _row_link(row: Tag) -> Tag | None:
    """Return the first link of *row* that reads like a title, else the first."""
    leading = [link for link in elements_in(row, ("a",)) if "href" in link.attrs]
    titled = (link for link in leading if len(text_of(link)) >= TITLE_CHARS_MIN)
    return next(titled, None) or next(iter(leading), None)


def _rows_by_shape(elements: Elements, url: str, site: Site, template: Template) -> Iterator[tuple[Tag, Tag]]:
    """Yield the links that are alone beside a date, or have a release path."""
    base = base_url_of(elements, url)
    is_outside = Within(_ids_outside(elements))
    for link in elements.select("a[href]"):
        if is_outside(link) or len(text_of(link)) < TITLE_CHARS_MIN:
            continue
        target = site_url(base, str(link["href"]), site)
        if not target or is_list(target, site):
            continue
        row = _find_row(link)
        if has_release_path(target, template) or _row_day(link, row, url, template):
            yield link, row


def _ids_outside(elements: Elements) -> set[int]:
    """Return the ids of menus, breadcrumbs and notices, except those around the page's heading."""
    around = {id(holder) for heading in elements.select("h1") for holder in heading.parents}
    named = (
        tag
        for tag in elements.select(*_NO_ROWS_NAMED)
        if id(tag) not in around and any(map(_NO_ROWS_NAME.search, semantic_names_of(tag)))
    )
    return set(map(id, (*elements.select(*_NO_ROWS), *named)))


def has_release_path(target: str, template: Template) -> bool:
    """Whether the canonical path and query of *target* match the `paths` of *template*."""
    parts = urlsplit(canonical(target))
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return finds(template.paths, path)


def _find_row(link: Tag) -> Tag:
    """Return the largest element around *link* that is a row of a list."""
    row = link
    for parent in islice(link.parents, 6):
        if parent.name in ("body", "html", "main") or not _is_row(parent):
            break
        row = parent
    return row


def _is_row(element: Tag) -> bool:
    """Whether *element* is no longer than a teaser and has the title of at most one page."""
    nodes = nodes_in(element, at_most=ROW_NODES_MAX + 1)
    chars = sum(len(str(node)) for node in nodes if type(node) is NavigableString)
    if len(nodes) > ROW_NODES_MAX or chars > ROW_CHARS_MAX:
        return False
    links = (node for node in nodes if isinstance(node, Tag) and node.name == "a" and "href" in node.attrs)
    titling = (a for a in islice(links, 8) if len(a.get_text(strip=True)) >= TITLE_CHARS_MIN)
    return len({str(a["href"]) for a in titling}) <= 1


def _row_day(link: Tag, row: Tag, url: str, template: Template) -> date | None:
    order = template.date_order.get(declared_language(url, None) or "lv", "DMY")
    chosen = [tag for selector in template.list_date for tag in row.select(selector)]
    for tag in (*chosen, *elements_in(row, ("time",))):
        day = parse_timestamp(str(tag.get("datetime") or ""), latest=date.max)
        if day:
            return day
    texts = [text_of(tag) for tag in chosen] + [
        line for block in blocks(row, [link]) for line in re.split(r"\n| \| ", block.text)
    ]
    texts += [] if texts else _adjacent_texts(link)
    read = (publication_date_in(text, latest=date.max, order=order) for text in texts if len(text) <= 120)
    return next((reading.day for reading in read if reading), None)


def _adjacent_texts(link: Tag) -> list[str]:
    """Return the text on the line of *link*, then that of adjacent lines: old lists have no rows."""
    same, next_to = [], []
    for siblings, step in ((link.previous_siblings, -1), (link.next_siblings, 1)):
        lines: list[list[str]] = [[]]
        for node in siblings:
            if isinstance(node, Tag) and node.name == "br":
                lines.append([])
            elif isinstance(node, Tag) and node.name in ("a", *BLOCKS):
                break
            else:
                lines[-1].append(node.get_text(" "))
        texts = [tidy("".join(line[::step])) for line in lines[:2]]
        same += texts[:1]
        next_to += texts[1:]
    return same + next_to


def _find_next_pages(elements: Elements, url: str, template: Template) -> tuple[str, ...]:
    """Return the URLs of further list pages: the same list with another page number."""
    chosen = [
        str(link["href"])
        for selector in template.next_page
        for link in elements.select(selector)
        if link.get("href")
    ]
    guessed = [str(link["href"]) for link in elements.select("a[href], link[rel~=next][href]")]
    base = base_url_of(elements, url)
    own = [target for href in chosen if (target := resolve_link(base, href)) and _is_part(target, url)]
    own += [target for href in guessed if (target := resolve_link(base, href)) and _is_page_of(target, url)]
    return tuple(dict.fromkeys(target for target in own if target != url))


def is_list(url: str, site: Site) -> bool:
    """Whether *url* is one of the site's list pages, at any page number."""
    return any(
        urlsplit(url)[1:3] == start[1:3] and _rest(urlsplit(url).query) == _rest(start.query)
        for start in map(urlsplit, map(str, site.start))
    )


def _is_part(target: str, url: str) -> bool:
    page, whole = urlsplit(target), urlsplit(url)
    return page.netloc == whole.netloc and (page.path.startswith(whole.path) or _is_page_of(target, url))


def _is_page_of(target: str, url: str) -> bool:
    page, whole = urlsplit(target), urlsplit(url)
    return (
        page[:3] == whole[:3] and _rest(page.query) == _rest(whole.query) and _number(page.query) is not None
    )


def _rest(query: str) -> list[tuple[str, str]]:
    return sorted(pair for pair in parse_qsl(query) if pair[0] not in _PAGE_KEYS)


def _number(query: str) -> int | None:
    numbers = [value for key, value in parse_qsl(query) if key in _PAGE_KEYS]
    return int(numbers[0]) if len(numbers) == 1 and re.fullmatch(r"\d{1,5}", numbers[0]) else None


def next_numbered_page(url: str) -> str:
    """Return the URL of the list page after *url*, counting pages from 0."""
    parts = urlsplit(url)
    query = [*_rest(parts.query), ("page", str((_number(parts.query) or 0) + 1))]
    return parts._replace(query=urlencode(query), fragment="").geturl()


def site_url(base: str, href: str, site: Site) -> str | None:
    """Return the absolute URL of *href* if it may be a release of *site*."""
    target = resolve_link(base, href)
    if target is None or not is_on_site(target, site, linked_from=base):
        return None
    is_allowed = not site.allow or finds(site.allow, urlsplit(target).path)
    return target if is_allowed and not denies(site, target) else None
