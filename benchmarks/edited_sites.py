"""Measure the corrections of invented sites over a month: planted edits of twelve kinds among trivial ones.

Usage: python -m benchmarks.edited_sites [--planted 400] [--trivial 4000] [--days 30] [--seed 1]

The sites are served on loopback, crawled once a day, indexed; the corrections are those that the API lists.
`benchmarks.edits` measures the judgement alone.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import mean
from tempfile import TemporaryDirectory

from benchmarks.edits import gain
from tests.support.edited_sites import ListedCorrection, list_corrections
from tests.support.planted_edits import (
    InventedHistory,
    invent_histories,
    sample_sentences,
    treebank_sentences,
)


@dataclass(frozen=True, slots=True)
class Measured:
    """How the corrections of the sites were listed."""

    planted: int
    missed: Counter[str]
    """Planted edits that are not listed with their kind."""
    ndcg: float
    """Of all corrections by weight, against grades given before."""
    ndcg_of_days: float
    """The mean over days of the page that lists each day's heaviest first."""
    above: int
    """Trivial edits that weigh as much as the lightest planted one."""


def measure(histories: Sequence[InventedHistory], listed: Sequence[ListedCorrection]) -> Measured:
    """Return how the edits of *histories* were *listed*."""
    planted = [edit for history in histories for edit in history.edits if edit.kind]
    found = {id(edit) for one in listed for edit in one.edits if edit.kind in one.kinds}
    by_day: dict[str, list[ListedCorrection]] = defaultdict(list)
    for one in listed:
        by_day[one.noticed].append(one)
    least = min(one.weight for one in listed if one.is_planted)
    return Measured(
        planted=len(planted),
        missed=Counter(edit.label for edit in planted if id(edit) not in found),
        ndcg=_ndcg(listed),
        ndcg_of_days=mean(_ndcg(one) for one in by_day.values() if any(each.grade for each in one)),
        above=sum(one.weight >= least for one in listed if not one.is_planted),
    )


def _ndcg(listed: Sequence[ListedCorrection]) -> float:
    ordered = sorted(listed, key=lambda one: (-one.weight, one.grade))
    best = sorted((one.grade for one in listed), reverse=True)
    return gain(one.grade for one in ordered) / gain(best)


def main() -> None:
    """Print the measures, over the sentences of the treebank if it is there, else of the samples."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--planted", type=int, default=400)
    parser.add_argument("--trivial", type=int, default=4_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    histories = invent_histories(
        treebank_sentences() or sample_sentences(),
        Random(arguments.seed),
        days=arguments.days,
        edits=arguments.days // 3,
        planted=arguments.planted,
        trivial=arguments.trivial,
    )
    with TemporaryDirectory() as folder:
        listed = list_corrections(Path(folder), histories, days=arguments.days)
    measured = measure(histories, listed)
    print(f"{len(histories)} releases, {arguments.planted + arguments.trivial} edits, {len(listed)} listed")
    print(f"planted, of the right kind  {measured.planted - measured.missed.total()} of {measured.planted}")
    print(f"nDCG by weight              {measured.ndcg:.3f}, of each day's page {measured.ndcg_of_days:.3f}")
    print(f"trivial above               {measured.above}")
    for label, count in sorted(measured.missed.items()):
        print(f"  {label}: {count}")


if __name__ == "__main__":
    main()
