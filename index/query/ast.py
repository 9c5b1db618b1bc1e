"""The syntax tree of a query: clauses, filters, order and page.

Trees have no cycles, so the garbage collector need not visit their hundreds of nodes (`gc=False`).
"""

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from msgspec import Struct

from crawler.config import Language
from index.query.filters import Filters
from index.query.periods import DayRange, Period

Part = Literal["title", "lead", "body", "attachment"]
Sort = Literal["relevance", "newest", "oldest"]
Interval = Literal["day", "month", "quarter", "year"]
AskedInterval = Literal["auto", "day", "month", "quarter", "year"]

T = TypeVar("T")
# Weights are sums of floats.
_ROUNDING = 1e-9
# The endings of verbs in the dictionary form, Latvian and Russian.
_INFINITIVES = ("t", "ties", "ть")
STRICT = "="
"""Prefix of a phrase's word that must match as typed; relaxation keeps such a phrase."""


class Word(Struct, frozen=True, kw_only=True, gc=False):
    """One word of a query: it matches if a lemma or exact form occurs; in each field, the best term scores.

    Each tuple holds the candidate terms of one index field, best first; the word is not searched in a field
    whose tuple is empty. `index/query/words.py` settles what depends on the words of the index.
    """

    text: str
    """As typed."""
    lemma: tuple[str, ...] = ()
    stem: tuple[str, ...] = ()
    """Only scored, unless ``stem_matches``."""
    exact: tuple[str, ...] = ()
    fold: tuple[str, ...] = ()
    """Set only in a phrase, for a word typed without diacritics: it matches words that fold to it."""
    acronym: str = ""
    """The term that alone matches if any release has it: `ES` is not *es*."""
    unaccented: tuple[str, ...] = ()
    """Lemmas of the word if it was typed without some of its diacritics: *tiešs* for `tiesa`."""
    stem_matches: bool = False
    """Whether words with the same stem match: for a word that no dictionary and no release knows."""
    accented: str = ""
    """The folded beginning of all its forms, up to their last diacritic; matches without it score less."""
    part: Part | None = None
    """If set, the word must occur in this part of the release."""
    scored: bool = True
    """False for initials and the like, which must match but do not affect relevance."""
    weight: float = 1.0
    """Factor of its score; below 1 for a related word."""
    pooled: bool = False
    """Whether its terms score as one that occurs wherever any of them does: related words, of which a rare
    one says no more than a common one."""

    @property
    def lemmas(self) -> tuple[str, ...]:
        """All lemmas that the word may have, whatever diacritics were typed."""
        return self.lemma + self.unaccented


class Prefix(Struct, frozen=True, kw_only=True, gc=False):
    """Any word whose folded form begins with ``text``, which is folded too."""

    text: str
    part: Part | None = None


class Fuzzy(Struct, frozen=True, kw_only=True, gc=False):
    """Any word whose folded form is at most ``distance`` edits from ``text``, which is folded too."""

    text: str
    distance: int = 1
    part: Part | None = None


class Wildcard(Struct, frozen=True, kw_only=True, gc=False):
    """Any word whose folded form matches ``text``: `*` is any letters, `?` exactly one."""

    text: str
    part: Part | None = None


class Phrase(Struct, frozen=True, kw_only=True, gc=False):
    """The words in this order, with at most ``slop`` other words between the first and the last."""

    words: tuple[Word, ...]
    slop: int = 0
    part: Part | None = None


class AllOf(Struct, frozen=True, gc=False):
    """Matches if all of the clauses do."""

    clauses: tuple["Clause", ...]


class AnyOf(Struct, frozen=True, gc=False):
    """Matches if at least one of the clauses does."""

    clauses: tuple["Clause", ...]


class Related(Struct, frozen=True, eq=False, gc=False):
    """Matches what any of the clauses does, as ``AnyOf``; the terms of a concept, asked for again and again.

    Compared by identity, so that an engine can cache what it matches.
    """

    clauses: tuple["Clause", ...]


class MostOf(Struct, frozen=True, gc=False):
    """Matches releases with at least one of the clauses, and about as many as the best release.

    Scores as ``AnyOf`` does, times the square of the share of the clauses that match.
    """

    clauses: tuple["Clause", ...]

    @property
    def missing_max(self) -> int:
        """How many fewer than the best release a release may have."""
        return 2 if len(self.clauses) > 3 else 1


class EnoughOf(Struct, frozen=True, gc=False):
    """Matches releases in which clauses of at least the weight ``needed`` match, without a score."""

    clauses: tuple["Clause", ...]
    weights: tuple[float, ...]
    """The weight of each clause, 0 or more."""
    needed: float
    """More than 0, and not more than all weigh."""

    def combine(
        self, parts: Sequence[T], all_of: Callable[[Sequence[T]], T], any_of: Callable[[Sequence[T]], T]
    ) -> T:
        """Return *parts*, one for each clause, combined by *all_of* and *any_of* to mean the same."""
        found = self._combine_from(0, self.needed, parts, all_of, any_of)
        return any_of(parts) if found is None else found

    # A method and no closure: one that calls itself is a cycle, and would keep *parts* until a collection.
    def _combine_from(
        self,
        first: int,
        needed: float,
        parts: Sequence[T],
        all_of: Callable[[Sequence[T]], T],
        any_of: Callable[[Sequence[T]], T],
    ) -> T | None:
        """Return what the parts from number *first* on must match to weigh *needed*; None if nothing."""
        if needed <= _ROUNDING:
            return None
        rest = self._combine_from(first + 1, needed - self.weights[first], parts, all_of, any_of)
        including = parts[first] if rest is None else all_of((parts[first], rest))
        if sum(self.weights[first + 1 :]) < needed - _ROUNDING:
            return including
        excluding = self._combine_from(first + 1, needed, parts, all_of, any_of)
        return including if excluding is None else any_of((including, excluding))


class InOpening(Struct, frozen=True, gc=False):
    """Matches releases whose title or lead has what the clause asks for, without a score.

    What is limited to another part may be there.
    """

    clause: "Clause"


class Not(Struct, frozen=True, gc=False):
    """Excludes what the clause matches."""

    clause: "Clause"


class Everything(Struct, frozen=True, gc=False):
    """All releases: the meaning of an empty query."""


Clause = (
    Word
    | Prefix
    | Fuzzy
    | Wildcard
    | Phrase
    | AllOf
    | AnyOf
    | MostOf
    | EnoughOf
    | Related
    | InOpening
    | Not
    | Everything
)


NoteKind = Literal[
    "no institution",
    "no language",
    "no value",
    "no date",
    "future",
    "no overlap",
    "no exclusion",
    "no filter",
    "short wildcard",
    "wildcard in phrase",
    "too many wildcards",
    "no boost",
    "open quote",
]


class Note(Struct, frozen=True, gc=False):
    """A part of the text that may be meant in another way than it is read."""

    kind: NoteKind
    """``no institution``, ``no language``, ``no value``, ``no date``: an unknown value, so the filter is left
    out. ``future``: nobody knows what will stand then. ``no overlap``: no day is in both periods.
    ``no exclusion``: it cannot be negated. ``no filter``: `name:` is not a filter, and read as a word.
    ``short wildcard``: too few letters beside `*` or `?`. ``too many wildcards``: of those and `~`, only the
    first few are read. ``no boost``: words have no weights. ``open quote``: without its pair."""
    text: str
    """As typed."""


class RelatedTerm(Struct, frozen=True, kw_only=True, gc=False):
    """A word or phrase that means what a query asks for."""

    text: str
    """In its dictionary form."""
    language: Language
    words: tuple[tuple[str, ...], ...]
    """The lemmas of each of its words; stop words are left out."""
    slop: int = 0
    """The number of stop words among its words, which are left out."""

    @property
    def has_verb(self) -> bool:
        """Whether it is what one does with something, which is said in either order."""
        return any(lemma.endswith(_INFINITIVES) for lemmas in self.words for lemma in lemmas)

    def is_form_of(self, other: "RelatedTerm") -> bool:
        """Return whether the terms are forms of the same words, such as a singular and its plural."""
        pairs = zip(map(frozenset, self.words), other.words, strict=False)
        return len(self.words) == len(other.words) and not any(
            lemmas.isdisjoint(word) for lemmas, word in pairs
        )


class Expansion(Struct, frozen=True, gc=False):
    """Words of a query and the related terms that are searched, too."""

    text: str
    """As typed."""
    terms: tuple[RelatedTerm, ...]

    @property
    def related(self) -> tuple[str, ...]:
        """The terms as text, each once."""
        return tuple(dict.fromkeys(term.text for term in self.terms))


class Query(Struct, frozen=True, kw_only=True, gc=False):
    """A validated search: clauses, filters, order and page."""

    text: str
    """As typed."""
    clause: Clause
    reading: str
    """The text as it was understood, in the query language."""
    ignored: tuple[str, ...] = ()
    """Typed but ignored: stop words, operators without operands, filters that mean nothing."""
    notes: tuple[Note, ...] = ()
    """Parts of the query that may be meant in another way than they are read, in reading order."""
    synonyms: tuple[str, ...] = ()
    """The abbreviations that were expanded, or the names that were abbreviated: ``SHORT = LONG``."""
    related: Clause | None = None
    """The clause with related words that match as a whole; searched if few releases match ``clause``."""
    distant: Clause | None = None
    """``related`` with words that are only akin to those typed: what matches by them is near."""
    near: bool = False
    """Whether the hits include what is only near."""
    expansions: tuple[Expansion, ...] = ()
    """The related terms in ``related``."""
    periods: tuple[Period, ...] = ()
    """Periods named beside other words; the page offers each as a filter."""
    time: DayRange | None = None
    """The days that the text means, if it is only a time; `filters` ask for releases published in them."""
    words: "Query | None" = None
    """The query for releases that name `time`, in the same words; None if it is relative to today."""
    cut: bool = False
    """Whether the text exceeds a limit, so that its end was not read."""
    filters: Filters = Filters()
    sort: Sort = "relevance"
    page: int = 1
    """From 1."""
    per_page: int = 10
    cursor: str | None = None
    """Replaces ``page`` to walk all hits: "*" at first, then the cursor of the previous results."""
    own_language: Language | None = None
    """The language of which releases come first: that of the text, or else of the page."""
    histogram: AskedInterval | None = None
    """Count matches by this interval; "auto" chooses one with a readable number of bars."""
