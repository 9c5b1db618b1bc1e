"""An engine in a separate program that reads lines from standard input and times itself.

Fields of a line are separated by tabs, terms by spaces. These are the commands, each with its answer:

``build FOLDER COMMIT_EVERY``, a line for each release (number, id, title, body, ministry, language, year,
    then the terms of each of ``FIELDS``), an empty line: the seconds of indexing.
``open FOLDER``: the milliseconds of opening, and the number of segments.
``run THREADS``, a line for each query (``words`` or ``phrase``; then for each word, one after another, its
    terms in each of ``SEARCHED``), an empty line: for each query its milliseconds, the exact total, hits,
    facets and passages; then the seconds of all.
"""

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.corpus import CorpusRelease
from benchmarks.peers.engine import FIELDS, SEARCHED, Answer, Opened, PeerQuery, PeerRun, join_terms, year_of


class Program:
    """A peer that runs as a command."""

    def __init__(
        self, name: str, threads: Sequence[int], command: Sequence[str], *, warm_ups: int = 1
    ) -> None:
        self.name, self.threads, self.warm_ups = name, threads, warm_ups
        self._running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    @property
    def process(self) -> int:
        """The process id of the program."""
        return self._running.pid

    def build(self, folder: Path, releases: Iterable[CorpusRelease], commit_every: int) -> float:
        """Index the releases in *folder*; return the seconds."""
        self._send("build", str(folder), str(commit_every))
        for release in releases:
            self._send(*map(str, _row(release)))
        self._send("")
        return float(self._receive())

    def open(self, folder: Path) -> Opened:
        """Open the index."""
        self._send("open", str(folder))
        milliseconds, segments = self._receive().split("\t")
        return Opened(float(milliseconds), int(segments))

    def run(self, queries: Sequence[PeerQuery], threads: int) -> PeerRun:
        """Answer the queries on several threads."""
        self._send(f"run\t{threads}")
        for query in queries:
            self._send("phrase" if query.is_phrase else "words", *_terms(query))
        self._send("")
        rows = [self._receive().split("\t") for _ in queries]
        answers = [Answer(*map(int, counts)) for _, *counts in rows]
        return PeerRun([float(latency_ms) for latency_ms, *_ in rows], float(self._receive()), answers)

    def close(self) -> None:
        """Stop the program."""
        self._running.communicate()

    def _send(self, *fields: str) -> None:
        assert self._running.stdin is not None
        self._running.stdin.write("\t".join(fields) + "\n")

    def _receive(self) -> str:
        assert self._running.stdin is not None
        assert self._running.stdout is not None
        self._running.stdin.flush()
        line = self._running.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name}: ended with {self._running.wait()}")
        return line.rstrip("\n")


def _row(release: CorpusRelease) -> Iterator[object]:
    body = release.body.replace("\n", " ")  # one line per row
    yield from (
        release.number,
        release.id,
        release.title,
        body,
        release.ministry,
        release.language,
        year_of(release),
    )
    for field in FIELDS:
        yield join_terms(release, field)


def _terms(peer_query: PeerQuery) -> Iterator[str]:
    for forms in peer_query.words:
        for field in SEARCHED:
            yield " ".join(getattr(forms, field))
