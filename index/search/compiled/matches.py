"""The documents that match a query, while it is answered, and their scores by words."""

from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import deadline
from index.compiled import memory
from index.search.compiled import posting_lists
from index.search.compiled.posting_lists import DecodedList
from index.search.compiled.words import Norms, QueryWord

BLOCK, SPAN, DENSE = posting_lists.BLOCK, posting_lists.SPAN, posting_lists.DENSE
# Documents between two looks at the clock, which also let other threads run.
CHECK_EVERY = 64 * BLOCK
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


def match_all(asked: list[QueryWord]) -> Matches:
    """Return the documents that match all of some words."""
    rarest_first = sorted(asked, key=attrgetter("size"))
    rarest = rarest_first[0]
    found = Matches(rarest.matching)
    for word in rarest_first[1:]:
        found.intersect(word.matching)
    return found


class BlockScorer:
    """Scores words in ascending documents, up to BLOCK at a time; for one query of so many *terms*.

    ``rows`` are the rows in the lists of the terms from which to go on; ``of_word`` has the scores of a word.
    If the documents are those of the list *whole*, they are not looked up in it.
    """

    def __init__(self, terms: int, whole: DecodedList | None) -> None:
        self.whole, self.rows = whole, memory.new_longs(terms)
        self.table = memory.room_for_floats(SPAN)
        self.frequencies = memory.room_for_floats(BLOCK)
        self.lengths = memory.room_for_doubles(BLOCK)
        self.best = memory.room_for_doubles(BLOCK)
        self.of_word = memory.room_for_doubles(BLOCK)

    def __dealloc__(self) -> None:
        memory.release(self.rows)
        memory.release(self.table)
        memory.release(self.frequencies)
        memory.release(self.lengths)
        memory.release(self.best)
        memory.release(self.of_word)

    def score_word(self, word: QueryWord, number: int, docs: memoryview, first: int, count: int) -> int:
        """Set ``of_word`` to the scores in *count* documents from *first* on; *number* is its first row."""
        of_field: Norms | None = None
        is_alternative = False
        for i in range(count):
            self.of_word[i] = 0
        for term in word.scored():
            if term.of_field is not of_field:
                of_field = term.of_field
                self.set_lengths(of_field, docs, first, count)
            self.rows[number] = self.look_up(term.list, docs, first, count, self.rows[number])
            number += 1
            if not (term.is_alternative or is_alternative):
                self.add(term.most, count)
                continue
            if not is_alternative:
                for i in range(count):
                    self.best[i] = 0
            self.keep_better(term.most, count)
            is_alternative = term.is_alternative
            if not is_alternative:
                for i in range(count):
                    self.of_word[i] += self.best[i]
        return 0

    def set_lengths(self, norms: Norms, docs: memoryview, first: int, count: int) -> int:
        """Set ``lengths`` to the norms of documents."""
        lengths = self.lengths
        for i in range(count):
            lengths[i] = norms.values[docs[first + i]]
        return 0

    def add(self, most: float, count: int) -> int:
        """Add the scores of a term, by its frequencies and largest score."""
        scores, frequencies, lengths = self.of_word, self.frequencies, self.lengths
        for i in range(count):
            frequency = frequencies[i]
            scores[i] += frequency / (frequency + lengths[i]) * most
        return 0

    def keep_better(self, most: float, count: int) -> int:
        """Set ``best`` to the scores of a term where they are better."""
        best, frequencies, lengths = self.best, self.frequencies, self.lengths
        for i in range(count):
            frequency = frequencies[i]
            best[i] = max(best[i], frequency / (frequency + lengths[i]) * most)
        return 0

    def look_up(self, found: DecodedList, docs: memoryview, first: int, count: int, row: int) -> int:
        """Set ``frequencies`` to those of a list; return the row after *row* from which to go on."""
        frequencies, table = self.frequencies, self.table
        if found is self.whole and row == first:
            memory.copy_floats(frequencies, 0, found.frequencies, row, count)
            return row + count
        base, last = docs[first], docs[first + count - 1]
        row = found.first_from(row, base)
        end = found.first_from(row, last + 1)
        if last - base >= SPAN or end - row > DENSE * count:
            return found.look_up(docs, first, count, row, frequencies)
        for i in range(count):
            table[docs[first + i] - base] = 0
        while row < end:
            table[found.docs[row] - base] = found.frequencies[row]
            row += 1
        for i in range(count):
            frequencies[i] = table[docs[first + i] - base]
        return row


def score(
    words: list[QueryWord],
    whole: DecodedList | None,
    docs: memoryview,
    count: int,
    scores: "memoryview[float]",
) -> int:
    """Set *scores* to the sums of the scores of *words* in ascending *docs*, added in the order of *words*.

    *whole* is the list that the documents are those of, if there is one.
    """
    scorer, first = BlockScorer(sum([len(word.scored()) for word in words]), whole), 0
    while first < count:
        if not first % CHECK_EVERY:
            deadline.check()
        size, number = min(BLOCK, count - first), 0
        for i in range(size):
            scores[first + i] = 0
        for word in words:
            scorer.score_word(word, number, docs, first, size)
            for i in range(size):
                scores[first + i] += scorer.of_word[i]
            number += len(word.scored())
        first += BLOCK
    return 0
