"""The command: random worlds for `crawl`, random requests for `serve`."""

import argparse
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.storm import crawls, served
from tests.storm.crawls import WorldResult
from tests.storm.place import PageFilter

ABOUT = """Random storms on the product.

    python -m tests.storm --crawls 300 --seed 1  # worlds of hostile sites, crawled by the real `crawl`
    python -m tests.storm --crawls 1 --seed 4711 --keep there  # repeats one world, kept in there/4711
    python -m tests.storm --crawls 5 --only flood  # only hostile pages of these names
    python -m tests.storm --requests 50000 --seed 1  # requests to the real `serve`

Each failure is printed with the seed that repeats it. Exit code 1: there were failures.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crawls", type=int, default=0, help="number of worlds to crawl")
    parser.add_argument("--requests", type=int, default=0, help="number of requests to send")
    parser.add_argument(
        "--seed", type=int, default=1, help="seed of the first world; each further world has the next"
    )
    parser.add_argument("--days", type=int, default=3, help="number of days on which each world is crawled")
    parser.add_argument("--bound", type=float, default=120, help="seconds that a crawl may last")
    parser.add_argument("--nasty", type=int, default=25, help="maximum number of hostile pages of a site")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        help="part of the names of the hostile pages to use; may be repeated",
    )
    parser.add_argument(
        "--but",
        action="append",
        default=[],
        help="part of the names of hostile pages to leave out; may be repeated",
    )
    parser.add_argument("--at-once", type=int, default=1, help="worlds crawled at the same time")
    parser.add_argument("--keep", type=Path, help="folder in which worlds are kept; default: none are")
    options = parser.parse_args()
    failed = _crawls(options) if options.crawls else 0
    failed += _requests(options) if options.requests else 0
    raise SystemExit(1 if failed else 0)


def _crawls(options: argparse.Namespace) -> int:
    """Crawl worlds; return how many failed."""
    seeds = range(options.seed, options.seed + options.crawls)
    kinds: Counter[str] = Counter()
    failed, late, peak, slowest = 0, 0, 0.0, 0.0
    with tempfile.TemporaryDirectory() as scratch, ProcessPoolExecutor(options.at_once) as pool:
        folder = options.keep or Path(scratch)
        crawl_world = partial(_crawl_world, folder=folder, options=options)
        for result in pool.map(crawl_world, seeds):
            _print(result)
            failed += bool(result.failures)
            late += bool(result.late)
            kinds.update({failure.kind for failure in result.failures})
            peak = max([peak, *(run.peak_mb for run in result.runs)])
            slowest = max([slowest, *(run.seconds for run in result.runs)])
    print(
        f"\n{options.crawls} worlds from seed {options.seed}: {failed} with failures, "
        f"{late} that needed more than one crawl"
    )
    print(f"peak memory {peak:.0f} MB, longest crawl {slowest:.0f} s")
    for kind, count in kinds.most_common():
        print(f"  {count:4} {kind}")
    return failed


def _requests(options: argparse.Namespace) -> int:
    """Send requests; return how many answers were wrong."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        statistics = served.storm(folder, count=options.requests, seed=options.seed, report=_print_progress)
    print(f"{sum(statistics.statuses.values())} requests, seed {options.seed}")
    for status, count in sorted(statistics.statuses.items()):
        most_cpu, most_bytes = statistics.most_cpu_s[status], statistics.most_bytes[status]
        print(f"  {status}: {count}, at most {most_cpu:.2f} s of CPU and {most_bytes:,} bytes")
    for kind, count in Counter(kind for kind, _ in statistics.failures).most_common():
        print(f"\n{count} times: {kind}")
        for detail in sorted({detail for found, detail in statistics.failures if found == kind}, key=len)[:8]:
            print(f"  {detail}")
    return len(statistics.failures)


def _print_progress(statistics: served.AnswerStatistics) -> None:
    sent, failures = sum(statistics.statuses.values()), len(statistics.failures)
    most_cpu_s = max(statistics.most_cpu_s.values())
    print(f"{sent} requests: {failures} failures, at most {most_cpu_s:.2f} s of CPU", flush=True)


def _crawl_world(seed: int, *, folder: Path, options: argparse.Namespace) -> WorldResult:
    return crawls.storm(
        seed,
        folder / str(seed),
        days=options.days,
        bound_s=options.bound,
        nasty_max=options.nasty,
        page_filter=PageFilter(only=tuple(options.only), but=tuple(options.but)),
    )


def _print(result: WorldResult) -> None:
    took = ", ".join(
        f"{run.seconds:.0f} s {run.cpu_s:.0f} s of CPU {run.peak_mb:.0f} MB exit {run.code}"
        for run in result.runs
    )
    verdict = "FAILED" if result.failures else "late" if result.late else "well"
    print(f"world {result.seed}: {verdict}; {took}", flush=True)
    for failure in result.failures[:20]:
        print(f"  {failure.kind}: {failure.detail}")
    if result.late:
        print(f"  left for a later crawl: {len(result.late)}, e.g. {result.late[0]}")


if __name__ == "__main__":
    main()
