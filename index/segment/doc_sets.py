"""Set operations on ascending document numbers, in time proportional to the lists, not to the index."""

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.segment.doc_lists import Docs

Rows = NDArray[np.int64]

NONE: Docs = np.zeros(0, np.int64)
# A binary search takes as long as filling and reading this number of table entries.
SEARCH_COST = 12


class DocSets:
    """Set operations over the documents 0 to ``count``; each thread reuses its own tables."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._search_cost = SEARCH_COST
        self._tables = threading.local()

    def intersect(self, ours: Docs, theirs: Docs) -> tuple[Rows, Rows]:
        """Return the rows of the common documents in each list."""
        if ours is theirs:
            all_rows = np.arange(len(ours))
            return all_rows, all_rows
        our_count, their_count = len(ours), len(theirs)
        if our_count > their_count:
            their_rows, our_rows = self.intersect(theirs, ours)
            return our_rows, their_rows
        if not our_count:
            return NONE, NONE
        if our_count * self._search_cost < their_count:
            return _search(ours, theirs)
        return self.rows_of(ours, theirs)

    def is_large(self, docs: Docs, among: Docs) -> bool:
        """Return whether a table is faster than a binary search for each of *docs*."""
        return len(docs) * self._search_cost >= len(among)

    def rows_of(self, docs: Docs, among: Docs) -> tuple[Rows, Rows]:
        """Return which of *docs*, in any order, are in the ascending *among*, and their rows there."""
        count = len(among)
        if not count:
            return NONE, NONE
        # Stale entries are harmless: their rows hold other documents, which the comparison below rejects.
        table = self._places()
        table[among] = np.arange(count, dtype=np.int32)
        rows = table[docs]
        same = (among.take(rows, mode="clip") == docs).nonzero()[0]
        return same, rows[same].astype(np.int64)

    def union(self, lists: Sequence[Docs]) -> Docs:
        """Return the documents that are in any of the lists."""
        if not lists:
            return NONE
        longest, *others = sorted(lists, key=len, reverse=True)
        others = [other for other in others if len(other) and other is not longest]
        if not others:
            return longest
        marks = self._marks()
        marks[longest] = True
        if sum(map(len, others)) * self._search_cost > self.count:
            for other in others:
                marks[other] = True
            return self._take_marked(marks)
        additions = []
        for other in others:
            added = other.compress(~marks[other])
            if len(added):
                marks[added] = True
                additions.append(added)
        marks[longest] = False
        for added in additions:
            marks[added] = False
        if not additions:
            return longest
        members = np.concatenate((longest, *additions))
        members.sort(kind="stable")  # fast on sorted runs
        return members

    def distinct(self, docs: Docs) -> Docs:
        """Return *docs*, in any order and with duplicates, as an ascending set."""
        if len(docs) * self._search_cost > self.count:
            marks = self._marks()
            marks[docs] = True
            return self._take_marked(marks)
        ordered = np.sort(docs, kind="stable")  # fast on sorted runs
        return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else NONE

    def _take_marked(self, marks: NDArray[np.bool_]) -> Docs:
        """Return the marked documents, ascending, and remove their marks."""
        members = np.flatnonzero(marks)
        marks[members] = False
        return members

    def _places(self) -> NDArray[np.int32]:
        """Return the table of rows by document, with stale entries from earlier operations."""
        if not hasattr(self._tables, "places"):
            self._tables.places = np.zeros(self.count, np.int32)
        table: NDArray[np.int32] = self._tables.places
        return table

    def _marks(self) -> NDArray[np.bool_]:
        """Return a table by document that is all False between operations."""
        if not hasattr(self._tables, "marks"):
            self._tables.marks = np.zeros(self.count, bool)
        table: NDArray[np.bool_] = self._tables.marks
        return table


def _search(ours: Docs, theirs: Docs) -> tuple[Rows, Rows]:
    at = theirs.searchsorted(ours)
    at[at == len(theirs)] = 0
    same = (theirs[at] == ours).nonzero()[0]
    return same, at[same]


# A table over this number of low bits rejects most numbers before the binary search.
_SIEVE_BITS = 12
_SIEVE = (1 << _SIEVE_BITS) - 1


def find_any(wanted: Sequence[int], numbers: NDArray[np.int64]) -> Rows:
    """Return the indices of *numbers* that hold one of *wanted*, which are few and ascending.

    >>> find_any([2, 5], np.array([5, 1, 2, 7, 2 + (1 << 12)])).tolist()
    [0, 2]
    """
    targets = np.array(wanted, np.int64)
    if not len(targets):
        return NONE
    sieve = np.zeros(_SIEVE + 1, bool)
    sieve[targets & _SIEVE] = True
    survivors: Rows = sieve.take(numbers & _SIEVE).nonzero()[0]
    values = numbers[survivors]
    places = targets.searchsorted(values)
    found: Rows = survivors[targets.take(places, mode="clip") == values]
    return found
