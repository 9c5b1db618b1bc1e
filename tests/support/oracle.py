"""The right answers, by brute force over plain lists; shares only the records with the engine."""

import math
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import cache, cached_property
from itertools import pairwise

from msgspec.structs import replace

from index.analysis import Forms
from index.query import (
    FILTERS,
    AllOf,
    AnyOf,
    Clause,
    EnoughOf,
    Everything,
    Filter,
    Filters,
    Fuzzy,
    InOpening,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Query,
    Related,
    Wildcard,
    Word,
)

RANGES = {"title": (0, 999), "lead": (1000, 2999), "body": (3000, 999_999), "attachment": (1_000_000, 9**12)}
BASES = {"title": (0, 4), "lead": (1000, 2), "body": (3000, 1), "attachment": (1_000_000, 1)}
WEIGHTS = {"lemma": 1.0, "stem": 0.5, "exact": 0.1}
UNACCENTED = {"lemma": 0.875, "stem": 0.0, "exact": 1.0}


@dataclass(frozen=True)
class Doc:
    id: str
    ministry: str
    language: str
    published: date | None
    cluster: str
    parts: dict[str, list[Forms]]
    traits: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    attachment_types: tuple[str, ...] = ()

    @cached_property
    def tokens(self) -> list[tuple[int, int, Forms]]:
        """(position, weight, forms)"""
        return [
            (BASES[part][0] + at, BASES[part][1], forms)
            for part, words in self.parts.items()
            for at, forms in enumerate(words)
        ]

    @cached_property
    def length(self) -> int:
        """The number of words, each as often as it weighs."""
        return sum(weight for _, weight, _ in self.tokens)

    @cached_property
    def _frequencies(self) -> dict[tuple[str, str], dict[str, float]]:
        return {}

    def frequency(self, field: str, text: str, accented: str) -> float:
        """Return the weighted frequency of a term of *field*; words that lack the diacritics count less."""
        found = self._frequencies.get((field, accented))
        if found is None:
            found = self._frequencies[field, accented] = {}
            for _, weight, forms in self.tokens:
                share = UNACCENTED[field] if accented and lacks(forms, accented) else 1.0
                for term in {*getattr(forms, field)}:
                    found[term] = found.get(term, 0.0) + weight * share
        return found.get(text, 0.0)


class Collection(list[Doc]):
    """The documents of an index, with what their scores depend on; each figure is counted once."""

    @cached_property
    def average(self) -> float:
        """The mean length of a document."""
        return sum(doc.length for doc in self) / len(self)

    @cached_property
    def newest(self) -> date | None:
        """The newest day of a document, None if none has a day."""
        return max((doc.published for doc in self if doc.published), default=None)

    @cached_property
    def _counts(self) -> dict[object, int]:
        return {}

    def holders(self, field: str, text: str, accented: str) -> int:
        """Return the number of documents with a term."""
        key = field, text, accented
        if key not in self._counts:
            self._counts[key] = sum(doc.frequency(field, text, accented) > 0 for doc in self)
        return self._counts[key]

    def holders_of_any(self, field: str, texts: tuple[str, ...]) -> int:
        """Return the number of documents with any of some terms."""
        key = field, texts
        if key not in self._counts:
            self._counts[key] = sum(any(doc.frequency(field, text, "") > 0 for text in texts) for doc in self)
        return self._counts[key]

    def most_met(self, clauses: tuple[Clause, ...]) -> int:
        """Return the most of *clauses* that a document matches."""
        if clauses not in self._counts:
            self._counts[clauses] = max(met(clauses, doc, self) for doc in self)
        return self._counts[clauses]


def collected(docs: Sequence[Doc]) -> Collection:
    """Return *docs* as a collection."""
    return docs if isinstance(docs, Collection) else Collection(docs)


def stands(word: Word, doc: Doc, part: str | None = None) -> list[int]:
    found = []
    for position, _, forms in doc.tokens:
        fields = ("lemma", "exact", "fold", *(("stem",) if word.stem_matches else ()))
        terms = [(f, t) for f in fields for t in getattr(word, f)]
        if any(text in getattr(forms, field) for field, text in terms):
            found.append(position)
    for limit in (part, word.part):
        if limit:
            found = [p for p in found if RANGES[limit][0] <= p <= RANGES[limit][1]]
    return found


@cache
def lacks(forms: Forms, accented: str) -> bool:
    """Whether written forms begin with *accented* once folded, and none of them has its diacritics there."""
    begun = [exact for exact in forms.exact if bare(exact).startswith(accented)]
    return begun != [] and [exact for exact in begun if not exact.startswith(accented)] == []


@cache
def bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def bm25(
    field: str, text: str, accented: str, doc: Doc, docs: Collection, *, pool: tuple[str, ...] = ()
) -> float:
    """Return the score of a term; one of a *pool* of terms is as rare as all of them together."""
    tf = doc.frequency(field, text, accented)
    if not tf:
        return 0.0
    df = docs.holders_of_any(field, pool) if pool else docs.holders(field, text, accented)
    idf = math.log(1 + (len(docs) - df + 0.5) / (df + 0.5))
    return idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * doc.length / docs.average))


def score(word: Word, doc: Doc, docs: Collection) -> float:
    if not word.scored:
        return 0.0
    total = 0.0
    for field, weight in WEIGHTS.items():
        texts = getattr(word, field)
        pool = texts if word.pooled else ()
        best = max((bm25(field, text, word.accented, doc, docs, pool=pool) for text in texts), default=0.0)
        total += weight * word.weight * best
    return total


@cache
def edits(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    return min(edits(a[1:], b) + 1, edits(a, b[1:]) + 1, edits(a[1:], b[1:]) + (a[0] != b[0]))


def in_order(places: list[list[int]], slop: int) -> bool:
    span_max = len(places) - 1 + slop

    def rest(first: int, last: int, others: list[list[int]]) -> bool:
        if not others:
            return True
        end = first + span_max - (len(others) - 1)
        return any(rest(first, p, others[1:]) for p in others[0] if last < p <= end)

    return any(rest(p, p, places[1:]) for p in places[0])


def evaluate(  # noqa: C901, PLR0911 - one per clause
    clause: Clause, doc: Doc, docs: Sequence[Doc]
) -> float | None:
    """Return the score, or None if the document does not match."""
    docs = collected(docs)
    match clause:
        case Everything():
            return 0.0
        case Word():
            return score(clause, doc, docs) if stands(clause, doc) else None
        case Phrase():
            places = [stands(word, doc, clause.part) for word in clause.words]
            return sum(score(w, doc, docs) for w in clause.words) if in_order(places, clause.slop) else None
        case Prefix(text=text):
            return 0.0 if any(term.startswith(text) for term in folded(doc, clause.part)) else None
        case Fuzzy(text=text, distance=far):
            terms = (term for term in folded(doc, clause.part) if abs(len(term) - len(text)) <= far)
            return 0.0 if any(edits(term, text) <= far for term in terms) else None
        case Wildcard(text=text):
            return 0.0 if any(fnmatchcase(term, text) for term in folded(doc, clause.part)) else None
        case Not(clause=inner):
            return 0.0 if evaluate(inner, doc, docs) is None else None
        case AllOf(clauses=inner):
            scores = [evaluate(one, doc, docs) for one in inner]
            return None if None in scores else sum(scores)  # type: ignore[arg-type]
        case AnyOf(clauses=inner) | Related(clauses=inner):
            return any_score(inner, doc, docs) if met(inner, doc, docs) else None
        case MostOf(clauses=inner):
            most, ours = docs.most_met(inner), met(inner, doc, docs)
            is_enough = ours >= max(1, most - (2 if len(inner) > 3 else 1))
            return any_score(inner, doc, docs) * (ours / len(inner)) ** 2 if is_enough else None
        case EnoughOf(clauses=inner):
            pairs = zip(inner, clause.weights, strict=True)
            said = sum(weight for one, weight in pairs if evaluate(one, doc, docs) is not None)
            return 0.0 if said >= clause.needed - 1e-9 else None
        case InOpening(clause=inner):
            return None if evaluate(opened(inner), doc, docs) is None else 0.0
    raise TypeError(clause)


def opened(clause: Clause) -> Clause:
    """Return a clause whose leaves are each in the title or the lead, unless they are limited to a part."""
    match clause:
        case Word() | Prefix() | Fuzzy() | Wildcard() | Phrase() if not clause.part:
            return AnyOf((replace(clause, part="title"), replace(clause, part="lead")))
        case AllOf(clauses=inner) | AnyOf(clauses=inner) | MostOf(clauses=inner) | Related(clauses=inner):
            return replace(clause, clauses=tuple(map(opened, inner)))
        case EnoughOf(clauses=inner):
            return replace(clause, clauses=tuple(map(opened, inner)))
        case Not(clause=inner) | InOpening(clause=inner):
            return replace(clause, clause=opened(inner))
    return clause


def any_score(clauses: tuple[Clause, ...], doc: Doc, docs: Collection) -> float:
    """The score of alternatives; a word adds to it even if the document has only its stem."""
    return sum(
        score(one, doc, docs) if isinstance(one, Word) and not one.part else evaluate(one, doc, docs) or 0.0
        for one in clauses
    )


def met(clauses: tuple[Clause, ...], doc: Doc, docs: Collection) -> int:
    return sum(evaluate(one, doc, docs) is not None for one in clauses)


def folded(doc: Doc, part: str | None) -> list[str]:
    first, last = RANGES[part] if part else (0, 9**12)
    return [term for position, _, forms in doc.tokens if first <= position <= last for term in forms.fold]


def recency(doc: Doc, docs: Collection) -> float:
    if not (docs.newest and doc.published):
        return 1.0
    return 1 + 0.1 * 0.5 ** ((docs.newest - doc.published).days / 1095)


def together(clause: Clause, doc: Doc, most: float) -> float:
    """Return the factor for adjacent query words that are adjacent in the document."""

    def pairs(clause: Clause) -> list[tuple[Word, Word]]:
        if not isinstance(clause, AllOf | MostOf):
            return []
        both = [pair for pair in pairwise(clause.clauses) if all(isinstance(one, Word) for one in pair)]
        return both + [pair for inner in clause.clauses for pair in pairs(inner)]  # type: ignore[operator]  # Words

    found = [in_order([stands(one, doc), stands(other, doc)], 0) for one, other in pairs(clause)]
    return 1 + most * sum(found) / len(found) if found else 1.0


def values_of(doc: Doc, one: Filter) -> tuple[str, ...]:
    """Return the values of a document for a filter, most often none; the attribute is named as the column."""
    values = getattr(doc, one.column, ())
    return (values,) if isinstance(values, str) else values


def passes(doc: Doc, filters: Filters, without: str = "") -> bool:
    dated = filters.published_from or filters.published_to
    return (
        set(filters.traits) <= set(doc.traits)
        and all(
            one.name == without or not {*filters.chosen(one)}.isdisjoint(values_of(doc, one))
            for one in FILTERS
            if one.kind != "flags" and filters.chosen(one)
        )
        and (
            without == "year"
            or not dated
            or (
                doc.published is not None
                and (filters.published_from or date.min)
                <= doc.published
                <= (filters.published_to or date.max)
            )
        )
    )


@dataclass(frozen=True)
class Answer:
    hits: list[tuple[str, float]]
    """All pages."""
    total: int
    facets: dict[str, dict[str, int]]
    histogram: dict[str, int]
    """By the beginning of the ISO date."""


def count_values(docs: list[Doc], one: Filter, *, collapse: bool) -> dict[str, int]:
    """Return the count of each of the values that documents have for a filter."""
    found: dict[str, set[str]] = defaultdict(set)
    for doc in docs:
        for value in filter(None, values_of(doc, one)):
            found[value].add(doc.cluster if collapse else doc.id)
    return {value: len(ids) for value, ids in found.items()}


def count_facets(docs: list[Doc], filters: Filters, *, collapse: bool) -> dict[str, dict[str, int]]:
    """Return the counts of each facet among *docs*, each but that of the traits without its own filter."""
    facets = {
        one.name: count_values(
            [doc for doc in docs if passes(doc, filters, without=one.name)], one, collapse=collapse
        )
        for one in FILTERS
    }
    years: dict[str, set[str]] = defaultdict(set)
    for doc in docs:
        if passes(doc, filters, without="year") and year(doc):
            years[year(doc)].add(doc.cluster if collapse else doc.id)
    return facets | {"year": {value: len(ids) for value, ids in years.items()}}


def search(
    query: Query, docs: Sequence[Doc], *, collapse: bool, most: float = 0.0, excluded: Sequence[str] = ()
) -> Answer:
    """Return the answer, without the documents whose ids are *excluded*."""
    docs = collected(docs)
    found = ((doc, evaluate(query.clause, doc, docs)) for doc in docs if doc.id not in excluded)
    scores = {
        doc.id: score * recency(doc, docs) * together(query.clause, doc, most)
        for doc, score in found
        if score is not None
    }
    matching = [doc for doc in docs if doc.id in scores]
    facets = count_facets(matching, query.filters, collapse=collapse)
    passing = [doc for doc in matching if passes(doc, query.filters)]

    def key(doc: Doc) -> tuple[float, ...]:
        days = doc.published.toordinal() if doc.published else 0
        if query.sort == "newest":
            return (-days,)
        if query.sort == "oldest":
            return (days or 10**9,)
        return (-round(scores[doc.id], 9), -days)

    order = sorted((d for d in matching if passes(d, query.filters)), key=lambda d: (*key(d), d.id))
    if collapse:
        first: dict[str, Doc] = {}
        for doc in order:
            first.setdefault(doc.cluster, doc)
        order = list(first.values())
    periods = histogram(query.histogram, passing, collapse=collapse)
    return Answer([(d.id, scores[d.id]) for d in order], len(order), facets, periods)


CHARS = {"day": 10, "month": 7, "year": 4}


def name(day: date, interval: str) -> str:
    """Return what a histogram by *interval* calls the period of *day*."""
    return f"{day.year} {(day.month + 2) // 3}" if interval == "quarter" else str(day)[: CHARS[interval]]


def histogram(interval: str | None, docs: list[Doc], *, collapse: bool) -> dict[str, int]:
    days = [doc.published for doc in docs if doc.published]
    if interval == "auto" and days:
        first, last = min(days), max(days)
        months = 12 * (last.year - first.year) + last.month - first.month
        interval = "day" if (last - first).days < 62 else "month" if months < 62 else "year"
    seen: dict[str, set[str]] = defaultdict(set)
    for doc in docs:
        if interval and doc.published:
            seen[name(doc.published, interval)].add(doc.cluster if collapse else doc.id)
    return {period: len(ids) for period, ids in sorted(seen.items())}


def year(doc: Doc) -> str:
    return str(doc.published.year) if doc.published else ""
