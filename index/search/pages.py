"""Pages of any order, far pages and those after a cursor: chosen from the scores of all that match."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from index.query import Sort
from index.search.collapse import Clusters
from index.search.cursor import HitPlace
from index.search.top_k import (
    NOISE,
    Scores,
    SortKey,
    first_rows,
    nth_highest,
    own_first,
    place_of,
    rows_after,
    sort_keys,
)
from index.segment.doc_lists import Docs
from index.segment.doc_sets import Rows


@dataclass(frozen=True, slots=True)
class Boost:
    """A boost of scores that is computed only where it may matter."""

    factors: Callable[[Docs], Scores]
    """Returns the factor of each of some ascending documents."""
    largest: float
    """The largest factor; the least is 1."""


@dataclass(frozen=True, slots=True)
class Order:
    """The order of an answer: by *sort*, then by id; of each of the *clusters*, if given, only the first."""

    sort: Sort
    published: NDArray[np.int32]
    """The day of every document of the index."""
    clusters: Clusters | None
    is_own: NDArray[np.bool_] | None
    """Whether each document is in the language asked for, which leads its cluster; None if none is."""
    id_of: Callable[[int], bytes]

    def first(
        self, docs: Docs, scores: Scores, boost: Boost | None, count: int, after: HitPlace | None
    ) -> tuple[Docs, Scores, HitPlace | None]:
        """Return the first *count* of the ascending *docs* after the place *after*, and their *scores*.

        Also return the place of the one before the last. Scores are without the *boost*, if there is one.
        """
        if self.clusters is not None:
            docs, scores = self._without_repeats(self.clusters, docs, scores, boost)
        if boost is not None:
            reaching = _within_reach(scores, boost.largest, count, after)
            docs, scores = docs[reaching], scores[reaching]
            scores = scores * boost.factors(docs)
        keys = self._keys(docs, scores)

        def name(row: int) -> bytes:
            return self.id_of(int(docs[row]))

        rows = np.arange(len(docs))
        if after is not None:
            rows = rows_after(after, keys, rows, name)
        first = first_rows(keys, rows, name, count)
        last = place_of(keys, first[-2], name) if len(first) > 1 else None
        return docs[first], scores[first], last

    def _without_repeats(
        self, clusters: Clusters, docs: Docs, scores: Scores, boost: Boost | None
    ) -> tuple[Docs, Scores]:
        """Return the documents that no other one of their cluster precedes, and their scores."""
        boosted = scores
        if boost is not None:
            boosted, shared = scores.copy(), clusters.rows_sharing_cluster(docs)
            boosted[shared] *= boost.factors(docs[shared])
        repeats = clusters.repeats(docs, [*own_first(self.is_own, docs), *self._keys(docs, boosted)])
        return np.delete(docs, repeats), np.delete(scores, repeats)

    def _keys(self, docs: Docs, scores: Scores) -> list[SortKey]:
        return sort_keys(self.published, docs, scores.__getitem__, self.sort)


def _within_reach(scores: Scores, largest: float, count: int, after: HitPlace | None) -> Rows:
    """Return the rows of which *count* may be the first after a place, once their *scores* are boosted."""
    rows = np.arange(len(scores))
    if after is not None:
        most = -after.keys[0]
        rows = np.flatnonzero(scores <= most + NOISE)
        # These may precede the place.
        count += int(np.count_nonzero(scores[rows] * largest >= most - NOISE))
    least = nth_highest(scores[rows], count) if 0 < count < len(rows) else -inf
    reaching: Rows = rows[scores[rows] * largest >= least - NOISE]
    return reaching
