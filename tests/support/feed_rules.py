"""The rules of the W3C feed validator for Atom, by the names of its messages, and those of JSON Feed 1.1."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html

ATOM = "{http://www.w3.org/2005/Atom}"
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
# What readers keep of the HTML that a feed contains.
SAFE = {"div", "p", "a", "br", "em", "strong", "ul", "ol", "li"}


def broken_atom_rules(feed: bytes, location: str) -> list[str]:
    """Return the rules that the Atom *feed* at the address *location* breaks."""
    root = etree.fromstring(feed)
    grammar = [] if GRAMMAR.validate(root) else [f"InvalidElement: {GRAMMAR.error_log.last_error}"]
    entries = root.findall(f"{ATOM}entry")
    return [
        *grammar,
        *_feed_rules(root, entries, location),
        *(rule for entry in entries for rule in _entry_rules(entry)),
    ]


def _feed_rules(root: Any, entries: list[Any], location: str) -> Iterator[str]:
    ids = Counter(entry.findtext(f"{ATOM}id") for entry in entries)
    if max(ids.values(), default=1) > 1 or root.findtext(f"{ATOM}id") in ids:
        yield "DuplicateEntries"
    itself = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if not itself:
        yield "MissingSelf"
    elif itself != [location]:
        yield f"SelfDoesntMatchLocation: {itself}"
    if len({link.get("rel") for link in root.findall(f"{ATOM}link")}) != len(root.findall(f"{ATOM}link")):
        yield "DuplicateAtomLink"
    if any(_moment(entry, "updated") > _moment(root, "updated") for entry in entries):
        yield "the feed is older than one of its entries"
    for text in root.itertext():
        if any(0x7F <= ord(char) <= 0x9F for char in text):
            yield "BadCharacters"


def _entry_rules(entry: Any) -> Iterator[str]:
    for name in ("title", "summary"):
        element = entry.find(f"{ATOM}{name}")
        if element is not None and not (element.text or "").strip():
            yield f"NotBlank: {name}"
    published, updated = _moment(entry, "published"), _moment(entry, "updated")
    if published > updated:
        yield "published after it was updated"
    if updated > datetime.now(UTC):
        yield "FutureDate"
    if not published.year >= 1970:
        yield "ImplausibleDate"
    alternates = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    if len(alternates) != 1:
        yield "DuplicateAtomLink" if alternates else "MissingAlternate"
    for link in entry.findall(f"{ATOM}link"):
        if urlsplit(link.get("href")).scheme not in ("http", "https"):
            yield f"InvalidFullLink: {link.get('href')}"
    yield from _html_rules(entry.findtext(f"{ATOM}content") or "")


def _html_rules(text: str) -> Iterator[str]:
    root = html.fragment_fromstring(text, create_parent="div")
    for element in root.iter():
        if element.tag not in SAFE or {*element.attrib} - {"href"}:
            yield f"SecurityRisk: {element.tag} {dict(element.attrib)}"
    for address in root.xpath("//@href"):
        if urlsplit(address).scheme not in ("http", "https"):
            yield f"ContainsRelRef: {address}"


def _moment(element: Any, name: str) -> datetime:
    return datetime.fromisoformat(element.findtext(f"{ATOM}{name}"))


def broken_json_rules(feed: Any) -> list[str]:
    """Return the rules that a JSON Feed breaks.

    Source: https://www.jsonfeed.org/version/1.1/
    """
    broken = []
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        broken.append("version")
    if not isinstance(feed.get("title"), str) or not isinstance(feed.get("items"), list):
        return [*broken, "title or items are missing"]
    known = {"version", "title", "home_page_url", "feed_url", "next_url", "language", "authors", "items"}
    broken += [f"unknown: {name}" for name in feed if name not in known and not name.startswith("_")]
    addresses = [feed[name] for name in ("home_page_url", "feed_url", "next_url") if name in feed]
    for item in feed["items"]:
        if not isinstance(item.get("id"), str) or not ({"content_html", "content_text"} & {*item}):
            broken.append("an item needs an id and a content")
        addresses.append(item["url"])
        for name in ("date_published", "date_modified"):
            if datetime.fromisoformat(item[name]).tzinfo is None:
                broken.append(f"{name} has no time zone")
        broken += _html_rules(item["content_html"])
    if len({item["id"] for item in feed["items"]}) != len(feed["items"]):
        broken.append("two items have the same id")
    broken += [one for one in addresses if urlsplit(one).scheme not in ("http", "https")]
    return broken
