"""The documents that match a query, while it is answered."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compiled import memory
from index.search.compiled import posting_lists
from index.search.compiled.posting_lists import DecodedList

# The document of a member of a cluster.
LOWER_HALF = (1 << 32) - 1


class Matches:
    """Documents that match, ascending, with their scores, and those of clusters, while a query is answered.

    At first they are those of the list *whole*.
    """

    def __init__(self, whole: DecodedList) -> None:
        self.whole = whole
        self.count = self.whole.count
        self.docs = memory.room_for_ints(self.count)
        self.scores = memory.room_for_doubles(self.count)
        memory.copy_ints(self.docs, 0, self.whole.docs, 0, self.count)
        self.members = memory.new_longs(1)
        self.member_count = self.repeats = 0

    def __dealloc__(self) -> None:
        memory.release(self.docs)
        memory.release(self.scores)
        memory.release(self.members)

    def array(self) -> NDArray[np.int64]:
        """Return the documents as NumPy has them."""
        found = np.empty(self.count, np.int64)
        copy_docs(self, found.data)
        return found

    def score_array(self) -> NDArray[np.float64]:
        """Return the scores as NumPy has them."""
        found = np.empty(self.count)
        copy_scores(self, found.data)
        return found

    def list(self) -> DecodedList:
        """Return the documents as a list, without frequencies."""
        found = DecodedList()
        found.docs, found.count = memory.room_for_ints(self.count), self.count
        memory.copy_ints(found.docs, 0, self.docs, 0, self.count)
        return found

    def intersect(self, other: DecodedList) -> int:
        """Keep the documents that are in *other*."""
        table = memory.new_bytes(posting_lists.SPAN)
        block, row, kept = 0, 0, 0
        while block < self.count:
            end = min(block + posting_lists.BLOCK, self.count)
            first, last = self.docs[block], self.docs[end - 1]
            row = other.first_from(row, first)
            others_end = other.first_from(row, last + 1)
            is_long = last - first >= posting_lists.SPAN
            if is_long or others_end - row > posting_lists.DENSE * posting_lists.BLOCK:
                kept = other.keep_common(self.docs, block, end, row, kept)
            else:
                for i in range(block, end):
                    table[self.docs[i] - first] = 0
                for i in range(row, others_end):
                    table[other.docs[i] - first] = 1
                # Without branches, which the processor would mispredict.
                for i in range(block, end):
                    doc = self.docs[i]
                    self.docs[kept] = doc
                    kept += table[doc - first]
            row, block = others_end, end
        self.count = kept
        memory.release(table)
        return 0

    def keep(self, rows: memoryview) -> int:
        """Keep the documents in *rows*, which ascend."""
        self.count = len(rows)
        for i in range(self.count):
            self.docs[i] = self.docs[rows[i]]
        return 0

    def keep_between(self, days: memoryview, first: int, last: int) -> int:
        """Keep the documents whose day is from *first* to *last*; *days* has that of each."""
        kept = 0
        for i in range(self.count):
            doc = self.docs[i]
            self.docs[kept] = doc
            kept += first <= days[doc] and days[doc] <= last
        self.count = kept
        return 0

    def drop(self, excluded: set[int]) -> int:
        """Drop the documents *excluded*."""
        kept = 0
        for i in range(self.count):
            if self.docs[i] not in excluded:
                self.docs[kept] = self.docs[i]
                kept += 1
        self.count = kept
        return 0

    def group(self, clusters: memoryview) -> int:
        """Set the members of clusters that have several of the documents; *clusters* has each one's or -1."""
        count, kept, first = self.collect_members(clusters), 0, 0
        memory.sort_longs(self.members, count)
        while first < count:
            end = first + 1
            while end < count and self.members[end] >> 32 == self.members[first] >> 32:
                end += 1
            if end - first > 1:
                self.repeats += end - first - 1
                memory.copy_longs(self.members, kept, self.members, first, end - first)
                kept += end - first
            first = end
        self.member_count = kept
        return 0

    def collect_members(self, clusters: memoryview) -> int:
        """Set the members, in any order, to those of all clusters, and return their number."""
        count = 0
        for i in range(self.count):
            count += clusters[self.docs[i]] >= 0
        members = memory.room_for_longs(count)
        memory.release(self.members)
        self.members, self.member_count, self.repeats, count = members, 0, 0, 0
        for i in range(self.count):
            doc = self.docs[i]
            if clusters[doc] >= 0:
                self.members[count] = clusters[doc] << 32 | doc
                count += 1
        return count

    def folded(self, cluster: int, doc: int) -> tuple[int, ...]:
        """Return the other matches of the cluster of a document, ascending."""
        first, end = 0, self.member_count
        while first < end:
            middle = (first + end) >> 1
            if self.members[middle] >> 32 < cluster:
                first = middle + 1
            else:
                end = middle
        others = []
        while first < self.member_count and self.members[first] >> 32 == cluster:
            other = self.members[first] & LOWER_HALF
            if other != doc:
                others.append(other)
            first += 1
        return tuple(others)


def copy_docs(matches: Matches, to: memoryview) -> None:
    """Copy the documents to an array."""
    for i in range(matches.count):
        to[i] = matches.docs[i]


def copy_scores(matches: Matches, to: "memoryview[Any]") -> None:
    """Copy the scores to an array."""
    for i in range(matches.count):
        to[i] = matches.scores[i]
