"""What a search returns: hits with their passages, facets, histogram and explanations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from crawler.config import Language
from index.query import Interval


@dataclass(frozen=True, slots=True)
class Passage:
    """Text of a release with the spans (half-open, in characters of ``text``) that match."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One release that matches; a higher ``score`` (BM25F, unitless) is more relevant."""

    id: str
    url: str
    title: Passage
    passages: tuple[Passage, ...]
    """Best first; at least one where the release has a text."""
    published: date | None
    site: str
    ministry: str
    language: Language
    score: float
    also_published_by: tuple[str, ...] = ()
    """Ministries of other releases that say the same and were folded into this hit."""
    gone: bool = False
    edited: bool = False
    translations: tuple[str, ...] = ()
    """The ids of the same release in other languages; some may not be there."""
    machine_translated: bool = False
    """So says its page."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a field and how many of the matching releases have it."""

    value: str
    count: int


Facets = Mapping[str, tuple[FacetValue, ...]]
"""By field: ``ministry``, ``language``, ``year``; values by falling count, then by name."""


@dataclass(frozen=True, slots=True)
class PeriodCount:
    """A day, month or year, and what the total would be of those that were published in it."""

    first: date
    last: date
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """The matching releases by time: exact counts of the periods that have any, in order."""

    interval: Interval
    periods: tuple[PeriodCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of hits; ``total`` and the facets are exact. Each facet ignores the filter on its own field."""

    hits: tuple[Hit, ...]
    total: int
    facets: Facets = field(default_factory=dict)
    histogram: Histogram | None = None
    """Where the query asks for it; under all its filters."""
    cursor: str | None = None
    """Where the query has one: that of the next page; None on the last."""
    widened: bool = False
    """No release has all that was asked, so these are those that have most of it."""
    nearest: tuple[Hit, ...] = ()
    """On a first page that is not full: its hits in other languages, then those that have some of what was
    asked, best first. They are in no count."""
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TermScore:
    """What the best candidate of a word in one field adds to a score: its BM25F, weighted."""

    field: str
    """``lemma``: any form of the word; ``stem``: words of one stem; ``exact``: the form as typed."""
    term: str
    frequency: float
    """How often it stands in the release; in the title and the lead it counts more than once."""
    releases: int
    """How many releases it stands in; the rarer, the more it says."""
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WordScore:
    """What a word of the query adds to a score."""

    text: str
    """As typed."""
    score: float
    terms: tuple[TermScore, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a release scores what it scores: the sum of its words, times what being recent is worth."""

    score: float
    recency: float
    """From 1 for old and undated releases to a little more for those of the newest day."""
    together: float
    """From 1 to a little more where words that were typed one after another stand so in the release."""
    words: tuple[WordScore, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexInfo:
    """What an index holds."""

    generation: str
    documents: int
    number: int
    """Every change to the store up to this number is in the index."""
    fingerprint: str
    """Of the analysis and the schema that it was built with."""
    damage: str = ""
    """What the last verification of its files found; empty: nothing."""
