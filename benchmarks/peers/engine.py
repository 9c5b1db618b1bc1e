"""What every engine under test is given and asked for, and how it is timed.

The work of a query: ten best hits, the exact total, counts by ministry, language and year, and of each hit
its title and a passage with the matches marked.
"""

import os
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from benchmarks.corpus import Analysed
from index.analysis import Forms

FIELDS = ("lemma", "stem", "exact", "fold")
SEARCHED = {"lemma": 1.0, "stem": 0.5, "exact": 0.1}
COUNTED = ("ministry", "language", "year")
PASSAGE_CHARS = 200


class AbsentError(Exception):
    """An engine that is not installed on this machine; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of the benchmark: all the words, or the words as a phrase."""

    kind: str
    words: tuple[Forms, ...]

    @property
    def is_phrase(self) -> bool:
        """Whether the words must stand together."""
        return self.kind == "phrase"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; the bits that show that the work was done."""

    total: int
    hits: int
    facets: int
    passages: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What a run of queries took, and what came back."""

    latencies_ms: list[float]
    """In the order of the queries; with several threads, while they hinder each other."""
    seconds: float
    """Of the whole run."""
    answers: list[Answer]


class Peer(Protocol):
    """An engine under test."""

    name: str
    threads: Sequence[int]
    """How many may search at once."""

    @property
    def process(self) -> int:
        """The process whose memory is the engine's."""

    def build(self, folder: Path, releases: Iterable[Analysed]) -> float:
        """Index the releases in *folder*; return the seconds it took, without making the releases."""

    def open(self, folder: Path) -> float:
        """Open the index for searching; return the milliseconds it took."""

    def run(self, asked: Sequence[Asked], threads: int) -> Answered:
        """Answer the queries on so many threads."""

    def close(self) -> None:
        """End what was started."""


class Engine(Protocol):
    """An engine that lives in this process."""

    name: str
    threads: Sequence[int]

    def build(self, folder: Path, releases: Iterable[Analysed]) -> float:
        """Index the releases in *folder*; return the seconds it took, without making the releases."""

    def open(self, folder: Path) -> None:
        """Open the index for searching."""

    def search(self, asked: Asked) -> Answer:
        """Do the work of one query."""


class Here:
    """A peer in this process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name, self.threads, self.build = engine.name, engine.threads, engine.build

    @property
    def process(self) -> int:
        """This process."""
        return os.getpid()

    def open(self, folder: Path) -> float:
        """Open the index; return the milliseconds it took."""
        since = time.perf_counter()
        self._engine.open(folder)
        return 1000 * (time.perf_counter() - since)

    def run(self, asked: Sequence[Asked], threads: int) -> Answered:
        """Answer the queries on so many threads."""
        since = time.perf_counter()
        if threads == 1:
            done = [self._timed(one) for one in asked]
        else:
            with ThreadPoolExecutor(threads) as pool:
                done = list(pool.map(self._timed, asked))
        seconds = time.perf_counter() - since
        return Answered([taken for taken, _ in done], seconds, [answer for _, answer in done])

    def _timed(self, asked: Asked) -> tuple[float, Answer]:
        since = time.perf_counter()
        answer = self._engine.search(asked)
        return 1000 * (time.perf_counter() - since), answer

    def close(self) -> None:
        """There is nothing to end."""


class Watch:
    """Adds up the time spent inside it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._since = 0.0

    def __enter__(self) -> "Watch":
        self._since = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._since


def joined(release: Analysed, field: str) -> str:
    """Return the terms of a field as words of one text, for engines that tokenise themselves."""
    words = (*release.title_tokens.forms, *release.lead_tokens.forms, *release.body_tokens.forms)
    return " ".join(term for forms in words for term in getattr(forms, field))


def year_of(release: Analysed) -> int:
    """Return the year that a release was published in."""
    return date.fromordinal(release.published).year
