"""Which readings of one crawl show the same page, as a login, a consent or an error page does?"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from crawler.extraction import DiscoveredUrl
from crawler.scheduler.identity.address_words import is_misnamed
from crawler.scheduler.identity.resemblance import fits, has_own_day, is_misdated, is_titled, words
from crawler.store import Release

# Releases may share a shorter text, such as "See the attachment".
CHARS_MIN = 80
# A shorter title may be a word of any text.
TITLE_CHARS_MIN = 20
# A release has few addresses; a text that is at more of them is that of none.
ALIASES_MAX = 4
# A reading is a shared page if more than this share of its text is at other addresses, too.
SHARE_MAX = 0.5
# What fills no more of what is shown is no page, but a line that edits added to several, as a photo credit.
LINE_MAX = 0.1

# An error page may show the address or the number of the request.
_TOKEN = re.compile(r"[/\d](?:(?<=/)|\d{3})")

# What is left of a title and a day that stand before a text.
_BEFORE_TEXT = "#. "


def shared_pages(readings: Iterable[tuple[str, Release, Release | None]]) -> frozenset[str]:
    """Return the owners of readings whose text is mostly that of another owner's.

    Each reading is its owner, what it shows, and the release stored there, whose own paragraphs do not
    count: two editions of one release may share them. The owner is that release, which may be read at several
    addresses, or else the address.
    """
    whole: dict[str, frozenset[str]] = defaultdict(frozenset)
    own: dict[str, frozenset[str]] = {}
    for owner, shown, stored in readings:
        whole[owner] |= _paragraphs(shown)
        own[owner] = _paragraphs(stored)
    fresh = {owner: paragraphs - own[owner] for owner, paragraphs in whole.items()}
    owners: dict[str, set[str]] = defaultdict(set)
    for owner, paragraphs in fresh.items():
        for paragraph in paragraphs:
            owners[paragraph].add(owner)
    return frozenset(
        owner
        for owner, paragraphs in fresh.items()
        if _is_shared(paragraphs, owners, max(SHARE_MAX * _size(paragraphs), LINE_MAX * _size(whole[owner])))
    )


def shared_titles(readings: Iterable[tuple[str, Release, Release | None]]) -> frozenset[str]:
    """Return the owners of readings that show the same new title as another owner's."""
    owners: dict[str, set[str]] = defaultdict(set)
    for owner, shown, stored in readings:
        if stored is not None and stored.title != shown.title:
            owners[shown.title].add(owner)
    return frozenset(owner for same in owners.values() if len(same) > 1 for owner in same)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A reading at an address where nothing was stored before."""

    url: str
    title: str
    text: str
    """A digest of its text without numbers; empty: it has little text."""
    is_listed: bool
    """Whether a list gives its title or day."""
    is_misnamed: bool
    """Whether nothing in it says what its address does."""
    is_misdated: bool = False
    """Whether all that a list says of it is a day that it does not have."""
    is_dated: bool = True
    """Whether it has a day of its own."""
    is_mentioned: bool = True
    """Whether a list or feed leads to it, and not only a sitemap."""
    asked: str = ""
    """The address that led to it."""
    is_titled: bool = False
    """Whether a list gives its title for that."""

    @classmethod
    def of(cls, url: str, release: Release, mention: DiscoveredUrl | None, *, asked: str = "") -> Self:
        """Return the reading of *release* at *url*, to which *asked* led, and what a list gives for it."""
        return cls(
            url,
            release.title,
            _digest(release),
            is_listed=bool(fits(mention, release)),
            is_misnamed=is_misnamed(release, url),
            is_misdated=is_misdated(mention, release),
            is_dated=has_own_day(release),
            is_mentioned=mention is not None,
            asked=asked or url,
            is_titled=mention is not None and is_titled(mention, release),
        )


def masked_newcomers(
    newcomers: Iterable[Newcomer], pending: Iterable[tuple[Release, bool]]
) -> frozenset[str]:
    """Return the addresses of *newcomers* that show one page under several titles, or under several names.

    A name whose title or day a list gives is that of its release. The page may also be among the *pending*
    readings of other addresses, unless it says there that it belongs to this one. Each of these comes with
    whether a list gives its address to another release: such a copy takes nothing from what a list names.
    """
    groups: dict[str, list[Newcomer]] = defaultdict(list)
    for newcomer in newcomers:
        if newcomer.text:
            groups[newcomer.text].append(newcomer)
    waiting: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for release, is_denied in pending:
        waiting[_digest(release), is_denied].add(release.url)
    return frozenset(
        newcomer.url
        for text, group in groups.items()
        for newcomer in group
        if waiting[text, False] - {newcomer.url}
        or (waiting[text, True] - {newcomer.url} and not newcomer.is_listed)
        or _have_several_titles(group)
        or (_have_several_names(group) and not newcomer.is_listed and not _is_alias(newcomer, group))
    )


def _have_several_titles(group: list[Newcomer]) -> bool:
    return len({frozenset(words(newcomer.title)) for newcomer in group}) > 1


def _have_several_names(group: list[Newcomer]) -> bool:
    return len({_name(newcomer.url) for newcomer in group}) > 1


def _is_alias(newcomer: Newcomer, group: list[Newcomer]) -> bool:
    """Whether it may be a further address of a listed release of *group*: a sitemap may name several."""
    others = [each for each in group if not each.is_listed]
    return len(others) <= ALIASES_MAX and len(others) < len(group) and not newcomer.is_mentioned


def _name(url: str) -> str:
    """Return what an address names: the last part of its path, or of `/news?id=5` the first number."""
    parts = urlsplit(url)
    name, number = parts.path.rstrip("/").rpartition("/")[2], re.search(r"\d+", parts.query)
    return number[0] if number and name.isalpha() else name


def _digest(release: Release) -> str:
    paragraphs = _paragraphs(release)
    if _size(paragraphs) < CHARS_MIN:
        return ""
    return hashlib.blake2b("\n".join(sorted(paragraphs)).encode(), digest_size=16).hexdigest()


def _is_shared(paragraphs: frozenset[str], owners: Mapping[str, set[str]], least: float) -> bool:
    shared = [paragraph for paragraph in paragraphs if len(owners[paragraph]) > 1]
    return bool(shared) and _size(frozenset(shared)) > least


def _paragraphs(release: Release | None) -> frozenset[str]:
    if release is None:
        return frozenset()
    text = f"{release.lead}\n\n{release.body}"
    if len(release.title) >= TITLE_CHARS_MIN:
        # A page that shows one text everywhere may name the release that was asked for.
        text = text.replace(release.title, "")
    parts = (" ".join(map(_mask, part.split())).lstrip(_BEFORE_TEXT) for part in text.split("\n\n"))
    return frozenset(part for part in parts if part)


def _mask(word: str) -> str:
    # Most words are letters only.
    return "#" if not word.isalpha() and _TOKEN.search(word) else word


def _size(paragraphs: frozenset[str]) -> int:
    return sum(map(len, paragraphs))
