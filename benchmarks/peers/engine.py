"""The interface of an engine under test, and how it is timed.

A query returns the ten best hits, the exact total, counts by ministry, language and year, and for each hit
its title and a passage with the matches marked.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

from benchmarks.corpus import CorpusRelease
from index.analysis import Forms

FIELDS = ("lemma", "stem", "exact", "fold")
SEARCHED = {"lemma": 1.0, "stem": 0.5, "exact": 0.1}
COUNTED = ("ministry", "language", "year")
PASSAGE_CHARS = 200


class AbsentError(Exception):
    """An engine that is not installed on this machine; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class PeerQuery:
    """A query of the benchmark: for all of the words, or for the words as a phrase."""

    kind: str
    words: tuple[Forms, ...]

    @property
    def is_phrase(self) -> bool:
        """Whether the words must be adjacent."""
        return self.kind == "phrase"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer, reduced to what proves that the work was done."""

    total: int
    hits: int
    facets: int
    passages: int


@dataclass(frozen=True, slots=True)
class PeerRun:
    """The times and answers of a run of queries."""

    latencies_ms: list[float]
    """By query; with several threads, times include contention."""
    seconds: float
    """Time of the whole run."""
    answers: list[Answer]


@dataclass(frozen=True, slots=True)
class Opened:
    """An index that was opened for searching."""

    milliseconds: float
    segments: int
    """0 if the engine has no segments."""


class Peer(Protocol):
    """An engine under test."""

    name: str
    threads: Sequence[int]
    """The number of threads that may search at once."""
    warm_ups: int
    """How often the queries that are not timed run before the others."""

    @property
    def process(self) -> int:
        """The process id of the engine."""

    def build(self, folder: Path, releases: Iterable[CorpusRelease], commit_every: int) -> float:
        """Index the releases in *folder*; return the seconds, without the time to generate the releases.

        Commit after each *commit_every* documents and leave the segments as they are; at 0, make one segment.
        """

    def open(self, folder: Path) -> Opened:
        """Open the index for searching."""

    def run(self, queries: Sequence[PeerQuery], threads: int) -> PeerRun:
        """Answer the queries on several threads."""

    def close(self) -> None:
        """Stop the engine."""


class InProcessEngine(Protocol):
    """An engine that runs in this process."""

    name: str
    threads: Sequence[int]

    def build(self, folder: Path, releases: Iterable[CorpusRelease], commit_every: int) -> float:
        """Index the releases, as in ``Peer``."""

    def open(self, folder: Path) -> int:
        """Open the index for searching; return the number of its segments, 0 if the engine has none."""

    def search(self, peer_query: PeerQuery) -> Answer:
        """Answer one query."""


class LocalPeer:
    """A peer in this process."""

    def __init__(self, engine: InProcessEngine) -> None:
        self._engine = engine
        self.name, self.threads, self.build = engine.name, engine.threads, engine.build
        self.warm_ups = 1

    @property
    def process(self) -> int:
        """The id of this process."""
        return os.getpid()

    def open(self, folder: Path) -> Opened:
        """Open the index."""
        start_s = time.perf_counter()
        segments = self._engine.open(folder)
        return Opened(1000 * (time.perf_counter() - start_s), segments)

    def run(self, queries: Sequence[PeerQuery], threads: int) -> PeerRun:
        """Answer the queries on several threads."""
        start_s = time.perf_counter()
        if threads == 1:
            timed_answers = [self._time_query(query) for query in queries]
        else:
            with ThreadPoolExecutor(threads) as pool:
                timed_answers = list(pool.map(self._time_query, queries))
        seconds = time.perf_counter() - start_s
        return PeerRun(
            [latency_ms for latency_ms, _ in timed_answers], seconds, [answer for _, answer in timed_answers]
        )

    def _time_query(self, query: PeerQuery) -> tuple[float, Answer]:
        start_s = time.perf_counter()
        answer = self._engine.search(query)
        return 1000 * (time.perf_counter() - start_s), answer

    def close(self) -> None:
        """Do nothing: there is no other process."""


class Stopwatch:
    """A context manager that sums the time spent in it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._since = 0.0

    def __enter__(self) -> "Stopwatch":
        self._since = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._since


def batches(releases: Iterable[CorpusRelease], commit_every: int) -> Iterator[Iterator[CorpusRelease]]:
    """Yield the releases of each commit; all at once if *commit_every* is 0."""
    remaining = iter(releases)
    for first in remaining:
        rest = remaining if commit_every == 0 else islice(remaining, commit_every - 1)
        yield chain((first,), rest)


def join_terms(release: CorpusRelease, field: str) -> str:
    """Return the terms of a field as words of one text, for engines that tokenise themselves."""
    words = (*release.title_tokens.forms, *release.lead_tokens.forms, *release.body_tokens.forms)
    return " ".join(term for forms in words for term in getattr(forms, field))


def year_of(release: CorpusRelease) -> int:
    """Return the year of publication."""
    return date.fromordinal(release.published).year
