"""Answers queries from a generation of an index; immutable, shared by all threads."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from lz4.block import LZ4BlockError
from numpy.typing import NDArray

from index.codec import ArrayIndex
from index.query import AskedInterval, Clause, Filters, Query, Sort
from index.results import Explanation, Facets, Histogram
from index.search.collapse import Clusters
from index.search.cursor import Place
from index.search.evaluator import Evaluator
from index.search.explain import word_scores
from index.search.facets import Columns, histogram
from index.search.index_reader import IndexReader
from index.search.match_offsets import Marks, marks
from index.search.proximity import rewarded
from index.search.ranking import FIELD_WEIGHTS
from index.search.scoring import Match, Scores
from index.search.top_k import DIGITS, Contenders, Key, Repeats, first_rows, place_of, rows_after
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE, Rows

Recency = Callable[[NDArray[np.int32]], NDArray[np.float64]]
"""From the day of each document (an ordinal; 0: none) to what its score is multiplied by."""

# Below minus the last day there is.
_UNDATED = -4_000_000.0
# So few documents are scored at once, whatever they might score.
FEW = 256
# What was read of mapped files counts as resident. Where they are larger than this, it is let go of after
# so many searches: 1.5 GB stay resident at a million releases, not 4. The system's cache keeps what it can,
# and mapping it again takes some 0.3 ms a search there.
MAPPED_BYTES, LET_GO_EVERY = 1 << 30, 50
_NO_FILTERS = Filters()
# What arrays that make no sense lead to.
_SENSELESS = (LookupError, ValueError, ArithmeticError, MemoryError, LZ4BlockError)


@dataclass(frozen=True, slots=True)
class TopDocs:
    """A page of documents, best first, and exact counts."""

    docs: tuple[int, ...]
    scores: tuple[float, ...]
    folded: tuple[tuple[int, ...], ...]
    """For each of *docs* the others of its cluster that match too and give way to it."""
    total: int
    facets: Facets
    histogram: Histogram | None
    last: Place | None
    """Of the last of *docs*, where more come after it and the query has a cursor."""

    def first(self, count: int) -> "TopDocs":
        """Return the first *count* documents."""
        return replace(self, docs=self.docs[:count], scores=self.scores[:count], folded=self.folded[:count])


class Searcher:
    """Searches one generation; a later one needs a new searcher."""

    def __init__(
        self,
        ix: ArrayIndex,
        weights: Mapping[str, float] = FIELD_WEIGHTS,
        recency: Recency | None = None,
        together: float = 0.0,
    ) -> None:
        self.snapshot = IndexReader(ix)
        self._weights = weights
        self._evaluator = Evaluator(self.snapshot, weights)
        self._together = together
        with self._blaming_damage():
            self._columns = Columns(self.snapshot)
        self._recency = recency(self._live_days()) if recency else None
        self._ranked = Contenders(self.snapshot.sets, self._recency)
        self._few = FEW
        self._searches = count(1)

    def _live_days(self) -> NDArray[np.int32]:
        """Return the day of each document, 0 for those deleted: nothing is less recent for their sake."""
        days = np.zeros_like(self._columns.published)
        live = self.snapshot.live
        days[live] = self._columns.published[live]
        return days

    @contextmanager
    def _blaming_damage(self) -> Iterator[None]:
        """Look for damage where the arrays make no sense: it is the likeliest cause by far."""
        try:
            yield
        except _SENSELESS:
            self.verify()
            raise

    @cached_property
    def _clusters(self) -> Clusters:
        return Clusters(self.snapshot)

    def search(
        self,
        query: Query,
        *,
        after: Place | None = None,
        barred: Sequence[int] = (),
        collapse: bool = True,
        faceted: bool = True,
    ) -> TopDocs:
        """Return the page that *query* asks for; with *collapse*, one document of each cluster.

        The documents *barred* are none of it. Facets are counted only if it is to be *faceted*. Where the
        query has a cursor, the page begins *after* a place.

        Raises:
            DamagedError: the arrays make no sense, and a checksum says why.
        """
        if next(self._searches) % LET_GO_EVERY == 0:
            self.snapshot.let_go(MAPPED_BYTES)
        with self._blaming_damage():
            match = self._match(query.clause)
            if barred:
                without = self.snapshot.sets.without(match.docs, np.array(sorted(barred), np.int64))
                match = replace(match, docs=without)
            return self._search(match, query, after, collapse=collapse, faceted=faceted)

    def _search(
        self, match: Match, query: Query, after: Place | None, *, collapse: bool, faceted: bool
    ) -> TopDocs:
        clusters = self._clusters if collapse else None
        passed = self._columns.passing if faceted else self._columns.filtered
        passing = passed(match.docs, query.filters, clusters)
        docs = match.docs if passing.rows is None else match.docs[passing.rows]
        met = docs[:0]
        if clusters is not None:
            met = docs[passing.met if passing.rows is None else clusters.met(docs)]
        page, scores, last = self._page(match, docs, met, query, after)
        return TopDocs(
            docs=tuple(page.tolist()),
            scores=tuple(scores.tolist()),
            folded=self._folded(page, met),
            total=len(docs) - self._repeated(met),
            facets=passing.facets,
            histogram=query.histogram and self._histogram(docs, clusters, query.histogram),
            last=last,
        )

    def _match(self, clause: Clause, among: Docs | None = None) -> Match:
        match = self._evaluator.match(clause, among)
        return rewarded(match, clause, self._evaluator, self._together)

    def _page(
        self, match: Match, docs: Docs, met: Docs, query: Query, after: Place | None
    ) -> tuple[Docs, Scores, Place | None]:
        """Return the page that *query* asks for: documents in order, their scores, the place of the last.

        Of each cluster with several documents among *met* only the first in order has a place.
        """
        if after is not None and len(met):
            # What gives way to a document before the place is not to come after it.
            docs, met = self._collapsed(match, docs, query.sort), docs[:0]
        ends = query.per_page if query.cursor else query.page * query.per_page
        wanted = ends + (query.cursor is not None)  # one more tells whether there is a next page
        by_relevance, repeats = query.sort == "relevance", self._repeats if len(met) else None
        contenders = self._contenders(match, docs, wanted, repeats, after) if by_relevance else docs
        scores = self._scores(match, contenders) if by_relevance else np.zeros(0)
        keys = self._keys(contenders, scores.__getitem__, query.sort)

        def name(row: int) -> bytes:
            return self.snapshot.id(int(contenders[row]))

        later = np.arange(len(contenders))
        if len(met):
            later = np.delete(later, self._clusters.repeats(contenders, keys))
        if after is not None:
            later = rows_after(after, keys, later, name)
        first = first_rows(keys, later, name, wanted)
        rows = first[ends - query.per_page : ends]
        page = contenders[rows]
        last = place_of(keys, rows[-1], name) if len(first) > ends else None
        if by_relevance:
            return page, scores[rows], last
        order = np.argsort(page)
        scores = np.zeros(len(page))
        scores[order] = self._scores(match, page[order])
        return page, scores, last

    def _collapsed(self, match: Match, docs: Docs, sort: Sort) -> Docs:
        """Return *docs* without those that another of their cluster goes before."""
        keys = self._keys(docs, lambda rows: self._scores(match, docs[rows]), sort)
        return np.delete(docs, self._clusters.repeats(docs, keys))

    def _repeats(self, docs: Docs) -> int:
        """Return how many of *docs* another of their cluster goes before."""
        return self._repeated(docs[self._clusters.met(docs)])

    def _repeated(self, met: Docs) -> int:
        """Return how many of *met* another of their cluster goes before."""
        return len(met) - int(np.count_nonzero(np.bincount(self._clusters.of[met])))

    def _contenders(
        self, match: Match, docs: Docs, wanted: int, repeats: Repeats | None, after: Place | None
    ) -> Docs:
        """Return those of *docs* that may be among the first so many by score."""
        if match.scoring is None or len(docs) <= max(wanted, self._few):
            return docs
        if after is not None:
            return self._ranked.next(match.scoring, docs, wanted, -after.keys[0])
        return self._ranked.first(match.scoring, docs, wanted, repeats)

    def _scores(self, match: Match, docs: Docs) -> Scores:
        scores = match.scores(docs)
        return scores if self._recency is None else scores * self._recency[docs]

    def _histogram(self, docs: Docs, clusters: Clusters | None, wanted: AskedInterval) -> Histogram:
        met = NONE if clusters is None else clusters.met(docs)
        of = NONE if clusters is None else clusters.of[docs[met]]
        return histogram(self._columns.published[docs], met, of, wanted)

    def _keys(self, docs: Docs, scores: Key, sort: Sort) -> list[Key]:
        """Return what rows of *docs* are ordered by, the highest first."""
        published = self._columns.published

        def newest(rows: Rows) -> Scores:
            return published[docs[rows]].astype(np.float64)

        def oldest(rows: Rows) -> Scores:
            days = newest(rows)
            return np.where(days > 0, -days, _UNDATED)

        if sort == "relevance":
            return [lambda rows: scores(rows).round(DIGITS), newest]
        return [newest if sort == "newest" else oldest]

    def _folded(self, page: Docs, met: Docs) -> tuple[tuple[int, ...], ...]:
        """Return for each document of *page* the others of its cluster among *met*."""
        if not len(met):
            return ((),) * len(page)
        of = self._clusters.of
        theirs = of[met]
        return tuple(
            tuple(other for other in met[theirs == cluster].tolist() if other != doc) if cluster >= 0 else ()
            for doc, cluster in zip(page.tolist(), of[page].tolist(), strict=True)
        )

    def count(self, clause: Clause, filters: Filters = _NO_FILTERS) -> int:
        """Return how many documents match; those of one cluster count once."""
        docs = self._evaluator.match(clause).docs
        rows = self._columns.filtered(docs, filters, None).rows
        docs = docs if rows is None else docs[rows]
        return len(docs) - self._repeats(docs)

    def scores(self, clause: Clause, docs: Sequence[int]) -> list[float]:
        """Return what each of *docs* scores, 0 where it does not match."""
        match = self._match(clause, np.array(sorted(docs), np.int64))
        known = dict(zip(match.docs.tolist(), self._scores(match, match.docs).tolist(), strict=True))
        return [known.get(doc, 0.0) for doc in docs]

    def explain(self, clause: Clause, docs: Iterable[int]) -> dict[int, Explanation]:
        """Return why those of *docs* that match score what they do."""
        match = self._match(clause, np.array(sorted(docs), np.int64))
        scores = match.scores(match.docs)
        apart = self._evaluator.match(clause, match.docs).scores(match.docs)
        recency = np.ones(len(match.docs)) if self._recency is None else self._recency[match.docs]
        words = word_scores(self._evaluator, self.snapshot, self._weights, clause, match.docs)
        parts = zip(*(one.tolist() for one in (match.docs, scores, apart, recency)), words, strict=True)
        return {
            doc: Explanation(
                score=newer * score,
                recency=newer,
                together=score / alone if alone else 1.0,
                words=tuple(told),
            )
            for doc, score, alone, newer, told in parts
        }

    def rarity(self, field: str, text: str) -> float:
        """Return how much a term says of a document that it stands in."""
        return self.snapshot.idf(len(self.snapshot.term(field, text)))

    def stored(self, doc: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        shard, row = self.snapshot.locate(doc)
        try:
            return shard.documents.stored_fields(row)
        except _SENSELESS:
            self.verify()
            raise

    def published(self, doc: int) -> date | None:
        """Return the day of a document, None if it has none."""
        day = int(self._columns.published[doc])
        return date.fromordinal(day) if day > 0 else None

    def find(self, id_: str) -> int | None:
        """Return the document with an id."""
        docs = self.snapshot.term("id", id_).docs
        return int(docs[-1]) if len(docs) else None

    def marks(self, clause: Clause, docs: Sequence[int]) -> list[Marks]:
        """Return what of *clause* stands where in each of *docs*."""
        with self._blaming_damage():
            return marks(self.snapshot, clause, docs)

    @property
    def files(self) -> frozenset[Path]:
        """The files of arrays that the generation is made of."""
        return frozenset(file.path for shard in self.snapshot.shards for file in shard.files)

    def verify(self, *, sound: Container[Path] = ()) -> None:
        """Compare every byte of the generation with its checksum, less the files known to be *sound*.

        Raises:
            DamagedError: one differs.
        """
        for shard in self.snapshot.shards:
            for file in shard.files:
                if file.path not in sound:
                    file.verify()
