"""The main jobs of two commits in turn in one run, as ratios with their spread: nothing gets slower unseen.

python -m benchmarks.compare f9857ca4 --docs 2000 --pages 500 --rounds 3

The base is checked out and installed in a temporary folder, with its own lock and its own compiled core. The
benchmarks of this checkout take the place of its own and measure both; what they cannot measure there is
listed. Other processes on the machine disturb processor time least.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.main_jobs import JOBS
from benchmarks.performance import describe_machine

ROOT = Path(__file__).parents[1]
# What the benchmarks consist of, and the judged queries they read.
MEASURING = ("benchmarks", "tests/judged")
# A job that takes this much longer is to be mended or justified.
SLOWER = 1.1


@dataclass(frozen=True, slots=True)
class Checkout:
    """A commit, installed."""

    name: str
    root: Path
    python: Path


@dataclass(slots=True)
class Comparison:
    """The figures of each round by measure, of the base and of this checkout, and what failed."""

    base: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    ours: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[str, str] = field(default_factory=dict)
    """The reason by checkout and job."""


@contextmanager
def checkout(commit: str) -> Iterator[Checkout]:
    """Install *commit* in a temporary folder, with the benchmarks of this checkout."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "base"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", root, commit], cwd=ROOT, check=True)
        try:
            subprocess.run(["make", "install", f"PYTHON={sys.executable}"], cwd=root, check=True)
            for path in MEASURING:
                shutil.rmtree(root / path, ignore_errors=True)
                shutil.copytree(ROOT / path, root / path)
            yield Checkout(commit, root, root / ".venv" / "bin" / "python")
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", root], cwd=ROOT, check=False)


def compare(
    base: Checkout, ours: Checkout, jobs: Sequence[str], rounds: int, options: Sequence[str]
) -> Comparison:
    """Run *jobs* of both in turn; who begins changes with each round."""
    found = Comparison()
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as scratch:
            pair = [(base, found.base), (ours, found.ours)]
            for job in jobs:
                for each, figures in pair if number % 2 == 0 else reversed(pair):
                    folder = Path(scratch) / ("base" if each is base else "ours")
                    measured, failure = run(each, job, folder, options)
                    for measure, value in measured.items():
                        figures[measure].append(value)
                    if failure:
                        found.failures[f"{each.name}, {job}"] = failure
    return found


def run(each: Checkout, job: str, folder: Path, options: Sequence[str]) -> tuple[Mapping[str, float], str]:
    """Run a job of a checkout; return its figures, and why it failed, or empty."""
    command: list[str | Path] = [each.python, "-m", "benchmarks.main_jobs", job, "--folder", folder, *options]
    done = subprocess.run(command, check=False, cwd=each.root, capture_output=True, text=True)
    if not done.stdout:  # not even the imports succeeded
        return {}, (done.stderr.splitlines() or ["no output"])[-1]
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["figures"], answer["failure"]


def report(found: Comparison, base: str) -> Iterator[str]:
    """Yield the lines of a Markdown report; what became slower comes first."""
    yield f"| measure, less is better | {base} | here | ratio (lowest to highest) | |"
    yield "|---" * 5 + "|"
    shared = [measure for measure in found.ours if found.base.get(measure)]
    for measure in sorted(shared, key=lambda name: -_ratio(found, name)):
        before, now = found.base[measure], found.ours[measure]
        ratios = [ours / theirs for ours, theirs in zip(now, before, strict=False)]
        spread = f"{_ratio(found, measure):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        verdict = "slower" if _ratio(found, measure) > SLOWER else ""
        medians = f"{statistics.median(before):,.3g} | {statistics.median(now):,.3g}"
        yield f"| {measure} | {medians} | {spread} | {verdict} |"
    for name, reason in found.failures.items():
        yield f"\nNot measured: {name}: {reason}"


def _ratio(found: Comparison, measure: str) -> float:
    ratios = [ours / theirs for ours, theirs in zip(found.ours[measure], found.base[measure], strict=False)]
    return statistics.median(ratios)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", help="the commit to compare with")
    parser.add_argument("--docs", type=int, default=2_000)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", nargs="+", default=list(JOBS), choices=JOBS)
    chosen = parser.parse_args()
    print(f"{describe_machine()}; {chosen.docs:,} releases, {chosen.pages:,} pages, {chosen.rounds} rounds\n")
    ours = Checkout("here", ROOT, Path(sys.executable))
    options = ["--docs", str(chosen.docs), "--pages", str(chosen.pages)]
    with checkout(chosen.base) as base:
        print("\n".join(report(compare(base, ours, chosen.jobs, chosen.rounds, options), chosen.base)))


if __name__ == "__main__":
    main()
