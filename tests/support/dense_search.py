"""The search by arrays over all documents: an oracle where brute force would take too long.

It shares with the product what reads segments, counts facets and finds phrases; not the core.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.query import (
    AllOf,
    AnyOf,
    Clause,
    Everything,
    Filters,
    Fuzzy,
    MostOf,
    Not,
    Part,
    Phrase,
    Prefix,
    Query,
    Related,
    Wildcard,
    Word,
)
from index.search import Searcher, TopDocs
from index.search.collapse import Clusters
from index.search.cursor import Place
from index.search.facets import FacetColumns, histogram
from index.search.index_reader import IndexReader, bm25
from index.search.phrases import find_phrase, is_in_part
from index.search.ranking import COVERAGE_POWER
from index.search.segment_reader import segment_positions, terms_of
from index.search.top_k import DIGITS
from index.segment.doc_lists import Docs

Scores = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Found:
    """Which documents match, and the score of each; a word scores documents that have only its stem, too."""

    matching: Mask
    scores: Scores


class DenseSearch:
    """Answers as the core, but knows nothing of earlier queries."""

    def __init__(
        self,
        reader: IndexReader,
        columns: FacetColumns,
        clusters: Clusters,
        *,
        weights: Mapping[str, float],
        recency: Scores | None,
        proximity: float,
    ) -> None:
        self.reader, self.columns, self.clusters = reader, columns, clusters
        self.weights, self.recency, self.proximity = weights, recency, proximity
        self.every, self.nothing = np.arange(reader.count), np.zeros(reader.count)
        self.live = self.mask_of(reader.live)

    # --- Clauses ---

    def find(self, clause: Clause) -> Found:  # noqa: PLR0911 - one case for each kind of clause
        match clause:
            case Word():
                return Found(self.with_word(clause), self.scores_of_word(clause))
            case Phrase(words=words):
                return Found(self.with_phrase(clause), sum(map(self.scores_of_word, words), self.nothing))
            case AllOf(clauses=clauses):
                required = [self.find(one) for one in clauses if not isinstance(one, Not)]
                excluded = [self.find(one.clause) for one in clauses if isinstance(one, Not)]
                matching = np.logical_and.reduce([self.live, *(one.matching for one in required)])
                for one in excluded:
                    matching &= ~one.matching
                return Found(matching, sum((one.scores for one in required), self.nothing))
            case AnyOf(clauses=clauses) | Related(clauses=clauses):
                found = [self.find(one) for one in clauses]
                matching = np.logical_or.reduce([~self.live & self.live, *(one.matching for one in found)])
                return Found(matching, self.sum_of_any(clauses, found))
            case MostOf(clauses=clauses):
                found = [self.find(one) for one in clauses]
                counts = sum((one.matching.astype(int) for one in found), np.zeros(self.reader.count, int))
                least = max(1, counts.max(initial=0) - clause.missing_max)
                shares = (counts / max(1, len(found))) ** COVERAGE_POWER
                return Found(counts >= least, self.sum_of_any(clauses, found) * shares)
            case Not(clause=inner):
                return Found(self.live & ~self.find(inner).matching, self.nothing)
            case Everything():
                return Found(self.live, self.nothing)
            case Prefix() | Fuzzy() | Wildcard():
                return Found(self.with_open_word(clause), self.nothing)
        raise TypeError(f"{clause!r} is not a clause")

    def sum_of_any(self, clauses: Sequence[Clause], found: Sequence[Found]) -> Scores:
        """Return the scores of documents that match any of *clauses*; stems of missing words score too."""
        return sum(
            (
                one.scores if isinstance(clause, Word) and not clause.part else one.scores * one.matching
                for clause, one in zip(clauses, found, strict=True)
            ),
            self.nothing,
        )

    def mask_of(self, docs: Docs) -> Mask:
        mask = np.zeros(self.reader.count, bool)
        mask[docs] = True
        return mask

    def with_word(self, word: Word) -> Mask:
        docs = np.concatenate([self.every[:0], *(self.reader.term(*term).docs for term in terms_of(word))])
        if word.part is None:
            return self.mask_of(docs)
        rows, positions = self.reader.positions(terms_of(word), self.every)
        return self.mask_of(rows[is_in_part(positions, word.part)]) & self.live

    def scores_of_word(self, word: Word) -> Scores:
        total = np.zeros(self.reader.count)
        for field, texts in (("lemma", word.lemma), ("stem", word.stem), ("exact", word.exact)):
            if texts and self.weights.get(field) and word.scored and self.reader.count:
                terms = self.reader.weigh_terms(field, texts, word, self.weights[field] * word.weight)
                norms = self.reader.norms(field, np.float64)
                scores = [
                    bm25(term, self.every, norms, self.reader.max_score(term, share)) for term, share in terms
                ]
                total += np.maximum.reduce(scores)
        return total

    def with_phrase(self, phrase: Phrase) -> Mask:
        if not phrase.words:
            return self.mask_of(self.every[:0])
        docs = np.flatnonzero(np.logical_and.reduce([self.with_word(word) for word in phrase.words]))
        found = find_phrase(phrase, lambda word: self.reader.positions(terms_of(word), docs))
        return self.mask_of(docs[found.rows])

    def with_open_word(self, clause: Prefix | Fuzzy | Wildcard) -> Mask:
        docs = [self.every[:0]]
        for segment in self.reader.segments:
            field = segment.field("fold")
            if field is None:
                continue
            match clause:
                case Prefix():
                    places = [*field.terms.with_prefix(clause.text.encode())]
                case Fuzzy():
                    places = field.terms.within(clause.text, clause.distance)
                case Wildcard():
                    places = field.terms.matching(clause.text)
            every = np.arange(segment.count)
            rows, positions = segment_positions(segment, [(field, place) for place in places], every)
            docs.append(segment.base + rows[in_part(positions, clause.part)])
        return self.mask_of(np.concatenate(docs)) & self.live

    def boosts(self, clause: Clause) -> Scores:
        """Return the boost of each document for adjacent words of a clause that are adjacent in it."""
        pairs = [self.with_phrase(pair) for pair in pairs_of(clause)]
        return 1 + self.proximity * sum(pairs, self.nothing) / max(1, len(pairs))

    # --- Answers ---

    def matching(self, clause: Clause, filters: Filters) -> Docs:
        docs = np.flatnonzero(self.find(clause).matching)
        rows = self.columns.filter(docs, filters, None).rows
        return docs if rows is None else docs[rows]

    def matching_among(self, clause: Clause, docs: Docs) -> Docs:
        return docs[self.find(clause).matching[docs]]

    def count(self, clause: Clause, filters: Filters) -> int:
        docs = self.matching(clause, filters)
        return len(docs) - self.clusters.count_repeats(docs[self.clusters.rows_sharing_cluster(docs)])

    def score_parts(self, clause: Clause, docs: Docs) -> tuple[Docs, Scores, Scores]:
        found = self.find(clause)
        matching = docs[found.matching[docs]]
        return matching, found.scores[matching], self.boosts(clause)[matching]

    def known_words(self, word: Word, base: int, docs: Sequence[int]) -> None:
        """Return None: nothing is kept."""

    def search(
        self,
        query: Query,
        *,
        after: Place | None = None,
        collapse: bool = True,
        excluded: Sequence[int] = (),
        faceted: bool = True,
    ) -> TopDocs:
        found, clusters = self.find(query.clause), self.clusters if collapse else None
        docs = np.flatnonzero(found.matching & ~self.mask_of(np.array(excluded, np.int64)))
        filter_docs = self.columns.filter_and_count if faceted else self.columns.filter
        filtered = filter_docs(docs, query.filters, clusters)
        docs = docs if filtered.rows is None else docs[filtered.rows]
        scores = found.scores * self.boosts(query.clause)
        if self.recency is not None:
            scores = scores * self.recency
        places = sorted((self.place(query, scores, doc), doc) for doc in docs.tolist())
        first, folded = self.collapsed([doc for _, doc in places], collapse=collapse)
        keys = {doc: key for key, doc in places}
        rest = [doc for doc in first if after is None or keys[doc] > (*after.keys, after.id)]
        ends = query.per_page if query.cursor else query.page * query.per_page
        page = rest[:ends][ends - query.per_page :]
        is_more = query.cursor is not None and len(rest) > ends
        shared = clusters.rows_sharing_cluster(docs) if clusters else docs[:0]
        days = self.columns.published
        return TopDocs(
            docs=tuple(page),
            scores=tuple(scores[page].tolist()),
            folded=tuple(tuple(sorted({*folded.get(doc, (doc,))} - {doc})) for doc in page),
            total=len(first),
            facets=filtered.facets,
            histogram=query.histogram
            and histogram(days[docs], shared, self.clusters.of[docs[shared]], query.histogram),
            last=Place(keys[page[-1]][:-1], keys[page[-1]][-1]) if is_more else None,
        )

    def place(self, query: Query, scores: Scores, doc: int) -> tuple[*tuple[float, ...], bytes]:
        """Return the keys of a document in the order of *query*, ascending."""
        day, name = float(self.columns.published[doc]), self.reader.id(doc)
        if query.sort == "relevance":
            return -round(float(scores[doc]), DIGITS), -day, name
        return (-day if query.sort == "newest" else day if day > 0 else 4_000_000.0), name

    def collapsed(self, docs: Sequence[int], *, collapse: bool) -> tuple[list[int], dict[int, list[int]]]:
        """Return the first document of each cluster, and for those of several documents all of them."""
        members: dict[int, list[int]] = {}
        for doc in docs:
            cluster = int(self.clusters.of[doc])
            members.setdefault(cluster if collapse and cluster >= 0 else -1 - doc, []).append(doc)
        return [some[0] for some in members.values()], {some[0]: some for some in members.values()}


class DenseSearcher(Searcher):
    """A searcher that answers by the oracle."""

    @cached_property
    def core(self) -> DenseSearch:  # type: ignore[override]  # it has the same methods
        return DenseSearch(
            self.reader,
            self._columns,
            self.clusters,
            weights=self._weights,
            recency=self._recency,
            proximity=self._proximity,
        )


def in_part(positions: NDArray[np.int64], part: Part | None) -> Mask:
    return np.ones(len(positions), bool) if part is None else is_in_part(positions, part)


def pairs_of(clause: Clause) -> Iterator[Phrase]:
    """Yield each pair of adjacent words of *clause* as a phrase."""
    if isinstance(clause, AllOf | MostOf):
        for one, other in pairwise(clause.clauses):
            if isinstance(one, Word) and isinstance(other, Word):
                yield Phrase(words=(one, other))
        for inner in clause.clauses:
            yield from pairs_of(inner)
