"""Which later release goes on with what was to fall due, by the words that both share?"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log

from index.mentions import DueKind
from index.register.matters import MatterWord

# What a follower must share of the weight of all words, of the names and of the core, and in words at least.
# Chosen with tests/judged/followed: below, another school is taken for the same.
_SHARE, _NAMES_SHARE, _CORE_SHARE, _WORDS_MIN = 0.4, 0.5, 0.7, 3
_PLAIN_MIN = 2
"""Shared words that are no names: another matter of the same law, person or place shares its name only."""
_NAME_WEIGHT = 2.0
_AFTERWARDS = 1.1
"""How much more likely a release is that comes when the time has come, not before."""
_WINDOW = timedelta(days=180)
"""After the last day: what comes later is of another year."""
_EDITION = timedelta(days=100)
"""A deadline or an event so much later is the next of its kind, not the same one moved."""
_RECURRENT: tuple[DueKind, ...] = ("deadline", "event")


@dataclass(frozen=True, slots=True)
class TopicalRelease:
    """A release with the words that say what it is about."""

    number: int
    id: str
    day: date
    topic: Sequence[int]
    due: Sequence[tuple[DueKind, date]]
    """What falls due in it, and on which last day."""


@dataclass(frozen=True, slots=True)
class OpenDue:
    """A time that falls due, and the words of its matter."""

    number: int
    release: int
    kind: DueKind
    first: date
    last: date
    matter: Sequence[MatterWord]


class FollowerFinder:
    """Finds followers among the *releases* of one institution in one language."""

    def __init__(self, releases: Iterable[TopicalRelease]) -> None:
        self._releases = sorted(releases, key=lambda one: (one.day, one.id))
        self._days = [one.day for one in self._releases]
        self._day_of = {one.number: one.day for one in self._releases}
        places: dict[int, list[int]] = defaultdict(list)
        for place, one in enumerate(self._releases):
            for term in one.topic:
                places[term].append(place)
        self._places: Mapping[int, Sequence[int]] = places

    def follower(self, due: OpenDue) -> int | None:
        """Return the number of the release that follows *due*; None if none is sure."""
        day = self._day_of[due.release]
        first = bisect_right(self._days, day)
        last = bisect_right(self._days, max(due.last, day) + _WINDOW)
        shared: dict[int, list[int]] = defaultdict(list)
        for at, word in enumerate(due.matter):
            found = {place for term in word.terms for place in self._between(term, first, last)}
            for place in found:
                shared[place].append(at)
        weights = [self._weight(word) for word in due.matter]
        scores = (
            (self._score(due, weights, words, self._releases[place]), -place)
            for place, words in shared.items()
            if len(words) >= _WORDS_MIN
        )
        score, place = max(scores, default=(0.0, 0))
        return self._releases[-place].number if score else None

    def _between(self, term: int, first: int, last: int) -> Sequence[int]:
        places = self._places.get(term, ())
        return places[bisect_left(places, first) : bisect_left(places, last)]

    def _weight(self, word: MatterWord) -> float:
        """Return how rare a word is: 1 if one release has it, and near 0 if all have."""
        total = len(self._releases)
        having = max(1, *(len(self._places.get(term, ())) for term in word.terms))
        return log(1 + total / having) / log(1 + total)

    def _score(
        self, due: OpenDue, weights: Sequence[float], shared: Sequence[int], release: TopicalRelease
    ) -> float:
        """Return how likely *release*, which has the *shared* words, follows *due*; 0 if it is not sure."""
        matter = due.matter
        every = range(len(matter))

        def weight(numbers: Iterable[int]) -> float:
            return sum(weights[at] * (_NAME_WEIGHT if matter[at].is_name else 1) for at in numbers)

        def share(numbers: Sequence[int]) -> float:
            own = [weights[at] for at in numbers]
            return sum(weights[at] for at in numbers if at in shared) / sum(own) if own else 1.0

        total = weight(shared) / weight(every)
        names, core = [at for at in every if matter[at].is_name], [at for at in every if matter[at].is_core]
        plain = sum(not matter[at].is_name for at in shared)
        is_near = total >= _SHARE and plain >= _PLAIN_MIN
        is_sure = is_near and core and share(names) >= _NAMES_SHARE and share(core) >= _CORE_SHARE
        if not is_sure or _is_next_edition(due, release):
            return 0.0
        return total * _AFTERWARDS if release.day >= due.first else total


def _is_next_edition(due: OpenDue, release: TopicalRelease) -> bool:
    later = due.last + _EDITION
    return due.kind in _RECURRENT and any(kind == due.kind and last > later for kind, last in release.due)
