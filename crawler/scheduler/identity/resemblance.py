"""How much two texts share, and whether a title is that of a release."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import get_args

from crawler.extraction import DiscoveredUrl
from crawler.page import DiscoverySource
from crawler.store import Release

# About ten printed pages: enough to tell one text from another.
WORDS_MAX = 5_000
# In a shorter text, one word in a few is edited, and few pairs are left.
SHORT_WORDS = 40
# A list may show the first words of the text instead of the title, which follow a dateline at most.
DATELINE_WORDS = 10
# The share of the words of a title that another one must have, or the opening of a text.
# Titles of a series ("Events of 12 November") share less.
TITLE_SHARE, OPENING_SHARE = 0.8, 0.8
# A shorter title ("Lasīt vairāk") says nothing of one release.
TITLE_WORDS_MIN = 3
SHARED_WORDS_MIN = 2

# The days that lists give are those of the pages if so many releases have them.
RELEASES_MIN, RELEASES_SHARE = 5, 0.9
# A list and a page may give the days before and after midnight, or of writing and release.
DAYS_APART_MAX = 3

_MARKS = re.compile(r"[\u0300-\u036f]")
_WORD = re.compile(r"\w+")
# The dates that a page itself gives.
_OWN_DATES = frozenset({"time", "meta", "label", "text", "body"})
# The rules by which a page without a title is called as the list or feed calls it.
_LENT_TITLES = frozenset(get_args(DiscoverySource))


@dataclass(frozen=True, slots=True)
class Overlap:
    """The text that two releases share."""

    kept: float
    """The share of the first one's words, in pairs, that the second one has, from 0 to 1."""
    taken: float
    """The share of the second one's words, in pairs, that the first one has, as often as they occur."""

    @property
    def is_most(self) -> bool:
        """Whether it is more than half of both texts."""
        return min(self.kept, self.taken) > 0.5

    @property
    def is_all(self) -> bool:
        """Whether it is all of both texts but a word in a hundred."""
        return min(self.kept, self.taken) > 0.98


def overlap(one: Release, other: Release) -> Overlap:
    """Return how much of their texts two releases share; one that has the text twice is half new."""
    first, second = _counts(words(f"{one.lead} {one.body}"), words(f"{other.lead} {other.body}"))
    shared = (first & second).total()
    kept = len(first.keys() & second.keys()) / max(1, len(first))
    return Overlap(kept, shared / max(1, second.total()))


def _counts(one: list[str], other: list[str]) -> tuple[Counter[object], Counter[object]]:
    """Count pairs of neighbours, which unrelated texts hardly share; in a short text the longer words."""
    if min(len(one), len(other)) < SHORT_WORDS:
        return Counter(word for word in one if _is_long(word)), Counter(
            word for word in other if _is_long(word)
        )
    return Counter(pairwise(one)), Counter(pairwise(other))


def _is_long(word: str) -> bool:
    """Whether a word says what a text is about; all texts share "un", "par" and "kas"."""
    return len(word) > 3 or word.isdigit()


def words(text: str) -> list[str]:
    """Return the first words of *text* in lower case without diacritics."""
    bare = text if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFD", text))
    return [match[0] for match in islice(_WORD.finditer(bare.lower()), WORDS_MAX)]


def share_of_title(one: Release, other: Release) -> float:
    """Return the share of the words of two titles that both have, from 0 to 1."""
    first, second = set(words(one.title)), set(words(other.title))
    return len(first & second) / max(1, len(first | second))


def has_own_day(release: Release) -> bool:
    """Whether the page itself gives the day of *release*."""
    return release.published is not None and release.published_source in _OWN_DATES


def have_same_day(stored: Release, reading: Release) -> bool:
    """Whether the page itself gives the day of the stored release."""
    return stored.published == reading.published and has_own_day(reading)


def fits(mention: DiscoveredUrl | None, release: Release) -> bool | None:
    """Whether *release* has the title, or else the day, that a list or feed gives for it.

    None: the list gives nothing that tells one release from another.
    """
    if mention is None:
        return None
    is_of_day = mention.published == release.published and has_own_day(release)
    if not has_title(mention) or has_lent_title(release):
        return False if _is_of_other_day(mention, release) else is_of_day or None
    if is_titled(mention, release):
        return True
    if _is_of_other_day(mention, release):
        return False
    listed = _whole_words(mention.title or "")
    opening = words(f"{release.lead} {release.body}"[:1_000])[: len(listed) + DATELINE_WORDS]
    pairs = set(pairwise(listed))
    is_opening = len(pairs & set(pairwise(opening))) >= OPENING_SHARE * len(pairs)
    return is_opening and _begins_any(_cut_word(mention.title or ""), opening)


def has_other_day(mention: DiscoveredUrl, release: Release) -> bool:
    """Whether a page gives another day than the list, be it the next one."""
    return mention.published not in (None, release.published) and has_own_day(release)


def is_misdated(mention: DiscoveredUrl | None, release: Release) -> bool:
    """Whether a page gives another day than the list, or none, and the list says nothing else of it."""
    return mention is not None and mention.published is not None and fits(mention, release) is None


def days_tell(releases: Iterable[tuple[str, str, str]]) -> bool:
    """Whether a site's lists give the days of its releases: their URLs, listed and own days are given."""
    exact = [listed == own for _, listed, own in releases]
    return len(exact) >= RELEASES_MIN and sum(exact) >= RELEASES_SHARE * len(exact)


def is_titled(mention: DiscoveredUrl, release: Release) -> bool:
    """Whether *release* itself has the title, or most of it, that a list or feed gives."""
    if not has_title(mention) or has_lent_title(release):
        return False
    title, own = set(_whole_words(mention.title or "")), set(_words_of_title(release.title))
    shared = len(title & own)
    has_most = title == own or shared >= max(SHARED_WORDS_MIN, TITLE_SHARE * min(len(title), len(own)))
    return has_most and _begins_any(_cut_word(mention.title or ""), own)


def has_exact_title(mention: DiscoveredUrl, release: Release) -> bool:
    """Whether a list gives all words of the title of *release*, or all before it is cut, and no others."""
    return set(_whole_words(mention.title or "")) <= set(_words_of_title(release.title))


def has_title(mention: DiscoveredUrl) -> bool:
    """Whether a list gives a title that tells one release from another."""
    return len(set(_whole_words(mention.title or ""))) >= TITLE_WORDS_MIN


def _is_of_other_day(mention: DiscoveredUrl, release: Release) -> bool:
    """Whether the page gives another day than the list; some lists give the day of the last change."""
    return (
        mention.published is not None
        and release.published is not None
        and has_own_day(release)
        and abs((mention.published - release.published).days) > DAYS_APART_MAX
    )


def has_lent_title(release: Release) -> bool:
    """Whether the page gives no title, and has that of the list, which proves nothing."""
    return dict(release.rules).get("title") in _LENT_TITLES


def differs_by_loan(stored: Release, reading: Release) -> bool:
    """Whether a list gives a *reading* another title or day than *stored*, and its page gives none itself."""
    has_other_day = reading.published != stored.published and not has_own_day(reading)
    return has_other_day or (reading.title != stored.title and has_lent_title(reading))


def _whole_words(title: str) -> list[str]:
    """Return the words of a title without the last one if it is cut ("Ministrs tiekas ar Lat…")."""
    found = _words_of_title(title)
    return found[:-1] if _is_cut(title) else found


def _cut_word(title: str) -> str:
    """Return the beginning of the last word of a title that is cut, without its last letter, or nothing.

    Titles that begin with the same institution may differ in this word only.
    """
    found = _words_of_title(title)
    return found[-1][:-1] if found and _is_cut(title) else ""


def _is_cut(title: str) -> bool:
    return title.rstrip().endswith(("…", "..."))


def _begins_any(start: str, found: Iterable[str]) -> bool:
    return any(word.startswith(start) for word in found)


@lru_cache(
    maxsize=8
)  # the page of a release mostly has the title of the list, which is compared several times
def _words_of_title(title: str) -> list[str]:
    return words(title)
