"""Clients of the HTTP benchmarks: the searches they send, and what they check in the answers."""

import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, islice
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

from benchmarks.corpus import ENDINGS, Corpus
from index.analysis import Forms
from index.analysis.latvian.letters import fold

# Kinds of queries that people type: name, number of words, number among the fifty queries.
KINDS = (
    ("one word", 1, 15),
    ("two words", 2, 12),
    ("three words", 3, 7),
    ("phrase", 2, 6),
    ("no diacritics", 2, 4),
    ("mistyped", 1, 3),
    ("nowhere together", 3, 3),
)
# A word in a larger share of the releases counts as a stop word.
STOP_SHARE = 0.4
TIMEOUT_S = 30.0
# Searches from this day and the days after it, all before the first release, differ only in their address.
FIRST_DAY = date(1000, 1, 1).toordinal()
# Distinct searches of the repeated mix.
VARIANTS = 5_000
# Days per client and round, each used once with every search; and the maximum number of rounds.
NEW_DAYS, TURNS_MAX = 400, 100


@dataclass(frozen=True, slots=True)
class Search:
    """A search that clients send, and the number of hits that it must have."""

    path: str
    total: int

    def since(self, day: int) -> "Search":
        """Return the search from an ordinal *day* before all releases: another address, the same hits."""
        return Search(f"{self.path}&from={date.fromordinal(day)}", self.total)


@dataclass(slots=True)
class Outcome:
    """The measurements of clients in a period."""

    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    """The latencies of correct answers."""
    errors: dict[str, int] = field(default_factory=dict)
    """Wrong and lost answers, by kind."""

    @property
    def per_s(self) -> float:
        """Correct answers per second."""
        return len(self.latencies_ms) / self.seconds


# --- The searches --------------------------------------------------------------------------------


def queries(seed: int = 50) -> Iterator[tuple[str, str]]:
    """Yield fifty queries, each with its kind: words from releases of the corpus, inflected anew."""
    chance = random.Random(seed)
    texts = [release.body_tokens.forms for release in islice(Corpus().releases(2_000), 2_000)]
    releases_with = Counter(stem for text in texts for stem in {forms.stem for forms in text})
    content_words = [
        [forms for forms in text if releases_with[forms.stem] <= STOP_SHARE * len(texts)] for text in texts
    ]
    for kind, size, count in KINDS:
        for _ in range(count):
            if kind == "phrase":
                text = chance.choice(texts)
                start = chance.randrange(len(text) - size)
                yield kind, f'"{" ".join(forms.exact[0] for forms in text[start : start + size])}"'
            else:
                yield kind, _words(kind, size, content_words, chance)


def _words(kind: str, size: int, texts: Sequence[Sequence[Forms]], chance: random.Random) -> str:
    if kind == "nowhere together":
        words = [chance.choice(chance.choice(texts)) for _ in range(size)]
    else:
        words = chance.sample(chance.choice(texts), size)
    inflected = [forms.exact[0][: len(forms.stem[0])] + chance.choice(ENDINGS) for forms in words]
    if kind == "no diacritics":
        inflected = [fold(word) for word in inflected]
    if kind == "mistyped":
        inflected = [word[:2] + word[3] + word[2] + word[4:] + "w" for word in inflected]
    return " ".join(inflected)


def repeat_as_in_logs(searches: Sequence[Search], seed: int) -> Iterator[Search]:
    """Yield searches without end as query logs have them: by Zipf's law, the n-th with weight 1/n."""
    days = range(FIRST_DAY, FIRST_DAY + VARIANTS // len(searches))
    variants = [search.since(day) for day in days for search in searches]
    weights = list(accumulate(1 / rank for rank in range(1, len(variants) + 1)))
    chance = random.Random(seed)
    while True:
        yield from chance.choices(variants, cum_weights=weights, k=1_000)


def never_repeat(searches: Sequence[Search], seed: int) -> Iterator[Search]:
    """Yield searches without end, none of which another client or an earlier round has sent."""
    start = FIRST_DAY + VARIANTS + seed * NEW_DAYS
    for number in range(NEW_DAYS * len(searches)):
        yield searches[number % len(searches)].since(start + number // len(searches))


MIXES = {"repeated": repeat_as_in_logs, "new": never_repeat}
"""Makes the searches of a client from the searches of all and a seed that no other client has."""


def expected_searches(address: str) -> list[Search]:
    """Send each query once and return the searches with their totals."""
    searches = []
    for kind, text in queries():
        path = f"/api/v1/search?q={quote(text)}"
        with urlopen(address + path) as response:
            answer = json.load(response)
        assert answer["total"] or kind in {"mistyped", "nowhere together"}, (kind, text)
        searches.append(Search(path, answer["total"]))
    return searches


# --- The clients ---------------------------------------------------------------------------------


class ClientConnection:
    """A persistent connection; those of the standard library would use an unfair share of the CPU time."""

    def __init__(self, address: str, timeout_s: float = TIMEOUT_S) -> None:
        target = urlsplit(address)
        self._host = target.netloc.encode()
        self.is_over = False
        """Whether the server has announced that it closes the connection."""
        self.socket = socket.create_connection((target.hostname, target.port), timeout=timeout_s)
        self._answers = self.socket.makefile("rb")

    def get(self, path: str) -> tuple[int, bytes]:
        """Return the status and the body of the answer to *path*."""
        self.socket.sendall(b"GET %b HTTP/1.1\r\nHost: %b\r\n\r\n" % (path.encode(), self._host))
        line = self._answers.readline()
        if not line:
            raise ConnectionResetError("closed before the answer")
        status = int(line.split()[1])
        headers = dict(line.lower().split(b": ", 1) for line in iter(self._answers.readline, b"\r\n"))
        self.is_over = headers.get(b"connection") == b"close\r\n"
        return status, self._answers.read(int(headers[b"content-length"]))

    def close(self) -> None:
        """Close the connection."""
        self._answers.close()
        self.socket.close()


def send_searches(
    address: str,
    searches: Sequence[Search],
    clients: int,
    stopped: threading.Event,
    *,
    mix: str = "new",
    turn: int = 0,
) -> Outcome:
    """Send a *mix* of *searches* until *stopped*; each client sends the next one when it has its answer.

    *turn* is the number of earlier calls against this server.
    """
    outcomes = [Outcome() for _ in range(clients)]
    threads = [
        threading.Thread(
            target=_run_client,
            args=(address, MIXES[mix](searches, turn * clients + number), outcome, stopped),
        )
        for number, outcome in enumerate(outcomes)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    errors: Counter[str] = sum((Counter(outcome.errors) for outcome in outcomes), Counter())
    latencies = [latency for outcome in outcomes for latency in outcome.latencies_ms]
    return Outcome(time.perf_counter() - started, latencies, dict(errors))


def _run_client(address: str, searches: Iterator[Search], outcome: Outcome, stopped: threading.Event) -> None:
    connection = None
    while not stopped.is_set():
        search = next(searches)
        started = time.perf_counter()
        try:
            connection = connection or ClientConnection(address)
            error = _find_error(connection.get(search.path), search)
            if connection.is_over:
                connection.close()
                connection = None
        except (OSError, ValueError, KeyError) as failure:
            connection, error = None, type(failure).__name__
        if error:
            outcome.errors[error] = outcome.errors.get(error, 0) + 1
        else:
            outcome.latencies_ms.append(1000 * (time.perf_counter() - started))
    if connection:
        connection.close()


def _find_error(answer: tuple[int, bytes], search: Search) -> str:
    status, body = answer
    if status != 200:
        return f"status {status}"
    found = json.loads(body)
    if found["total"] != search.total or bool(found["hits"]) != bool(search.total):
        return f"{found['total']} hits, not {search.total}"
    return ""
