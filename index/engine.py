"""The interface of every engine, and what goes in and comes out: queries, hits, results, facets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from crawler.config.settings import Language
from index.query.periods import Period
from index.suggest.autocomplete import Completer
from index.suggest.spelling import Suggester

Part = Literal["title", "lead", "body", "attachment"]
Sort = Literal["relevance", "newest", "oldest"]
Interval = Literal["day", "month", "year"]
AskedInterval = Literal["auto", "day", "month", "year"]


class EngineError(Exception):
    """The engine cannot answer; the message names the index or address and the cause."""


class DamagedIndexError(EngineError):
    """A file of the index is missing or not what was written; the message names it and what to do."""


# --- What is asked -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of a query: it matches where any of its terms stands, in its best form.

    Each tuple holds the candidates for one index field, best first; an empty one does not match there.
    """

    text: str
    """As typed."""
    lemma: tuple[str, ...] = ()
    stem: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    fold: tuple[str, ...] = ()
    """Only where a word must match its form without diacritics (unaccented phrases)."""
    accented: str = ""
    """How all its forms begin, where they have diacritics, less these; what is written so lacks them."""
    part: Part | None = None
    """Only in this part of the release."""
    scored: bool = True
    """False for initials and the like: they must stand there but say nothing of relevance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """Any word whose folded form begins with ``text``, itself folded."""

    text: str
    part: Part | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzy:
    """Any word whose folded form is at most ``distance`` edits from ``text``, itself folded."""

    text: str
    distance: int = 1
    part: Part | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """The words in this order, at most ``slop`` other words between the first and the last of them."""

    words: tuple[Word, ...]
    slop: int = 0
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every one of the clauses."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of the clauses."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Most:
    """As many of the clauses as any release has, or one fewer, but at least one."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this clause."""

    clause: "Clause"


@dataclass(frozen=True, slots=True)
class Everything:
    """All releases: what an empty query means."""


Clause = Word | Prefix | Fuzzy | Phrase | All | Any | Most | Not | Everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What hits must be, apart from what they say; an empty tuple or None lets all through."""

    ministries: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    published_from: date | None = None
    published_to: date | None = None
    """Both ends included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search, validated: clauses, filters, order, page."""

    text: str
    """As typed."""
    clause: Clause
    reading: str
    """How the text was read, in the query language itself."""
    ignored: tuple[str, ...] = ()
    """Typed, but left out: words that say nothing alone, operators that join nothing."""
    synonyms: tuple[str, ...] = ()
    """Abbreviations that are looked for in their long form too, or the other way round: ``SHORT = LONG``."""
    periods: tuple[Period, ...] = ()
    """Dates in the text, which may be offered as a filter."""
    cut: bool = False
    """The text was longer than what is read."""
    filters: Filters = Filters()
    sort: Sort = "relevance"
    page: int = 1
    """From 1."""
    per_page: int = 10
    cursor: str | None = None
    """In place of *page*: "*" for the first, then what the results before said; so all hits can be walked."""
    histogram: AskedInterval | None = None
    """Count the matches by this stretch of time; "auto": by the one that makes a readable number of bars."""


# --- What is answered ----------------------------------------------------------------------------


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


class Engine(Protocol):
    """Whatever holds the index; safe to share between threads."""

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for.

        Raises:
            CursorError: the query cannot go on from its cursor.
            EngineError: there is no index, or it is damaged.
        """

    def count(self, query: Query) -> int:
        """Return how many releases have all that *query* asks for."""

    def explain(self, query: Query, ids: Iterable[str]) -> Mapping[str, Explanation]:
        """Return why those of the releases *ids* that match *query* score what they do."""

    def similar(self, id_: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the releases most like the release *id_*, the most alike first."""

    def info(self) -> IndexInfo:
        """Return what the index in use holds."""

    def suggester(self) -> Suggester:
        """Return what corrects words by the forms that stand in the index."""

    def completer(self) -> Completer:
        """Return what completes what is typed to words, institutions and titles of the index."""
