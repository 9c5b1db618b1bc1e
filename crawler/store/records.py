"""The records of the store: releases, their attachments and revisions."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from pydantic import TypeAdapter

from crawler.config import Language
from crawler.store.structure import differ_in_meaning

DateSource = Literal["time", "meta", "label", "text", "list", "feed", "body", "none"]
Confidence = Literal["high", "medium", "low", "none"]
State = Literal["present", "gone", "hidden"]
Outcome = Literal["new", "changed", "unchanged"]
Absence = Literal["missing", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that a release links to; ``text`` is empty if none was extracted."""

    url: str
    title: str
    text: str = ""
    kind: str = ""
    """Its type, such as PDF, as its address or the page says; empty if neither does."""
    size: int | None = None
    """In bytes, as the page says; None if it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One cleaned publication of an institution."""

    url: str
    """Canonical."""
    site: str
    ministry: str
    language: Language
    title: str
    lead: str
    """Empty if the page has none apart from the body."""
    body: str
    """Plain text; paragraphs are separated by an empty line."""
    structure: str | None = None
    """The structure of lead and body, as `dump_structure` writes it; None: it was not kept."""
    contact: str
    """The contact block, never indexed or shown; empty if there is none."""
    published: date | None
    published_source: DateSource
    published_confidence: Confidence
    updated: date | None = None
    """The date of the last update, if the page has one."""
    category: str | None = None
    attachments: tuple[Attachment, ...] = ()
    translations: tuple[str, ...] = ()
    """URLs of the release in other languages, as the page links them."""
    machine_translated: bool = False
    rules: tuple[tuple[str, str], ...] = ()
    """The rule that found each field: (field, rule), in field order."""
    address: str | None = None
    """The URL that answered: the canonical one is a key and may not work without its `www.` or slash."""

    @property
    def original(self) -> str:
        """The URL that opens the page."""
        return self.address or self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRelease:
    """A release as the store holds it."""

    id: str
    number: int
    """The number of its last change: unique, and higher than that of any earlier change."""
    state: State
    release: Release
    first_seen: datetime
    changed: datetime
    cluster: str
    """The id of the first release of its cluster of near-duplicates; its own id if it has none."""
    aliases: tuple[str, ...] = ()
    """Other URLs at which this release is found."""
    edited: bool = False
    """Whether it has revisions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An earlier text of a release, replaced at ``until`` (UTC)."""

    release: str
    """The id of the release that had it: another if that was merged into this one."""
    version: int
    """Its number among the versions of that release."""
    until: datetime
    title: str
    lead: str
    body: str
    published: date | None
    seen: datetime | None = None
    """When the site last had this text (UTC), None if unknown; the edit came between then and ``until``."""
    kept: bool = True
    """False: there are so many versions that its lead and body are dropped."""
    structure: str | None = None
    """Of lead and body, as `dump_structure` writes it; None: it was not kept."""


def release_id(site: str, url: str, *, digits: int = 10) -> str:
    """Return the id of a release first published by *site* at the canonical *url*.

    It fits into a path, and stays even if the release passes to another site.

    >>> release_id("iem", "https://www.iem.gov.lv/lv/jaunums/x")
    'iem-ec9999a178'
    """
    return f"{site}-{hashlib.sha256(url.encode()).hexdigest()[:digits]}"


def has_same_content(one: Release, other: Release) -> bool:
    """Whether two extractions of a release differ only in their rules and the URL that answered."""
    return replace(one, rules=(), address=None) == replace(other, rules=(), address=None)


_WORD = re.compile(r"\w+")
_RELEASE = TypeAdapter(Release)


def dump_release(release: Release) -> str:
    """Return *release* as JSON."""
    return _RELEASE.dump_json(release).decode()


def load_release(record: str) -> Release:
    """Return the release from the JSON of `dump_release`."""
    return _RELEASE.validate_json(record)


def text_of(release: Release) -> tuple[str, str, str, date | None]:
    """Return the fields of *release* that a revision keeps."""
    return release.title, release.lead, release.body, release.published


def is_edit(older: Release, newer: Release) -> bool:
    """Whether *newer*, read from another page of the release, says something else or links elsewhere."""
    return text_of(older) != text_of(newer) or differ_in_meaning(older.structure, newer.structure)


def text_digest(release: Release) -> str:
    """Return a digest of the words and the day of *release*, by which it is found at another URL.

    It ignores where the lead ends and how paragraphs are set: an old address may use another template.
    """
    return _digest(release.title, release.lead, release.body, release.published)


@lru_cache(1)  # a new release is looked up by its digest, then stored with it
def _digest(title: str, lead: str, body: str, published: date | None) -> str:
    # Most words have spaces around them; applying the pattern to all of the text takes twice as long.
    words: list[str] = []
    for piece in f"{title} {lead} {body}".lower().split():
        if piece.isalnum():
            words.append(piece)
        else:
            words += _WORD.findall(piece)
    return hashlib.sha256(" ".join([*words, str(published)]).encode()).hexdigest()


_FIELDS = (
    "url",
    "language",
    "title",
    "lead",
    "body",
    "contact",
    "published",
    "published_source",
    "published_confidence",
    "updated",
    "category",
    "attachments",
    "translations",
    "machine_translated",
)


def field_by_field(release: Release) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and rule of each field; the rule is empty if there is only one."""
    rules = dict(release.rules)
    for name in _FIELDS:
        yield name, _to_text(getattr(release, name)), rules.get(name, "")


def _to_text(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(str(getattr(part, "url", part)) for part in value)
    return "" if value is None else str(value)
