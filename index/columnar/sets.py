"""Ascending document numbers with scores: unions and intersections that take time by what they hold."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.columnar.lists import Docs

Scores = NDArray[np.float64]
Combine = Callable[[Scores, Scores], Scores]

NONE: Docs = np.zeros(0, np.int64)
# Above this share of all documents a table of all is faster than binary search.
DENSE_SHARE = 1 / 64
# A binary search takes as long as looking up so many documents in a table.
SEARCH_COST = 32


@dataclass(frozen=True, slots=True)
class Match:
    """The documents that match, ascending, and what each scores; no scores at all means 0 for each."""

    docs: Docs
    scores: Scores | None = None

    def among(self, rows: NDArray[np.int64]) -> "Match":
        """Return only these rows."""
        return Match(self.docs[rows], None if self.scores is None else self.scores[rows])

    def plus(self, scores: Scores | None) -> "Match":
        """Return the same documents with *scores* added."""
        if scores is None or self.scores is None:
            return Match(self.docs, self.scores if scores is None else scores)
        return Match(self.docs, self.scores + scores)


NOTHING = Match(NONE)


class Sets:
    """Set operations over the documents 0 to ``count``; tables are kept for each thread."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._dense_from = count * DENSE_SHARE
        self._tables = threading.local()

    def intersect(self, ours: Docs, theirs: Docs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return at which places of each the two lists hold the same."""
        if min(len(ours), len(theirs)) > self._dense_from:
            return self._dense_intersect(ours, theirs)
        if len(ours) > len(theirs):
            others, mine = self.intersect(theirs, ours)
            return mine, others
        return self._search(ours, theirs)

    def _search(self, ours: Docs, theirs: Docs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if not len(ours) or not len(theirs):
            return NONE, NONE
        at = np.searchsorted(theirs, ours)
        at[at == len(theirs)] = 0
        same = np.flatnonzero(theirs[at] == ours)
        return same, at[same]

    def _dense_intersect(self, ours: Docs, theirs: Docs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if len(ours) > len(theirs):
            others, mine = self._dense_intersect(theirs, ours)
            return mine, others
        places = self._places()
        places[ours] = np.arange(1, len(ours) + 1, dtype=np.int32)
        at = places[theirs]
        places[ours] = 0
        same = at.nonzero()[0]
        return at[same].astype(np.int64) - 1, same

    @contextmanager
    def within(self, ours: Docs) -> Iterator[Callable[[Docs], tuple[NDArray[np.int64], NDArray[np.int64]]]]:
        """Give what ``intersect`` of *ours* with list after list is, faster than one by one."""
        places = self._places()
        places[ours] = np.arange(1, len(ours) + 1, dtype=np.int32)

        def found(theirs: Docs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
            if len(ours) * SEARCH_COST < len(theirs):
                return self._search(ours, theirs)
            at = places[theirs]
            same = at.nonzero()[0]
            return at[same].astype(np.int64) - 1, same

        try:
            yield found
        finally:
            places[ours] = 0

    def union(self, lists: Sequence[Docs]) -> Docs:
        """Return what is in any of the lists."""
        if len(lists) == 1:
            return lists[0]
        return self.distinct(lists)

    def distinct(self, lists: Sequence[Docs]) -> Docs:
        """Return what is in any of the lists, which need not be ascending or without repeats."""
        total = sum(map(len, lists))
        if total > self._dense_from:
            return self._dense_union(lists)
        both = np.concatenate(lists) if lists else NONE
        both.sort(kind="stable")  # fast where there are ascending stretches
        return both[np.concatenate(([True], both[1:] != both[:-1]))] if total else NONE

    def _dense_union(self, lists: Sequence[Docs]) -> Docs:
        marks = self._marks()
        for docs in lists:
            marks[docs] = True
        found = np.flatnonzero(marks)
        marks[found] = False
        return found

    def combined(self, matches: Sequence[Match], combine: Combine) -> Match:
        """Return the union, the scores of a document in several combined."""
        if len(matches) == 1:
            return matches[0]
        docs = self.union([match.docs for match in matches])
        scored = [match for match in matches if match.scores is not None]
        if not scored:
            return Match(docs)
        if len(docs) > self._dense_from:
            return Match(docs, self._dense_scores(docs, scored, combine))
        scores = np.zeros(len(docs))
        for match in scored:
            rows = np.searchsorted(docs, match.docs)
            scores[rows] = combine(scores[rows], match.scores)  # type: ignore[arg-type]  # only those that have some
        return Match(docs, scores)

    def _dense_scores(self, docs: Docs, matches: Sequence[Match], combine: Combine) -> Scores:
        table = self._sums()
        for match in matches:
            table[match.docs] = combine(table[match.docs], match.scores)  # type: ignore[arg-type]  # as above
        scores = table[docs]
        table[docs] = 0
        return scores

    def without(self, match: Match, excluded: Docs) -> Match:
        """Return the match without some documents."""
        rows, _ = self.intersect(match.docs, excluded)
        if not len(rows):
            return match
        kept = np.ones(len(match.docs), bool)
        kept[rows] = False
        return match.among(np.flatnonzero(kept))

    # Each table is all zeros between two operations.

    def _places(self) -> NDArray[np.int32]:
        if not hasattr(self._tables, "places"):
            self._tables.places = np.zeros(self.count, np.int32)
        found: NDArray[np.int32] = self._tables.places
        return found

    def _marks(self) -> NDArray[np.bool_]:
        if not hasattr(self._tables, "marks"):
            self._tables.marks = np.zeros(self.count, bool)
        found: NDArray[np.bool_] = self._tables.marks
        return found

    def _sums(self) -> Scores:
        if not hasattr(self._tables, "sums"):
            self._tables.sums = np.zeros(self.count)
        found: Scores = self._tables.sums
        return found
