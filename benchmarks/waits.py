"""How long users wait: for a page's first byte, for completions, and while a new index takes over.

python -m benchmarks.waits --docs 20000
python -m benchmarks.waits --docs 200000 --folder somewhere --write

The server has one process; one client asks at rest, two during the swaps. A swap is to a copy of the index,
all of whose files the server reads and verifies.
"""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks.build import write_store
from benchmarks.http import reindex, serving
from benchmarks.http_clients import queries
from benchmarks.performance import describe_machine, publish_report, report_options
from index.engines.whoosh.generations import Generations, read_current
from searcher.params import SearchParams
from searcher.search_address import query_string

ROUNDS = 5
CLIENTS, SWAPS = 2, 5
# From the swap until the server has opened, verified and searched the new index.
SWAP_S = 8.0


class Client:
    """A connection to the server at *address*, kept open."""

    def __init__(self, address: str) -> None:
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=60)

    def first_byte_ms(self, path: str) -> float:
        """Return the time until an answer begins; reads the rest, too."""
        start_s = time.perf_counter()
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        spent_s = time.perf_counter() - start_s
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        return 1000 * spent_s


def prepare(folder: Path, docs: int) -> Path:
    """Return the settings of a store and its index; build what is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "config.toml"
    config.write_text('data_dir = "."\n', encoding="utf-8")
    if not (folder / "releases.sqlite3").exists():
        write_store(folder / "releases.sqlite3", docs)
    if not (folder / "index" / "CURRENT").exists():
        reindex(config)
    return config


def never_asked(texts: Sequence[str], first: int = 0) -> Iterator[str]:
    """Yield the canonical query strings of searches that differ in a year before all releases."""
    for year in range(1000 + first, 2000):
        asked = ({"q": text, "from": f"{year}-01-01"} for text in texts)
        yield from (query_string(SearchParams.model_validate(one), per_page=10) for one in asked)


def at_rest(address: str, texts: Sequence[str]) -> tuple[list[float], list[float]]:
    """Return the waits for pages never asked before, and for completions, in ms."""
    client = Client(address)
    words = [text for text in texts if '"' not in text]
    searches = never_asked(texts)
    for _ in texts:
        client.first_byte_ms(f"/?{next(searches)}")
    pages = [client.first_byte_ms(f"/?{next(searches)}") for _ in range(ROUNDS * len(texts))]
    typed = [text[:length] for text in words for length in range(3, len(text) + 1)]
    return pages, [client.first_byte_ms(f"/api/v1/complete?q={quote(text)}") for text in typed]


def around_swaps(address: str, index: Path, texts: Sequence[str]) -> list[float]:
    """Return the waits for searches while two copies of the index take turns, in ms."""
    generations, current = Generations(index), index / read_current(index)
    copy = current.with_name(f"{current.name[:-3]}999")
    shutil.copytree(current, copy)
    waits: list[float] = []
    done = threading.Event()

    def ask(number: int) -> None:
        client = Client(address)
        for search in never_asked(texts, 300 * number + 100):
            if done.is_set():
                return
            waits.append(client.first_byte_ms(f"/api/v1/search?{search}"))

    clients = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        for turn in range(SWAPS):
            generations.use(current if turn % 2 else copy)
            time.sleep(SWAP_S)
    finally:
        done.set()
        for client in clients:
            client.join()
        generations.use(current)
        shutil.rmtree(copy)
    return waits


def report(docs: int, waits: dict[str, list[float]]) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    yield f"{describe_machine()}; {docs:,} releases"
    yield ""
    yield "| first byte, ms | requests | p50 | p95 | p99 | longest |"
    yield "|---|---|---|---|---|---|"
    for name, times in waits.items():
        ordered = sorted(times)
        cells = [f"{ordered[int(share * (len(ordered) - 1))]:.1f}" for share in (0.5, 0.95, 0.99, 1)]
        yield f"| {name} | {len(ordered):,} | {' | '.join(cells)} |"


def main() -> None:
    """Run the command."""
    chosen = report_options(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        config = prepare(chosen.folder or Path(scratch), chosen.docs)
        texts = [text for _, text in queries()]
        with serving(config, "--processes", "1") as (address, _):
            pages, completions = at_rest(address, texts)
            swaps = around_swaps(address, config.with_name("index"), texts)
    waits = {"page never asked before": pages, "completions": completions, f"{SWAPS} swaps": swaps}
    publish_report("benchmarks.waits", report(chosen.docs, waits), write=chosen.write)


if __name__ == "__main__":
    main()
