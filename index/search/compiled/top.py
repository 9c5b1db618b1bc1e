"""The best documents by score, day and id; of a cluster, only the best one."""

from collections.abc import Callable
from math import inf

from index.compiled import memory
from index.search.top_k import DIGITS

SCALE = 10.0**DIGITS
# From here on, doubles are whole numbers.
WHOLE = 4503599627370496.0
LOWEST = -inf


class RankingValues:
    """What ranks the documents of a generation besides their words.

    *recency* has the factors of their scores, None if there are none; *days* and ids order equal scores. The
    cluster of a document without one is negative.
    """

    def __init__(
        self,
        days: memoryview,
        clusters: memoryview,
        recency: "memoryview[float] | None",
        id_of: Callable[[int], bytes],
    ) -> None:
        self.days, self.clusters, self.id_of = days, clusters, id_of
        self.has_recency = recency is not None
        if recency is not None:
            self.recency = recency


class Top:
    """The best *most* of the documents added, in order; with *collapse*, one of each cluster.

    For one query.
    """

    def __init__(self, values: RankingValues, most: int, collapse: bool) -> None:
        if most < 1:
            raise ValueError("the best documents must be one or more")
        self.values, self.most, self.collapse, self.size = values, most, collapse, 0
        self.keys = memory.new_doubles(most)
        self.scores = memory.new_doubles(most)
        self.docs = memory.new_ints(most)

    def __dealloc__(self) -> None:
        memory.release(self.keys)
        memory.release(self.scores)
        memory.release(self.docs)

    def threshold(self) -> float:
        """Return a score below which no document is added any more."""
        return (self.keys[self.most - 1] - 1) / SCALE if self.size == self.most else LOWEST

    def add(self, doc: int, score: float) -> int:
        """Add a document if it is good enough."""
        # Scores that agree in DIGITS digits are equal: they differ only by the order of summation.
        key = rounded(score * SCALE)
        if self.size == self.most and not self.is_before(key, doc, self.size - 1):
            return 0
        if self.collapse and self.values.clusters[doc] >= 0:
            same = self.row_of_cluster(self.values.clusters[doc])
            if same < self.size:
                if not self.is_before(key, doc, same):
                    return 0
                self.size -= 1
                for row in range(same, self.size):
                    self.move(row + 1, row)
        row = min(self.size, self.most - 1)
        self.size = row + 1
        while row and self.is_before(key, doc, row - 1):
            self.move(row - 1, row)
            row -= 1
        self.keys[row], self.scores[row], self.docs[row] = key, score, doc
        return 0

    def add_all(self, docs: memoryview, scores: "memoryview[float]", count: int) -> int:
        """Add documents, whose scores are without recency."""
        threshold = self.threshold()
        for row in range(count):
            score = scores[row]
            if self.values.has_recency:
                score *= self.values.recency[docs[row]]
            if score >= threshold:
                self.add(docs[row], score)
                threshold = self.threshold()
        return 0

    def row_of_cluster(self, cluster: int) -> int:
        """Return the row of the document of a cluster; the number of rows if there is none."""
        row = 0
        while row < self.size and self.values.clusters[self.docs[row]] != cluster:
            row += 1
        return row

    def move(self, row: int, to: int) -> None:
        """Copy a row to another one."""
        self.keys[to], self.scores[to], self.docs[to] = self.keys[row], self.scores[row], self.docs[row]

    def is_before(self, key: float, doc: int, row: int) -> bool:
        """Return whether a document with a rounded score is better than the one in a row."""
        if key != self.keys[row]:
            return key > self.keys[row]
        other = self.docs[row]
        if self.values.days[doc] != self.values.days[other]:
            return self.values.days[doc] > self.values.days[other]
        return self.has_lower_id(doc, other)

    def has_lower_id(self, doc: int, other: int) -> bool:
        """Return whether the id of a document is before that of another one."""
        return self.values.id_of(doc) < self.values.id_of(other)

    def ranked(self) -> list[tuple[int, float]]:
        """Return the documents and their scores, best first."""
        return [(self.docs[row], self.scores[row]) for row in range(self.size)]

    def sort_keys(self, row: int) -> tuple[float, float]:
        """Return the ascending sort keys of a row: its rounded score and its day, both negative."""
        return -self.keys[row] / SCALE, -float(self.values.days[self.docs[row]])


def rounded(scaled: float) -> float:
    """Return the nearest whole number of one that is not negative; of two, the even one."""
    return (scaled + WHOLE) - WHOLE if scaled < WHOLE else scaled
