"""The processor time of a result page beside that of the same answer as JSON, at many institutions.

python -m benchmarks.pages --docs 20000
python -m benchmarks.pages --docs 200000 --folder somewhere --write

The app makes both in this process, compressed as browsers ask, for queries that differ from each other. Page
and JSON take turns; the first turn of a query fills the caches of the index.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks.build import stored_release
from benchmarks.corpus import Corpus
from benchmarks.http import reindex
from benchmarks.http_clients import queries
from benchmarks.performance import describe_machine, publish_report, report_options
from crawler.store import Store
from searcher import create_app
from searcher.params import SearchParams
from searcher.search_address import query_string

INSTITUTIONS, QUERIES, ROUNDS = 80, 200, 5
PATHS = {"page": "/", "JSON": "/api/v1/search"}


def prepare(folder: Path, docs: int) -> Path:
    """Return the settings of a store of `INSTITUTIONS` institutions and its index; build what is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "pages.toml"
    config.write_text('data_dir = "."\n', encoding="utf-8")
    if not (folder / "releases.sqlite3").exists():
        with Store(folder / "releases.sqlite3") as store, store.transaction():
            for number, source in enumerate(Corpus().releases(docs)):
                name = f"{number % INSTITUTIONS}. pārvaldes un uzraudzības dienests"
                release = replace(stored_release(source), ministry=name)
                store.save(release, seen=datetime(2026, 1, 1, tzinfo=UTC))
    if not (folder / "index" / "CURRENT").exists():
        reindex(config)
    return config


def addresses() -> Sequence[str]:
    """Return the canonical query strings of different searches."""
    different = dict.fromkeys(text for seed in range(50, 60) for _, text in queries(seed))
    return [query_string(SearchParams(q=text), per_page=10) for text in islice(different, QUERIES)]


def answer(app: Flask, address: str, turn: int) -> tuple[float, int]:
    """Return the milliseconds of processor time of an answer, and its bytes as sent."""
    encodings = f"br, turn-{turn}"  # the cache has an answer for each value of the header
    environ = EnvironBuilder(path=address, headers=[("Accept-Encoding", encodings)]).get_environ()
    start_s = time.process_time()
    parts, status, _ = run_wsgi_app(app.wsgi_app, environ)
    body = b"".join(parts)
    spent_s = time.process_time() - start_s
    if not status.startswith("200"):
        raise SystemExit(f"{address}: {status}")
    return 1000 * spent_s, len(body)


def report(app: Flask) -> Iterator[str]:
    """Yield the lines of a Markdown report."""
    times: dict[str, list[float]] = {kind: [] for kind in PATHS}
    sizes: dict[str, list[float]] = {kind: [] for kind in PATHS}
    for address in addresses():
        turns = [
            {kind: answer(app, f"{path}?{address}", turn) for kind, path in PATHS.items()}
            for turn in range(1 + ROUNDS)
        ]
        for kind in PATHS:
            times[kind].append(min(turn[kind][0] for turn in turns[1:]))
            sizes[kind].append(turns[0][kind][1] / 1000)
    yield f"| | CPU ms, mean of {QUERIES} queries, each in its quickest run | kB as sent, median (largest) |"
    yield "|---|---|---|"
    for kind in PATHS:
        size = f"{statistics.median(sizes[kind]):.1f} ({max(sizes[kind]):.1f})"
        yield f"| {kind} | {statistics.fmean(times[kind]):.2f} | {size} |"
    yield f"| page / JSON | {sum(times['page']) / sum(times['JSON']):.2f} | |"


def main() -> None:
    """Run the command."""
    chosen = report_options(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        app = create_app(prepare(chosen.folder or Path(scratch), chosen.docs))
        head = f"{describe_machine()}; {chosen.docs:,} releases of {INSTITUTIONS} institutions"
        lines = [head, "", *report(app)]
    publish_report("benchmarks.pages", lines, write=chosen.write)


if __name__ == "__main__":
    main()
