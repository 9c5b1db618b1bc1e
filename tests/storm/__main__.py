"""The command: random worlds for `crawl`, random requests for `serve`."""

import argparse
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.storm import crawls, served
from tests.storm.crawls import Judged
from tests.storm.place import Taste

ABOUT = """Random storms on the product.

    python -m tests.storm --crawls 300 --seed 1      # worlds of nasty sites, crawled by the real `crawl`
    python -m tests.storm --crawls 1 --seed 4711 --keep there    # one world again; all of it is in there/4711
    python -m tests.storm --crawls 5 --only flood      # nasty pages of these names alone
    python -m tests.storm --requests 50000 --seed 1  # requests to the real `serve`

Each failure is printed with the seed that repeats it. Exit code 1: there was one.
"""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crawls", type=int, default=0, help="how many worlds to crawl")
    parser.add_argument("--requests", type=int, default=0, help="how many requests to send")
    parser.add_argument("--seed", type=int, default=1, help="of the first world; the next has the next")
    parser.add_argument("--days", type=int, default=3, help="on which each world is crawled")
    parser.add_argument("--bound", type=float, default=120, help="seconds that a crawl may last")
    parser.add_argument("--nasty", type=int, default=25, help="nasty pages of a site at most")
    parser.add_argument(
        "--only", action="append", default=[], help="part of the name of a nasty page; may be repeated"
    )
    parser.add_argument(
        "--but", action="append", default=[], help="part of the name of one that is left out; may be repeated"
    )
    parser.add_argument("--at-once", type=int, default=1, help="worlds crawled at the same time")
    parser.add_argument("--keep", type=Path, help="where worlds stay; default: nowhere")
    asked = parser.parse_args()
    failed = _crawls(asked) if asked.crawls else 0
    failed += _requests(asked) if asked.requests else 0
    raise SystemExit(1 if failed else 0)


def _crawls(asked: argparse.Namespace) -> int:
    """Crawl worlds; return how many failed."""
    seeds = range(asked.seed, asked.seed + asked.crawls)
    kinds: Counter[str] = Counter()
    failed, late, peak, slowest = 0, 0, 0.0, 0.0
    with tempfile.TemporaryDirectory() as scratch, ProcessPoolExecutor(asked.at_once) as pool:
        folder = asked.keep or Path(scratch)
        one = partial(_one, folder=folder, asked=asked)
        for judged in pool.map(one, seeds):
            _print(judged)
            failed += bool(judged.failures)
            late += bool(judged.late)
            kinds.update({failure.kind for failure in judged.failures})
            peak = max([peak, *(run.peak_mb for run in judged.runs)])
            slowest = max([slowest, *(run.seconds for run in judged.runs)])
    print(
        f"\n{asked.crawls} worlds from seed {asked.seed}: {failed} with failures, "
        f"{late} that one crawl was not enough for"
    )
    print(f"most memory {peak:.0f} MB, longest crawl {slowest:.0f} s")
    for kind, count in kinds.most_common():
        print(f"  {count:4} {kind}")
    return failed


def _requests(asked: argparse.Namespace) -> int:
    """Send requests; return how many answers were wrong."""
    with tempfile.TemporaryDirectory() as scratch:
        tally = served.storm(asked.keep or Path(scratch), count=asked.requests, seed=asked.seed)
    print(f"{sum(tally.statuses.values())} requests, seed {asked.seed}")
    for status, count in sorted(tally.statuses.items()):
        most_cpu, most_bytes = tally.most_cpu_s[status], tally.most_bytes[status]
        print(f"  {status}: {count}, at most {most_cpu:.2f} s of CPU and {most_bytes:,} bytes")
    for kind, count in Counter(kind for kind, _ in tally.failures).most_common():
        print(f"\n{count} times: {kind}")
        for detail in sorted({detail for found, detail in tally.failures if found == kind}, key=len)[:8]:
            print(f"  {detail}")
    return len(tally.failures)


def _one(seed: int, *, folder: Path, asked: argparse.Namespace) -> Judged:
    return crawls.storm(
        seed,
        folder / str(seed),
        days=asked.days,
        bound_s=asked.bound,
        nasty_max=asked.nasty,
        taste=Taste(only=tuple(asked.only), but=tuple(asked.but)),
    )


def _print(judged: Judged) -> None:
    took = ", ".join(
        f"{run.seconds:.0f} s {run.cpu_s:.0f} s of CPU {run.peak_mb:.0f} MB exit {run.code}"
        for run in judged.runs
    )
    verdict = "FAILED" if judged.failures else "late" if judged.late else "well"
    print(f"world {judged.seed}: {verdict}; {took}", flush=True)
    for failure in judged.failures[:20]:
        print(f"  {failure.kind}: {failure.detail}")
    if judged.late:
        print(f"  left for a later crawl: {len(judged.late)}, e.g. {judged.late[0]}")


if __name__ == "__main__":
    main()
