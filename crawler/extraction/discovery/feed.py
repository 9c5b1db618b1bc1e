"""Discovers releases in RSS and Atom feeds, read as a stream: the newest, however many there are."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from html import unescape

from lxml import etree

from crawler import charset
from crawler.config import Site
from crawler.content_encoding import CHUNK_BYTES
from crawler.extraction.discovery.list_page import site_url
from crawler.extraction.fields.dates import parse_timestamp, publication_date_in
from crawler.extraction.html.parse import tidy
from crawler.extraction.job import DiscoveredUrl
from crawler.urls import address

# The newest are kept; a feed of a whole archive has thousands.
FEED_ENTRIES_MAX = 10_000

_ROOTS = frozenset({"rss", "rdf", "feed"})
_ENTRIES = frozenset({"item", "entry"})
# The elements that date an entry, the best first; an update only orders the entries.
_PUBLISHED = ("pubdate", "published", "issued", "date", "created")
_UPDATED = ("updated", "modified", "lastbuilddate")
# Many feeds do not escape the ampersands of their links; the parser would drop the words after them.
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,30};)")
_REFERENCE_BYTES_MAX = 33
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An entry of a feed, as written there."""

    link: str
    title: str
    published: str
    updated: str
    place: int


def discover_in_feed(body: bytes, url: str, site: Site) -> tuple[tuple[DiscoveredUrl, ...], bool]:
    """Return the releases in the feed *body*, the newest first, and whether these are all.

    Returns none if it is not a feed.
    """
    dated = (((_day(entry.published or entry.updated) or date.min), entry) for entry in _entries(body, url))
    kept = nlargest(FEED_ENTRIES_MAX + 1, dated, key=lambda pair: (pair[0], -pair[1].place))
    found: dict[str, DiscoveredUrl] = {}
    for _, entry in kept[:FEED_ENTRIES_MAX]:
        if target := site_url(url, entry.link, site):
            title = tidy(unescape(entry.title)) or None
            day = _day(entry.published)
            found.setdefault(target, DiscoveredUrl(url=target, title=title, published=day, source="feed"))
    return tuple(found.values()), len(kept) <= FEED_ENTRIES_MAX


def _entries(body: bytes, url: str) -> Iterator[_Entry]:
    """Yield the entries of a feed as they end; the tree never holds more than one."""
    # Recovers from errors: feeds are made by templates that forget to escape.
    parser = etree.XMLPullParser(
        ("start", "end"),
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    root = outermost = None
    place = 0
    for piece in _utf8_pieces(body):
        parser.feed(piece)
        for event, element in parser.read_events():
            if root is None:
                root = element
                if _name(root) not in _ROOTS:
                    return
            if event == "start":
                outermost = element if outermost is None and _name(element) in _ENTRIES else outermost
            elif element is outermost or outermost is None:
                if element is outermost:
                    yield _entry(element, _base(root, url), place)
                    place += 1
                outermost = None
                _free(element)


def _utf8_pieces(body: bytes) -> Iterator[bytes]:
    """Yield *body* in pieces of UTF-8, from its first tag on, with every ampersand escaped."""
    if not _is_utf8(body):
        body = charset.decode(body, "").encode("utf-8", "replace")
    rest = b""
    for at in range(max(0, body.find(b"<")), len(body), CHUNK_BYTES):
        piece = rest + body[at : at + CHUNK_BYTES]
        cut = piece.rfind(b"&", -_REFERENCE_BYTES_MAX)  # it may be a reference that the next piece ends
        piece, rest = (piece, b"") if cut < 0 else (piece[:cut], piece[cut:])
        yield _BARE_AMPERSAND.sub(b"&amp;", piece)
    yield _BARE_AMPERSAND.sub(b"&amp;", rest)


def _is_utf8(body: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(body), CHUNK_BYTES):
            decoder.decode(body[at : at + CHUNK_BYTES])
    except UnicodeDecodeError:
        return False
    return True


def _entry(element: etree._Element, base: str, place: int) -> _Entry:
    values: dict[str, str] = {}
    for child in element:
        if name := _name(child):  # comments have no texts to walk
            values.setdefault(name, "".join(child.itertext()).strip())
    link = _link(element, values)
    return _Entry(
        link=(link and address(link, _base(element, base))) or "",
        title=values.get("title", ""),
        published=next((values[name] for name in _PUBLISHED if values.get(name)), ""),
        updated=next((values[name] for name in _UPDATED if values.get(name)), ""),
        place=place,
    )


def _link(element: etree._Element, values: dict[str, str]) -> str:
    """Return the address of an entry: its link, as RSS or Atom has it, or an id that is one."""
    links = [child for child in element if _name(child) == "link"]
    targets = [str(child.get("href", "")) for child in links if child.get("rel", "alternate") == "alternate"]
    texts = [(child.text or "").strip() for child in links]
    ids = [values[name] for name in ("guid", "id") if values.get(name, "").startswith(("http", "/"))]
    # In CDATA, an ampersand must not be escaped, and often is.
    return next(filter(None, (*texts, *targets, *ids)), "").replace("&amp;", "&")


def _base(element: etree._Element, url: str) -> str:
    return address(str(element.get(_BASE, "")), url) or url


def _name(element: etree._Element) -> str:
    """Return the name of an element without its namespace or prefix, in lower case; empty for comments."""
    # lxml names an element with a prefix that is not declared `dc:date`, which `QName` refuses.
    return re.split("[}:]", element.tag)[-1].lower() if isinstance(element.tag, str) else ""


def _free(element: etree._Element) -> None:
    """Remove what was read of the tree up to *element*."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _day(value: str) -> date | None:
    if not value:
        return None
    reading = None
    if (day := parse_timestamp(value, latest=date.max)) is None:
        reading = publication_date_in(value, latest=date.max)
    return reading.day if reading else day
