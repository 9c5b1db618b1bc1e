"""How many searches a second `serve` answers through HTTP and how soon: at rest, and during `reindex --full`.

python -m benchmarks.http --docs 20000
python -m benchmarks.http --docs 200000 --folder somewhere --write

The releases are those of ``benchmarks.corpus``. Eight clients, in a process of their own on the same machine,
ask again as soon as they are answered; each answer must have as many hits as when nobody else asked.
"""

import argparse
import json
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

from benchmarks.build import ROOT, family, write_store
from benchmarks.corpus import ENDINGS, Corpus
from benchmarks.performance import describe_machine, proportional_mb, write_section
from index.analysis import Forms
from index.analysis.latvian.letters import fold

CLIENTS, ROUNDS, ROUND_S = 8, 5, 10.0
# Clients go on so long after the new index is in use: what is made anew from it takes its time then.
AFTER_SWAP_S = 10.0
# What people type: of how many words, how many of the fifty.
KINDS = (
    ("one word", 1, 15),
    ("two words", 2, 12),
    ("three words", 3, 7),
    ("phrase", 2, 6),
    ("no diacritics", 2, 4),
    ("mistyped", 1, 3),
    ("nowhere together", 3, 3),
)
# What stands in more of the releases is a stop word.
STOP_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as clients send it, and how many hits it must have."""

    path: str
    total: int


@dataclass(slots=True)
class Answered:
    """What clients met in some seconds."""

    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)

    @property
    def per_s(self) -> float:
        """Answers a second."""
        return len(self.latencies_ms) / self.seconds


# --- What is asked -------------------------------------------------------------------------------


def queries(seed: int = 50) -> Iterator[tuple[str, str]]:
    """Yield fifty queries, each with its kind: words out of releases of the corpus in forms drawn anew."""
    drawn = random.Random(seed)
    texts = [one.body_tokens.forms for one in islice(Corpus().releases(2_000), 2_000)]
    standing = Counter(stem for text in texts for stem in {forms.stem for forms in text})
    telling = [[one for one in text if standing[one.stem] <= STOP_SHARE * len(texts)] for text in texts]
    for kind, size, count in KINDS:
        for _ in range(count):
            if kind == "phrase":
                text = drawn.choice(texts)
                at = drawn.randrange(len(text) - size)
                yield kind, f'"{" ".join(one.exact[0] for one in text[at : at + size])}"'
            else:
                yield kind, _words(kind, size, telling, drawn)


def _words(kind: str, size: int, texts: Sequence[Sequence[Forms]], drawn: random.Random) -> str:
    if kind == "nowhere together":
        words = [drawn.choice(drawn.choice(texts)) for _ in range(size)]
    else:
        words = drawn.sample(drawn.choice(texts), size)
    inflected = [one.exact[0][: len(one.stem[0])] + drawn.choice(ENDINGS) for one in words]
    if kind == "no diacritics":
        inflected = [fold(one) for one in inflected]
    if kind == "mistyped":
        inflected = [one[:2] + one[3] + one[2] + one[4:] + "w" for one in inflected]
    return " ".join(inflected)


def _expected(address: str) -> list[Asked]:
    """Ask each query once; those that must find something do."""
    asked = []
    for kind, text in queries():
        path = f"/api/v1/search?q={quote(text)}"
        with urlopen(address + path) as answer:
            found = json.load(answer)
        assert found["total"] or kind in {"mistyped", "nowhere together"}, (kind, text)
        asked.append(Asked(path, found["total"]))
    return asked


# --- The clients, in a process of their own -------------------------------------------------------


def drive(address: str, asked: Sequence[Asked]) -> Answered:
    """Ask by so many clients, in turn, until the standard input is closed."""
    stopped, answered = threading.Event(), [Answered() for _ in range(CLIENTS)]
    clients = [
        threading.Thread(target=_client, args=(address, asked, number, answered[number], stopped))
        for number in range(CLIENTS)
    ]
    started = time.perf_counter()
    for client in clients:
        client.start()
    sys.stdin.read()
    stopped.set()
    for client in clients:
        client.join()
    errors: Counter[str] = sum((Counter(one.errors) for one in answered), Counter())
    latencies = [latency for one in answered for latency in one.latencies_ms]
    return Answered(time.perf_counter() - started, latencies, dict(errors))


def _client(
    address: str, asked: Sequence[Asked], number: int, answered: Answered, stopped: threading.Event
) -> None:
    turn = number * len(asked) // CLIENTS
    connection = None
    while not stopped.is_set():
        one, turn = asked[turn % len(asked)], turn + 1
        started = time.perf_counter()
        try:
            connection = connection or _Connection(address)
            fault = _fault(connection.get(one.path), one)
        except (OSError, ValueError) as error:
            connection, fault = None, repr(error)
        answered.latencies_ms.append(1000 * (time.perf_counter() - started))
        if fault:
            answered.errors[fault] = answered.errors.get(fault, 0) + 1


def _fault(answer: tuple[int, bytes], asked: Asked) -> str:
    status, body = answer
    if status != 200:
        return f"status {status}"
    found = json.loads(body)
    if found["total"] != asked.total or bool(found["hits"]) != bool(asked.total):
        return f"{found['total']} hits, not {asked.total}"
    return ""


class _Connection:
    """A connection that is kept; the standard library's would take more of the processors than is fair."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self._host = place.netloc.encode()
        self._socket = socket.create_connection((place.hostname, place.port), timeout=30)
        self._answers = self._socket.makefile("rb")

    def get(self, path: str) -> tuple[int, bytes]:
        """Return the status and the body that *path* is answered with."""
        self._socket.sendall(b"GET %b HTTP/1.1\r\nHost: %b\r\n\r\n" % (path.encode(), self._host))
        line = self._answers.readline()
        if not line:
            raise ConnectionResetError("closed before the answer")
        status = int(line.split()[1])
        headers = dict(line.lower().split(b": ", 1) for line in iter(self._answers.readline, b"\r\n"))
        return status, self._answers.read(int(headers[b"content-length"]))


# --- The measurement -----------------------------------------------------------------------------


@contextmanager
def serving(config: Path) -> Iterator[tuple[str, int]]:
    """Run `serve` until the block ends; yield its address and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-c", "from searcher.serve import main; main()"]
    with subprocess.Popen(
        [*command, "--config", config, "--port", port, "--json"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"], process.pid
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def _driving(address: str, asked: Sequence[Asked]) -> Iterator[Answered]:
    """Let clients ask until the block ends; what they met is filled in then."""
    answered = Answered()
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.http", "--drive", address],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps([asdict(one) for one in asked]) + "\n")
        process.stdin.flush()
        yield answered
        said, _ = process.communicate()
    for name, value in json.loads(said).items():
        setattr(answered, name, value)


def measure(config: Path) -> tuple[list[Answered], Answered, float]:
    """Return what clients meet at rest, round by round, and across a rebuild; the MB that `serve` holds."""
    with serving(config) as (address, process):
        asked = _expected(address)
        with _driving(address, asked):
            time.sleep(ROUND_S)
        rounds = []
        for _ in range(ROUNDS):
            with _driving(address, asked) as calm:
                time.sleep(ROUND_S)
            rounds.append(calm)
        memory_mb = sum(map(proportional_mb, family(process)))
        with _driving(address, asked) as rebuilding:
            reindex(config)
            time.sleep(AFTER_SWAP_S)
    return rounds, rebuilding, memory_mb


def reindex(config: Path) -> None:
    """Build the index anew, as its user does."""
    command = [sys.executable, "-c", "from index.reindex import main; main()"]
    subprocess.run(
        [*command, "--config", config, "--full"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


# --- The report ----------------------------------------------------------------------------------


def report(docs: int, rounds: Sequence[Answered], rebuilding: Answered, memory_mb: float) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    yield f"{describe_machine()}; {docs:,} releases; `serve` holds {memory_mb:,.0f} MB"
    yield ""
    yield "| | requests a second | p50, ms | p95 | p99 | errors |"
    yield "|---|---|---|---|---|---|"
    yield _line(f"at rest, median of {len(rounds)} × {ROUND_S:.0f} s", rounds)
    yield _line(f"`reindex --full` and {AFTER_SWAP_S:.0f} s after, {rebuilding.seconds:.0f} s", [rebuilding])
    for fault, count in sum((Counter(one.errors) for one in (*rounds, rebuilding)), Counter()).items():
        yield f"\nErrors: {count} × {fault}"


def _line(name: str, rounds: Sequence[Answered]) -> str:
    cuts = [statistics.quantiles(one.latencies_ms, n=100, method="inclusive") for one in rounds]
    columns = [[one.per_s for one in rounds], *([cut[at] for cut in cuts] for at in (49, 94, 98))]
    errors = sum(sum(one.errors.values()) for one in rounds)
    return f"| {name} | {' | '.join(map(_spread, columns))} | {errors} |"


def _spread(values: Sequence[float]) -> str:
    middle = f"{statistics.median(values):.0f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.0f}–{max(values):.0f})"


def main() -> None:
    """Run the command."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--docs", type=int, default=20_000)
    options.add_argument("--folder", type=Path, help="where store and index go; what is there is used again")
    options.add_argument("--write", action="store_true", help="put the report in docs/performance.md")
    options.add_argument("--drive", metavar="ADDRESS", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.drive:
        asked = [Asked(**one) for one in json.loads(sys.stdin.readline())]
        print(json.dumps(asdict(drive(chosen.drive, asked))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        lines = list(report(chosen.docs, *measure(_prepared(folder, chosen.docs))))
    print("\n".join(lines))
    if chosen.write:
        write_section("benchmarks.http", lines)


def _prepared(folder: Path, docs: int) -> Path:
    """Return the settings of a store with so many releases and its index in *folder*, made where missing."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "releases.sqlite3").exists():
        write_store(folder / "releases.sqlite3", docs)
    config = folder / "http.toml"
    config.write_text('data_dir = "."\n', encoding="utf-8")
    if not (folder / "index" / "CURRENT").exists():
        reindex(config)
    return config


if __name__ == "__main__":
    main()
