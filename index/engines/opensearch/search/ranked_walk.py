"""The order of the documents that match a query, read as far as it is asked for.

By relevance, it is that of our scores for the first 20,000 documents of the cluster's rough order, provided
that none of them is more than 5,000 places away from its own there; the others follow in the rough order.
Searches, walks by cursors and listings read this one order.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from heapq import heappop, heappush
from itertools import islice

from index import deadline
from index.engines.opensearch.connection import Json
from index.engines.opensearch.search.head import Candidate
from index.engines.opensearch.search.ranked_matches import (
    CANDIDATES,
    PAGE_MAX,
    Ranked,
    RankedMatches,
    day_position,
    leads,
    position,
    rough_position,
    without_words,
)
from index.search.cursor import HitPlace

# Candidates whose words are read, which are 40 MB of them; and those that wait for a better one.
_RANKED_MAX, _PENDING_MAX = 20_000, 5_000
# A later candidate may score more than any so far, relative to its rough score, by this factor.
_MARGIN = 1.02


class RankedWalk:
    """The documents of *matches* by relevance, read as far as they are asked for; shared by all threads.

    What a request that failed has read stays, so the next one goes on from there.
    """

    def __init__(self, matches: RankedMatches) -> None:
        self._matches = matches
        self._found: list[Ranked] = []
        self._places: dict[bytes, int] = {}
        self._pending: list[tuple[tuple[tuple[float, ...], bytes], Ranked]] = []
        self._leaders: dict[str, int] = {}
        self._ratio, self._read, self._size = 0.0, 0, CANDIDATES
        self._last: Candidate | None = None
        self._is_ranked = self._is_read = False
        self._reading = threading.Lock()

    def request(self, count: int, after: HitPlace | None) -> Json | None:
        """Return the search that ``first`` will send for the same values, None if it may need none."""
        if not self._matches.is_scored:
            return self._matches.request(day_position(after) if after else None, CANDIDATES)
        if after is not None and (rough := rough_position(after)):
            return self._matches.request(rough, CANDIDATES)
        with self._reading:
            is_known = after is not None and after.id in self._places
            if self._is_ranked or is_known or len(self._found) >= count:
                return None
            return self._matches.request(self._last_position(), self._size)

    def accept(self, request: Json, answer: Json) -> None:
        """Take the *answer* to the *request*."""
        self._matches.accept(request, answer)

    def others_of_cluster(self, one: Ranked) -> tuple[int, ...]:
        """Return the other matches of the cluster of a document that was found."""
        copies = self._matches.copies.get(one.candidate.cluster, frozenset())
        return tuple(sorted(copies - {one.candidate.number}))

    def first(self, count: int, after: HitPlace | None) -> list[Ranked]:
        """Return the first *count* documents after the place *after*, best first."""
        if not self._matches.is_scored:
            return list(islice(self._matches.by_day(after, has_words=True), count))
        if after is not None and (rough := rough_position(after)):
            return self._roughly(rough, count)
        with self._reading:
            start = self._start_after(after)
            while not self._is_ranked and len(self._found) < start + count:
                self._read_on()
            scored = self._found[start : start + count]
            is_last = self._is_ranked and len(scored) < count
        rest = self._rest_from()
        return [*scored, *self._roughly(rest, count - len(scored))] if is_last and rest else scored

    def _roughly(self, after: list[object], count: int) -> list[Ranked]:
        return list(islice(self._matches.roughly(after, has_words=True), count))

    def all(self) -> Iterator[Ranked]:
        """Yield all documents, best first, without their words."""
        if not self._matches.is_scored:
            yield from self._matches.by_day(has_words=False)
            return
        place = 0
        while True:
            with self._reading:
                while not self._is_ranked and len(self._found) <= place:
                    self._read_on()
                if len(self._found) <= place:
                    break
                one = self._found[place]
            yield one
            place += 1
        if rest := self._rest_from():
            yield from self._matches.roughly(rest, has_words=False)

    def _start_after(self, after: HitPlace | None) -> int:
        """Return the number of documents up to the place *after*; reads on until it is found."""
        if after is None:
            return 0
        while not self._is_ranked and after.id not in self._places:
            self._read_on()
        if after.id in self._places:
            return self._places[after.id] + 1
        key = after.keys, after.id  # a made-up place, or one of another copy of a shard
        return sum(one.key <= key for one in self._found)

    def _rest_from(self) -> list[object] | None:
        """Return the position from which the documents are not ranked by our scores; None if all are."""
        return None if self._is_read else self._last_position()

    def _last_position(self) -> list[object] | None:
        return position(self._last, "relevance", by_score=True) if self._last else None

    def _read_on(self) -> None:
        """Rank the next documents of the rough order; changes nothing if it fails."""
        deadline.check()
        candidates = self._matches.scored_page(self._last_position(), self._size)
        new = self._matches.rank(candidates)
        self._leaders |= self._matches.find_leaders(candidates, self._leaders)
        self._ratio = max(
            [self._ratio, *(one.score / one.candidate.rough for one in new if one.candidate.rough)]
        )
        self._is_read = len(candidates) < self._size
        self._read += len(candidates)
        self._is_ranked = self._is_read or self._read >= _RANKED_MAX
        if candidates:
            self._last = replace(candidates[-1], tokens="")
        self._size = min(2 * self._size, PAGE_MAX)
        self._order([without_words(one) for one in new if leads(one.candidate, self._leaders)])

    def _order(self, new: Iterable[Ranked]) -> None:
        """Add *new* documents; find those that no later one can precede, or that too many wait for."""
        for one in new:
            heappush(self._pending, (one.key, one))
            if len(self._pending) > _PENDING_MAX:
                self._find_best()
        bound = self._ratio * _MARGIN * self._last.rough if self._last else 0.0
        while self._pending and (self._is_ranked or self._pending[0][1].score > bound):
            self._find_best()

    def _find_best(self) -> None:
        one = heappop(self._pending)[1]
        self._places[one.place.id] = len(self._found)
        self._found.append(one)
