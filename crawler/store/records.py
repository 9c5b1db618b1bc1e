"""What the crawler makes of a page, and what the store holds of it."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from pydantic import TypeAdapter

from crawler.config import Language

DateSource = Literal["time", "meta", "label", "text", "list", "feed", "body", "none"]
Confidence = Literal["high", "medium", "low", "none"]
State = Literal["present", "gone", "hidden"]
Outcome = Literal["new", "changed", "unchanged"]
Absence = Literal["missing", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that a release links to; ``text`` is empty where none was extracted."""

    url: str
    title: str
    text: str = ""


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
    """Empty where the page sets none apart from the body."""
    body: str
    """Plain text; paragraphs stand apart by an empty line."""
    contact: str
    """The contact block as written, never indexed or shown; empty where there is none."""
    published: date | None
    published_source: DateSource
    published_confidence: Confidence
    updated: date | None = None
    """What the page says of its last update."""
    category: str | None = None
    attachments: tuple[Attachment, ...] = ()
    translations: tuple[str, ...] = ()
    """URLs of the same release in other languages, as the page links them."""
    machine_translated: bool = False
    rules: tuple[tuple[str, str], ...] = ()
    """Which rule spoke for each field: (field, rule), in field order."""
    address: str | None = None
    """Where the page answered: the canonical URL is a key, and need not open without its `www.` or slash."""

    @property
    def original(self) -> str:
        """What opens the page."""
        return self.address or self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRelease:
    """A release as the store holds it."""

    id: str
    number: int
    """Grows with every change to any release; no two releases share one."""
    state: State
    release: Release
    first_seen: datetime
    changed: datetime
    cluster: str
    """The id of the first of the releases that say the same; its own id where it stands alone."""
    aliases: tuple[str, ...] = ()
    """Other URLs that answered with this release."""
    edited: bool = False
    """Whether earlier texts of it are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An earlier text of a release, replaced at ``until`` (UTC)."""

    until: datetime
    title: str
    lead: str
    body: str
    published: date | None


def release_id(site: str, url: str, *, digits: int = 10) -> str:
    """Return the id that a release gets which *site* is the first to publish at the canonical *url*.

    It is readable and fit for a path, and stays, though the release should pass to another site.

    >>> release_id("iem", "https://www.iem.gov.lv/lv/jaunums/x")
    'iem-ec9999a178'
    """
    return f"{site}-{hashlib.sha256(url.encode()).hexdigest()[:digits]}"


def says_the_same(one: Release, other: Release) -> bool:
    """Whether two readings of a release differ in nothing but the rules that read them, and where."""
    return replace(one, rules=(), address=None) == replace(other, rules=(), address=None)


_WORD = re.compile(r"\w+")
_RELEASE = TypeAdapter(Release)


def dumped(release: Release) -> str:
    """Return *release* as JSON."""
    return _RELEASE.dump_json(release).decode()


def loaded(record: str) -> Release:
    """Return the release that `dumped` wrote."""
    return _RELEASE.validate_json(record)


def text_of(release: Release) -> tuple[str, str, str, date | None]:
    """Return what a revision keeps of *release*."""
    return release.title, release.lead, release.body, release.published


def text_digest(release: Release) -> str:
    """Return what finds the same words of the same day at another URL.

    Where the lead ends and how paragraphs are set depends on the template, another one at an old address.
    """
    # Most words have spaces around them; to look for those in all of the text takes twice as long.
    words: list[str] = []
    for piece in f"{release.title} {release.lead} {release.body}".lower().split():
        if piece.isalnum():
            words.append(piece)
        else:
            words += _WORD.findall(piece)
    return hashlib.sha256(" ".join([*words, str(release.published)]).encode()).hexdigest()
