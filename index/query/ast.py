"""The syntax tree of a query: clauses, filters, order and page."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from crawler.config import Language
from index.query.periods import Period

Part = Literal["title", "lead", "body", "attachment"]


Sort = Literal["relevance", "newest", "oldest"]


Interval = Literal["day", "month", "year"]


AskedInterval = Literal["auto", "day", "month", "year"]


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
class AllOf:
    """Every one of the clauses."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the clauses."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class MostOf:
    """As many of the clauses as any release has, or one fewer, but at least one."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this clause."""

    clause: "Clause"


@dataclass(frozen=True, slots=True)
class Everything:
    """All releases: what an empty query means."""


Clause = Word | Prefix | Fuzzy | Phrase | AllOf | AnyOf | MostOf | Not | Everything


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
