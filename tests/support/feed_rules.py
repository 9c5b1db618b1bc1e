"""The rules of the W3C feed validator that can apply to our feeds, by the names of its messages.

Those for elements, attributes and dates (`UndefinedElement`, `MissingElement`, `DuplicateElement` and the
like) are the grammar in ``atom.rng``. Left out are the rules for what our feeds never have: RSS and other
formats, extensions, XHTML, images, enclosures, content by reference.

Source: https://github.com/w3c/feedvalidator, the messages and test cases for Atom
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
# What readers keep of the HTML that a feed contains.
SAFE = {"div", "p", "a", "br", "em", "strong", "ul", "ol", "li"}
RELATIONS = {"alternate", "first", "last", "next", "previous", "related", "self"}
URI = re.compile(r"https?://[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#\u00a0-\U000efffd]+")
UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MIME_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")
# What makes a reader take a text for HTML.
MARKUP = re.compile(r"</\w+>|&#?\w+;")


def broken_atom_rules(feed: bytes, location: str) -> list[str]:
    """Return the rules that the Atom *feed* at the address *location* breaks."""
    if not feed.startswith(b'<?xml version="1.0" encoding="utf-8"?>'):
        return ["MissingEncoding"]  # or WPBlankLine, or ObscureEncoding
    root = etree.fromstring(feed)
    grammar = [] if GRAMMAR.validate(root) else [f"InvalidElement: {GRAMMAR.error_log.last_error}"]
    entries = root.findall(f"{ATOM}entry")
    return [
        *grammar,
        *_feed_rules(root, entries, location),
        *(rule for entry in entries for rule in _entry_rules(entry)),
        *(rule for element in root.iter(f"{ATOM}*") for rule in _element_rules(element)),
    ]


def _feed_rules(root: Any, entries: list[Any], location: str) -> Iterator[str]:
    if _is_repeated([entry.findtext(f"{ATOM}id") for entry in (root, *entries)]):
        yield "DuplicateEntries"
    if _is_repeated([entry.findtext(f"{ATOM}updated") for entry in entries]):
        yield "DuplicateUpdated"
    itself = [link.get("href") for link in _links(root) if link.get("rel") == "self"]
    if not itself:
        yield "MissingSelf"
    elif itself != [location]:
        yield f"SelfDoesntMatchLocation: {itself}"
    if any(_moment(entry, "updated") > _moment(root, "updated") for entry in entries):
        yield "the feed is older than one of its entries"
    if any(element.tag != f"{ATOM}entry" for element in root[len(root) - len(entries) :]):
        yield "MisplacedMetadata"


def _entry_rules(entry: Any) -> Iterator[str]:
    if _moment(entry, "published") > _moment(entry, "updated"):
        yield "published after it was updated"
    relations = {link.get("rel") for link in _links(entry)}
    if "alternate" not in relations:
        yield "MissingContentOrAlternate"
    if relations - {"alternate", "related"}:
        yield "FeedHistoryRelInEntry"
    if entry.find(f"{ATOM}content") is None:
        yield "MissingTextualContent"


def _element_rules(element: Any) -> Iterator[str]:
    name = etree.QName(element).localname
    text = element.text or ""
    if any(0x7F <= ord(char) <= 0x9F or char == "\ufffd" for char in (*text, *"".join(element.values()))):
        yield f"BadCharacters: {name}"
    if name in _TEXTS and not text.strip():
        yield f"NotBlank: {name}"
    if any(not value.strip() for value in element.values()):
        yield f"AttrNotBlank: {name}"
    if name in ("feed", "entry"):
        yield from _group_rules(element)
    yield from _RULES.get(name, _no_rules)(element)


def _no_rules(_element: Any) -> Iterator[str]:
    return iter(())


def _group_rules(element: Any) -> Iterator[str]:
    if not re.fullmatch("lv|en|ru", element.get(LANG, "")):
        yield "InvalidLanguage"
    if _is_repeated([(link.get("rel"), link.get("type"), link.get("hreflang")) for link in _links(element)]):
        yield "DuplicateAtomLink"


def _id_rules(element: Any) -> Iterator[str]:
    if not UUID.fullmatch(element.text):  # in small letters: NonCanonicalURI
        yield f"InvalidUUID: {element.text}"


def _text_rules(element: Any) -> Iterator[str]:
    if element.get("type", "text") == "text" and MARKUP.search(element.text or ""):
        yield f"ContainsUndeclaredHTML: {element.text}"
    if element.get("type") == "html":
        yield from _html_rules(element.text or "")


def _name_rules(element: Any) -> Iterator[str]:
    text = element.text if element.tag == f"{ATOM}name" else element.get("label")
    if MARKUP.search(text):
        yield f"ContainsHTML: {text}"
    if EMAIL.search(text):
        yield f"ContainsEmail: {text}"


def _date_rules(element: Any) -> Iterator[str]:
    if element.text != element.text.strip():
        yield "UnexpectedWhitespace"
    moment = datetime.fromisoformat(element.text)
    if moment.tzinfo is None:
        yield f"InvalidRFC3339Date: {element.text}"
    elif not moment.year >= 1990 or moment > datetime.now(UTC) + timedelta(minutes=10):
        yield f"ImplausibleDate: {element.text}"


def _link_rules(link: Any) -> Iterator[str]:
    if link.get("rel") not in RELATIONS:
        yield f"UnregisteredAtomLinkRel: {link.get('rel')}"
    if not MIME_TYPE.fullmatch(link.get("type", "")):
        yield f"InvalidMIMEType: {link.get('type')}"
    if link.get("rel") == "self" and link.get("type") != "application/atom+xml":
        yield "SelfNotAtom"
    if urlsplit(link.get("href")).netloc == "":
        yield f"RelativeSelf: {link.get('href')}"
    elif not URI.fullmatch(link.get("href")):
        yield f"InvalidUriChar: {link.get('href')}"
    if link.text:
        yield "AtomLinkNotEmpty"


_TEXTS = ("content", "generator", "id", "name", "summary", "title", "updated")
_RULES = {
    "category": _name_rules,
    "content": _text_rules,
    "id": _id_rules,
    "link": _link_rules,
    "name": _name_rules,
    "published": _date_rules,
    "summary": _text_rules,
    "title": _text_rules,
    "updated": _date_rules,
}


def _html_rules(text: str) -> Iterator[str]:
    root = html.fragment_fromstring(text, create_parent="div")
    for element in root.iter():
        if element.tag not in SAFE or {*element.attrib} - {"href"}:
            yield f"SecurityRisk: {element.tag} {dict(element.attrib)}"
    for address in root.xpath("//@href"):
        if urlsplit(address).scheme not in ("http", "https"):
            yield f"ContainsRelRef: {address}"


def _links(element: Any) -> list[Any]:
    return list(element.findall(f"{ATOM}link"))


def _moment(element: Any, name: str) -> datetime:
    return datetime.fromisoformat(element.findtext(f"{ATOM}{name}"))


def _is_repeated(values: list[Any]) -> bool:
    return max(Counter(values).values(), default=1) > 1


# --- JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/ ------------------------------------------

_FEED_FIELDS = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str,
    "user_comment": str, "next_url": str, "icon": str, "favicon": str, "authors": list, "language": str,
    "expired": bool, "hubs": list, "items": list,
}  # fmt: skip
_ITEM_FIELDS = {
    "id": str, "url": str, "external_url": str, "title": str, "content_html": str, "content_text": str,
    "summary": str, "image": str, "banner_image": str, "date_published": str, "date_modified": str,
    "authors": list, "tags": list, "language": str, "attachments": list,
}  # fmt: skip
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def broken_json_rules(feed: Any) -> list[str]:
    """Return the rules that a JSON Feed breaks."""
    if not isinstance(feed.get("title"), str) or not isinstance(feed.get("items"), list):
        return ["title or items are missing"]
    return [
        *([] if feed.get("version") == "https://jsonfeed.org/version/1.1" else ["version"]),
        *_object_rules(feed, _FEED_FIELDS),
        *(rule for item in feed["items"] for rule in _item_rules(item)),
        *(["two items have the same id"] if _is_repeated([item.get("id") for item in feed["items"]]) else []),
    ]


def _object_rules(part: Any, fields: dict[str, type]) -> Iterator[str]:
    for name, value in part.items():
        if name.startswith("_"):
            if not isinstance(value, dict) or "." in name:
                yield f"an extension is no object: {name}"
        elif not isinstance(value, fields.get(name, ())):
            yield f"unknown or of the wrong type: {name}"
    for author in part.get("authors", ()):
        if not {*author} & {"name", "url", "avatar"} or {*author} - {"name", "url", "avatar"}:
            yield f"author: {author}"
    for name in ("home_page_url", "feed_url", "next_url", "url"):
        if not URI.fullmatch(part.get(name, "https://a")):
            yield f"no absolute address: {name}"
    if not re.fullmatch("lv|en|ru", part.get("language", "")):
        yield "language"


def _item_rules(item: Any) -> Iterator[str]:
    yield from _object_rules(item, _ITEM_FIELDS)
    if not item.get("id") or not {"content_html", "content_text"} & {*item}:
        yield "an item needs an id and a content"
    for name in ("date_published", "date_modified"):
        if not _RFC3339.fullmatch(item.get(name, "")):
            yield f"no date and time with a zone: {name}"
    yield from _html_rules(item.get("content_html", ""))
