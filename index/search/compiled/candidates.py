"""The best documents; the boost of adjacent words is looked for only where that may matter."""

import cython

from index import deadline
from index.compiled import memory
from index.search.compiled.proximity import Neighbours
from index.search.compiled.top import RankingValues, Top

# Candidates between two looks at the clock.
CHECK_EVERY = 256


class PromisingDocs:
    """Documents that may be among the best, up to *room*; first the one whose score may be the highest.

    They are a heap, as most often only a few are looked at.
    """

    def __init__(self, room: int) -> None:
        self.docs = memory.room_for_ints(room)
        self.order = memory.room_for_ints(room)
        self.scores = memory.room_for_doubles(room)
        self.uppers = memory.room_for_doubles(room)
        self.count = 0

    def __dealloc__(self) -> None:
        memory.release(self.docs)
        memory.release(self.order)
        memory.release(self.scores)
        memory.release(self.uppers)

    def collect(
        self,
        values: RankingValues,
        docs: memoryview,
        scores: "memoryview[float]",
        count: int,
        gain: float,
        threshold: float,
    ) -> int:
        """Add documents, unless the score with recency and *gain* is below *threshold*."""
        recency = 1.0
        for row in range(count):
            if values.has_recency:
                recency = values.recency[docs[row]]
            upper = scores[row] * gain * recency
            if upper >= threshold:
                self.docs[self.count], self.scores[self.count] = docs[row], scores[row] * recency
                self.uppers[self.count], self.order[self.count] = upper, self.count
                self.count += 1
        place = self.count >> 1
        while place:
            place -= 1
            self.sink(place)
        return 0

    def sink(self, place: int) -> None:
        """Move the candidate of a place below all that may be higher; those below are in order."""
        mine = self.order[place]
        below = 2 * place + 1
        while below < self.count:
            if below + 1 < self.count and self.upper_at(below) < self.upper_at(below + 1):
                below += 1
            if self.upper_at(below) <= self.uppers[mine]:
                break
            self.order[place] = self.order[below]
            place = below
            below = 2 * place + 1
        self.order[place] = mine

    def upper_at(self, place: int) -> float:
        """Return what the score of a candidate cannot exceed."""
        return self.uppers[self.order[place]]

    def move_to(self, top: Top, neighbours: Neighbours, most: int) -> int:
        """Move up to *most* candidates to the top; return how many, fewer if the rest cannot be better."""
        for moved in range(most):
            if not self.count or self.upper_at(0) < top.threshold():
                return moved
            row = self.order[0]
            top.add(self.docs[row], self.scores[row] * neighbours.boost(self.docs[row]))
            self.count -= 1
            self.order[0] = self.order[self.count]
            self.sink(0)
        return most


def best(
    values: RankingValues,
    docs: memoryview,
    scores: "memoryview[float]",
    count: int,
    most: int,
    collapse: bool,
) -> Top:
    """Return the best *most* of some documents by score and recency; with *collapse*, one of each cluster."""
    top = Top(values, most, collapse)
    with cython.nogil:
        top.add_all(docs, scores, count)
    return top


def best_boosted(
    values: RankingValues,
    neighbours: Neighbours,
    docs: memoryview,
    scores: "memoryview[float]",
    count: int,
    most: int,
    collapse: bool,
) -> Top:
    """Return the best *most* of some documents by score, recency and the boost of neighbours."""
    threshold = best(values, docs, scores, count, most, collapse).threshold()
    top, candidates = Top(values, most, collapse), PromisingDocs(count)
    with cython.nogil:
        candidates.collect(values, docs, scores, count, 1 + neighbours.most, threshold)
    moved = CHECK_EVERY
    while moved == CHECK_EVERY:
        deadline.check()
        with cython.nogil:
            moved = candidates.move_to(top, neighbours, CHECK_EVERY)
    return top
