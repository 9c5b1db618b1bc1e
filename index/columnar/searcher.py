"""Answers queries from a generation of an index; immutable, shared by all threads."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from lz4.block import LZ4BlockError
from numpy.typing import NDArray

from index.columnar.clusters import Clusters
from index.columnar.evaluate import WEIGHTS, Evaluator
from index.columnar.explain import word_scores
from index.columnar.facets import Columns
from index.columnar.lists import Docs
from index.columnar.marks import Marks, marks
from index.columnar.match import Match, Scores
from index.columnar.snapshot import Snapshot
from index.columnar.top import Key, first_rows
from index.columnar.writing import ArrayIndex
from index.engine import Clause, Explanation, Facets, Filters, Query, Sort

Recency = Callable[[NDArray[np.int32]], NDArray[np.float64]]
"""From the day of each document (an ordinal; 0: none) to what its score is multiplied by."""

# Below minus the last day there is.
_UNDATED = -4_000_000.0
# So few documents are scored at once, whatever they might score.
FEW = 256
_NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of documents, best first, and exact counts."""

    docs: tuple[int, ...]
    scores: tuple[float, ...]
    folded: tuple[tuple[int, ...], ...]
    """For each of *docs* the others of its cluster that match too and give way to it."""
    total: int
    facets: Facets

    def first(self, count: int) -> "Found":
        """Return the first *count* documents."""
        return replace(self, docs=self.docs[:count], scores=self.scores[:count], folded=self.folded[:count])


class Searcher:
    """Searches one generation; a later one needs a new searcher."""

    def __init__(
        self, ix: ArrayIndex, weights: Mapping[str, float] = WEIGHTS, recency: Recency | None = None
    ) -> None:
        self.snapshot = Snapshot(ix)
        self._weights = weights
        self._evaluator = Evaluator(self.snapshot, weights)
        with self._blaming_damage():
            self._columns = Columns(self.snapshot)
        self._recency = recency(self._columns.published) if recency else None
        self._most_recency = 1.0 if self._recency is None else float(self._recency.max(initial=1.0))

    @contextmanager
    def _blaming_damage(self) -> Iterator[None]:
        """Look for damage where the arrays make no sense: it is the likeliest cause by far."""
        try:
            yield
        except (LookupError, ValueError, ArithmeticError, MemoryError, LZ4BlockError):
            self.verify()
            raise

    @cached_property
    def _clusters(self) -> Clusters:
        return Clusters(self.snapshot)

    def search(self, query: Query, *, collapse: bool = True) -> Found:
        """Return the page that *query* asks for; with *collapse*, one document of each cluster.

        Raises:
            DamagedError: the arrays make no sense, and a checksum says why.
        """
        with self._blaming_damage():
            return self._search(query, collapse=collapse)

    def _search(self, query: Query, *, collapse: bool) -> Found:
        match = self._evaluator.match(query.clause)
        clusters = self._clusters if collapse else None
        passing = self._columns.passing(match.docs, query.filters, clusters)
        docs = match.docs if passing.rows is None else match.docs[passing.rows]
        kept, given_way = docs, docs[:0]
        if clusters is not None:
            keys = self._keys(docs, lambda rows: self._scores(match, docs[rows]), query.sort)
            repeats = clusters.repeats(docs, keys, passing.met if passing.rows is None else None)
            if len(repeats):
                given_way = docs[repeats]
                kept = self.snapshot.sets.without(docs, given_way)
        page, scores = self._page(match, kept, query)
        return Found(
            docs=tuple(page.tolist()),
            scores=tuple(scores.tolist()),
            folded=self._folded(page, given_way),
            total=len(kept),
            facets=passing.facets,
        )

    def _page(self, match: Match, docs: Docs, query: Query) -> tuple[Docs, Scores]:
        """Return the documents of the page that *query* asks for, in order, and their scores."""
        contenders = self._contenders(match, docs, query)
        by_relevance = query.sort == "relevance"
        scores = self._scores(match, contenders) if by_relevance else np.zeros(0)
        keys = self._keys(contenders, scores.__getitem__, query.sort)
        last = query.page * query.per_page
        first = first_rows(keys, np.arange(len(contenders)), lambda row: self._id(contenders, row), last)
        rows = first[last - query.per_page :]
        page = contenders[rows]
        if by_relevance:
            return page, scores[rows]
        order = np.argsort(page)
        scores = np.zeros(len(page))
        scores[order] = self._scores(match, page[order])
        return page, scores

    def _contenders(self, match: Match, docs: Docs, query: Query) -> Docs:
        """Return those of *docs* that may come on the page or before it: all that may score enough."""
        wanted = query.page * query.per_page
        if query.sort != "relevance" or match.scoring is None or len(docs) <= max(wanted, FEW):
            return docs
        rough, slack = match.scoring.rough(docs), match.scoring.slack
        if self._recency is not None:
            rough *= self._recency[docs]
            slack *= self._most_recency
        # One may be scored too low, another too high.
        least = np.partition(rough, len(docs) - wanted)[len(docs) - wanted] - 2 * slack
        contenders: Docs = docs[(rough >= least).nonzero()[0]]
        return contenders

    def _scores(self, match: Match, docs: Docs) -> Scores:
        scores = match.scores(docs)
        return scores if self._recency is None else scores * self._recency[docs]

    def _id(self, docs: Docs, row: int) -> bytes:
        return self.snapshot.id(int(docs[row]))

    def _keys(self, docs: Docs, scores: Key, sort: Sort) -> list[Key]:
        """Return what rows of *docs* are ordered by, the highest first."""
        published = self._columns.published

        def newest(rows: NDArray[np.int64]) -> NDArray[np.float64]:
            return published[docs[rows]].astype(np.float64)

        def oldest(rows: NDArray[np.int64]) -> NDArray[np.float64]:
            days = newest(rows)
            return np.where(days > 0, -days, _UNDATED)

        if sort == "relevance":
            return [scores, newest]
        return [newest if sort == "newest" else oldest]

    def _folded(self, page: Docs, given_way: Docs) -> tuple[tuple[int, ...], ...]:
        if not len(given_way):
            return ((),) * len(page)
        of = self._clusters.of
        theirs = of[given_way]
        return tuple(
            tuple(given_way[theirs == of[doc]].tolist()) if of[doc] >= 0 else () for doc in page.tolist()
        )

    def count(self, clause: Clause, filters: Filters = _NO_FILTERS) -> int:
        """Return how many documents match; those of one cluster count once."""
        docs = self._evaluator.match(clause).docs
        if filters != _NO_FILTERS:
            rows = self._columns.passing(docs, filters, None).rows
            docs = docs if rows is None else docs[rows]
        return len(docs) - len(self._clusters.repeats(docs, []))

    def explain(self, clause: Clause, doc: int) -> Explanation | None:
        """Return why a document scores what it does; None where it does not match."""
        match = self._evaluator.match(clause, np.array([doc], np.int64))
        if not len(match.docs):
            return None
        recency = 1.0 if self._recency is None else float(self._recency[doc])
        return Explanation(
            score=recency * float(match.scores(match.docs)[0]),
            recency=recency,
            words=tuple(word_scores(self._evaluator, self.snapshot, self._weights, clause, doc)),
        )

    def rarity(self, field: str, text: str) -> float:
        """Return how much a term says of a document that it stands in."""
        return self.snapshot.idf(len(self.snapshot.term(field, text)))

    def newest(self) -> Docs:
        """Return all documents, the newest first."""
        live = self.snapshot.live
        return live[np.argsort(-self._columns.published[live], kind="stable")]

    def forms(self) -> Iterator[tuple[str, int]]:
        """Return the forms of words as they are written, and about how many documents each stands in."""
        fields = [field for shard in self.snapshot.shards if (field := shard.field("exact"))]
        counts: Counter[bytes] = Counter()
        for field in fields:
            for place, form in enumerate(field.terms):
                counts[form] += field.size(place)
        return ((form.decode(), count) for form, count in counts.items())

    def stored(self, doc: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        shard, row = self.snapshot.locate(doc)
        with self._blaming_damage():
            return shard.documents.stored_fields(row)

    def find(self, id_: str) -> int | None:
        """Return the document with an id."""
        docs = self.snapshot.term("id", id_).docs
        return int(docs[-1]) if len(docs) else None

    def marks(self, clause: Clause, docs: Sequence[int]) -> list[Marks]:
        """Return what of *clause* stands where in each of *docs*."""
        with self._blaming_damage():
            return marks(self.snapshot, clause, docs)

    def verify(self) -> None:
        """Compare every byte of the generation with its checksum.

        Raises:
            DamagedError: one differs.
        """
        for shard in self.snapshot.shards:
            for file in shard.files:
                file.verify()
