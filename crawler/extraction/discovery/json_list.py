"""Discovers releases in a list that is JSON, by the field paths of a template."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

from crawler.config import JsonList, Site
from crawler.extraction.discovery.list_page import (
    FULL_LIST_ROWS,
    LINKS_MAX,
    ListLinks,
    next_numbered_page,
    site_url,
)
from crawler.extraction.fields.dates import parse_timestamp, publication_date_in
from crawler.extraction.html.parse import resolve_link, tidy
from crawler.extraction.job import DiscoveredUrl

_FIELD = re.compile(r"\{([^{}]+)\}")
_TAG = re.compile(r"<[^<>]*>")


def discover_in_json(text: str, url: str, site: Site, paths: JsonList) -> ListLinks | None:
    """Return the links in the JSON *text* of the list at *url*; None if it is not JSON."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return None
    releases: dict[str, DiscoveredUrl] = {}
    for item in _items(whole, paths.items):
        if (target := site_url(url, _address(item, paths.url), site)) is not None:
            found = DiscoveredUrl(
                url=target, title=_title(item, paths.title), published=_day(item, paths), source="list"
            )
            releases.setdefault(target, found)
    if paths.next_page:
        following = resolve_link(url, _text(whole, paths.next_page))
    else:
        following = next_numbered_page(url) if len(releases) >= FULL_LIST_ROWS else None
    return ListLinks(
        releases=tuple(releases.values())[:LINKS_MAX],
        next_pages=(following,) if following and following != url else (),
        is_whole=len(releases) <= LINKS_MAX,
    )


def value_at(value: Any, path: str) -> Any:  # JSON
    """Return what is at *path* in *value*, names and numbers of places separated by dots; None: nothing.

    >>> value_at({"data": [{"title": "Jūrā"}]}, "data.0.title")
    'Jūrā'
    """
    for name in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and int(name[:9]) < len(value):
            value = value[int(name[:9])]
        else:
            return None
    return value


def _items(whole: Any, path: str) -> Iterator[Any]:
    items = value_at(whole, path)
    yield from items if isinstance(items, list) else items.values() if isinstance(items, dict) else ()


def _address(item: Any, pattern: str) -> str:
    """Return the address that *pattern* makes of *item*: a path to a field, or text with paths in braces."""
    if "{" not in pattern:
        return _text(item, pattern)
    values = [_text(item, path) for path in _FIELD.findall(pattern)]
    return _FIELD.sub(lambda field: _text(item, field[1]), pattern) if all(values) else ""


def _text(value: Any, path: str) -> str:
    found = value_at(value, path)
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def _title(item: Any, path: str) -> str | None:
    return (tidy(unescape(_TAG.sub("", _text(item, path)))) or None) if path else None


def _day(item: Any, paths: JsonList) -> date | None:
    text = _text(item, paths.published) if paths.published else ""
    if not text:
        return None
    reading = publication_date_in(text, latest=date.max)
    return parse_timestamp(text, latest=date.max) or (reading.day if reading else None)
