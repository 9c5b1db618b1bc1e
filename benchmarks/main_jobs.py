"""The cost of the main jobs of the product, in figures of which less is better; for ``benchmarks.compare``.

python -m benchmarks.main_jobs search --folder somewhere --docs 2000

Prints one JSON object. What this checkout cannot do is under "failure", with the reason.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from benchmarks.build import write_store as write_made_up_store
from benchmarks.performance import proportional_mb

ROOT = Path(__file__).parents[1]
QUERIES = 200
"""The most queries of each kind."""

Figures = dict[str, float]


def crawl(folder: Path, _docs: int, pages: int) -> Figures:
    """Crawl a site of *pages* pages, fresh and unchanged, and read the stored pages again."""
    del folder
    command = [sys.executable, "-m", "benchmarks.crawl", "--pages", str(pages)]
    done = subprocess.run(
        [*command, "--crawlers", "crawl", "again", "reextract"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    figures: Figures = {}
    names = {"crawl": "crawl", "again": "crawl of unchanged pages", "reextract": "reading of stored pages"}
    for line in map(json.loads, done.stdout.splitlines()):
        name = names[line["crawler"]]
        figures[f"{name}, CPU ms a page"] = line["cpu_ms_per_page"]
        figures[f"{name}, ms a page"] = 1000 / line["pages_per_s"]
    return figures


def build(folder: Path, docs: int, _pages: int) -> Figures:
    """Build an index of *docs* releases of real sentences, then index ten that changed."""
    from benchmarks.natural import write_store  # noqa: PLC0415 - a checkout may lack what this imports
    from benchmarks.natural_corpus import releases  # noqa: PLC0415
    from crawler.store import Store  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "config.toml"
    config.write_text('data_dir = "."\n', encoding="utf-8")
    write_store(folder, docs)
    figures = _reindex("build", config, "--full")
    with Store(folder / "releases.sqlite3") as store, store.transaction():
        for release in islice(releases(docs + 10), docs, None):
            store.save(release, seen=datetime(2026, 1, 2, tzinfo=UTC))
    figures |= _reindex("update", config)
    files = (path for path in (folder / "index").rglob("*") if path.is_file())
    return {**figures, "size, MB": sum(path.stat().st_size for path in files) / 1e6}


def search(folder: Path, docs: int, _pages: int) -> Figures:
    """Ask real queries, pages and completions of the index that `build` left in *folder*."""
    from benchmarks.completions import load_completions  # noqa: PLC0415 - as above
    from benchmarks.natural import judged_queries  # noqa: PLC0415

    del docs
    texts = [query.text for query in judged_queries()]
    typed = [completion.typed for completion in load_completions().completions]
    began_s, cpu_s = time.perf_counter(), time.process_time()
    ask = _client(folder / "config.toml")
    ask("/api/v1/search", {"q": "budžets"})
    figures = {
        "cold start, ms": 1000 * (time.perf_counter() - began_s),
        "cold start, CPU ms": 1000 * (time.process_time() - cpu_s),
    }
    # Pages and completions first: a query that was answered is not worked out again.
    figures |= _ask_all("page", ask, "/", texts[:QUERIES])
    figures |= _ask_all("completion", ask, "/api/v1/complete", typed[:QUERIES])
    figures |= _ask_all("real query", ask, "/api/v1/search", texts[QUERIES:])
    return {**figures, "memory after the queries, MB": proportional_mb(os.getpid())}


def made_up(folder: Path, docs: int, _pages: int) -> Figures:
    """Ask the queries of the synthetic corpus of an index of it."""
    from benchmarks.http_clients import queries  # noqa: PLC0415 - as above

    folder = folder / "made-up"
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "config.toml"
    config.write_text('data_dir = "."\n', encoding="utf-8")
    write_made_up_store(folder / "releases.sqlite3", docs)
    _reindex("build", config, "--full")
    ask = _client(config)
    texts = dict.fromkeys(text for seed in range(50, 55) for _, text in queries(seed))
    return _ask_all("made-up query", ask, "/api/v1/search", list(texts)[:QUERIES])


JOBS: Mapping[str, Callable[[Path, int, int], Figures]] = {
    "crawl": crawl,
    "build": build,
    "search": search,
    "made-up": made_up,
}


def _reindex(name: str, config: Path, *options: str) -> Figures:
    command = [
        sys.executable,
        "-c",
        "from index.reindex import main; main()",
        "--config",
        str(config),
        *options,
    ]
    began_s, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {f"{name}, s": time.perf_counter() - began_s, f"{name}, CPU s": cpu_s}


def _client(config: Path) -> Callable[[str, Mapping[str, str]], None]:
    from searcher import create_app  # noqa: PLC0415 - part of a cold start

    client = create_app(config).test_client()

    def ask(path: str, parameters: Mapping[str, str]) -> None:
        # The page leads to the only release that a number or a title names.
        answer = client.get(path, query_string=parameters, follow_redirects=True)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} {parameters}: {answer.status}")

    return ask


def _ask_all(
    name: str, ask: Callable[[str, Mapping[str, str]], None], path: str, texts: Sequence[str]
) -> Figures:
    began_s, cpu_s = time.perf_counter(), time.process_time()
    for text in texts:
        ask(path, {"q": text})
    return {
        f"{name}, ms": 1000 * (time.perf_counter() - began_s) / len(texts),
        f"{name}, CPU ms": 1000 * (time.process_time() - cpu_s) / len(texts),
    }


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("job", choices=JOBS)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--docs", type=int, default=2_000)
    parser.add_argument("--pages", type=int, default=500)
    options = parser.parse_args()
    try:
        figures = JOBS[options.job](options.folder, options.docs, options.pages)
        print(json.dumps({"figures": figures, "failure": ""}))
    except Exception as error:  # noqa: BLE001 - another checkout may fail in any way; the report says how
        traceback.print_exc()
        print(json.dumps({"figures": {}, "failure": f"{type(error).__name__}: {error}"}))


if __name__ == "__main__":
    main()
