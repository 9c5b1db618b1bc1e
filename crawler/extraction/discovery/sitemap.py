"""Discovers pages in sitemaps, XML or plain lists."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, islice

from lxml import etree

from crawler.content_encoding import CHUNK_BYTES, EncodingError, decode_body
from crawler.extraction.html.parse import (
    resolve_link,
)
from crawler.extraction.job import DiscoveredUrl
from crawler.urls import ADDRESS_CHARS_MAX
from preses_relizes.shared.calendar import RIGA

# Limits of the sitemap protocol.
SITEMAP_URLS_MAX = 50_000
SITEMAP_BYTES_MAX = 50_000_000

# A sitemap may be a plain list of URLs; each line starts like this.
_PLAIN_SITEMAP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(https?://\S+)")


def discover_in_sitemap(body: bytes, url: str) -> tuple[tuple[DiscoveredUrl, ...], tuple[str, ...], bool]:
    """Return the pages and further sitemaps in the sitemap *body*, and whether it was read whole."""
    pages: list[DiscoveredUrl] = []
    nested: list[str] = []
    try:
        for kind, values in islice(_sitemap_entries(body), SITEMAP_URLS_MAX):
            target = resolve_link(url, values.get("loc", ""))
            if target and kind == "sitemap":
                nested.append(target)
            elif target:
                lastmod = _parse_moment(values.get("lastmod", ""))
                pages.append(
                    DiscoveredUrl(url=target, title=None, published=None, source="sitemap", lastmod=lastmod)
                )
    except (etree.XMLSyntaxError, EncodingError):
        return tuple(pages), tuple(nested), False
    return tuple(pages), tuple(nested), True


def _sitemap_entries(body: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield kind and values of each entry of a sitemap; frees each entry after it is read."""
    pieces = _decompress(body)
    first = next(pieces, b"")
    if _PLAIN_SITEMAP.match(first):
        for line in _lines(chain((first,), pieces)):
            match = _PLAIN_SITEMAP.match(line)
            yield "url", {"loc": match[1].decode("utf-8", "replace") if match else ""}
        return
    parser = etree.XMLPullParser(
        ("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for piece in chain((first,), pieces):
        parser.feed(piece)
        for _, element in parser.read_events():
            kind = _local_name(element)
            if kind in ("url", "sitemap"):
                yield kind, _children(element)
            if kind not in ("loc", "lastmod"):
                element.clear()
                _remove_before(element)
    parser.close()


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of a text in pieces; a line longer than any URL loses its beginning."""
    rest = b""
    for piece in pieces:
        *lines, rest = (rest[-ADDRESS_CHARS_MAX:] + piece).split(b"\n")
        yield from lines
    yield rest


def _children(element: etree._Element) -> dict[str, str]:
    return {_local_name(child): (child.text or "").strip() for child in element}


def _local_name(element: etree._Element) -> str:
    """Return the name of *element* without its namespace; "" for comments and the like.

    A prefix that is not declared, which `QName` refuses, stays part of the name.
    """
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _remove_before(element: etree._Element) -> None:
    """Remove the elements before *element* from the tree, up to one with text."""
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None and not before.text:
        parent.remove(before)


def _decompress(body: bytes) -> Iterator[bytes]:
    """Yield a sitemap piece by piece, decompressed if it is a gzip file."""
    pieces = (body[at : at + CHUNK_BYTES] for at in range(0, len(body), CHUNK_BYTES))
    is_packed = body.startswith(b"\x1f\x8b")
    return decode_body(pieces, "gzip" if is_packed else "", at_most=SITEMAP_BYTES_MAX)


def _parse_moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=RIGA)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
