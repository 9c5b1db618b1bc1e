"""Measure how edits are judged: planted edits of twelve kinds among trivial ones, in real sentences.

Usage: python -m benchmarks.edits [--planted 400] [--trivial 4000] [--seed 1]
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2
from random import Random
from time import process_time

from index.edits import EditRecord, VersionText, compare
from index.edits.weights import MINOR
from tests.support.planted_edits import InventedEdit, invent, sample_sentences, treebank_sentences


@dataclass(frozen=True, slots=True)
class Measured:
    """How a set of invented edits was judged."""

    of_right_kind: float
    """Share of the planted edits whose record has the kind that was planted."""
    ndcg: float
    """Of all edits by weight, against grades given before."""
    above: int
    """Pairs of a trivial edit and a planted one that does not weigh more."""
    missed: Counter[str]
    """Planted edits without their kind, and trivial ones that are not minor."""


def judge(edits: Iterable[InventedEdit]) -> list[tuple[InventedEdit, EditRecord]]:
    """Return each edit with its record."""
    return [(edit, compare(VersionText(*edit.older), VersionText(*edit.newer), "lv")) for edit in edits]


def measure(judged: Sequence[tuple[InventedEdit, EditRecord]]) -> Measured:
    """Return how the edits were judged."""
    planted = [(edit, record) for edit, record in judged if edit.kind]
    trivial = [(edit, record) for edit, record in judged if not edit.kind]
    missed = Counter(edit.label for edit, record in planted if edit.kind not in record.kinds)
    least = min(record.weight for _, record in planted)
    ordered = sorted(judged, key=lambda pair: (-pair[1].weight, pair[0].grade))
    return Measured(
        of_right_kind=1 - missed.total() / len(planted),
        ndcg=gain(edit.grade for edit, _ in ordered)
        / gain(sorted((edit.grade for edit, _ in judged), reverse=True)),
        above=sum(record.weight >= least for _, record in trivial),
        missed=missed + Counter(edit.label for edit, record in trivial if record.weight >= MINOR),
    )


def gain(grades: Iterable[int]) -> float:
    """Return the discounted gain of *grades* in their order."""
    return sum(((1 << grade) - 1) / log2(place + 2) for place, grade in enumerate(grades))


def main() -> None:
    """Print the measures, over the sentences of the treebank if it is there, else of the samples."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--planted", type=int, default=400)
    parser.add_argument("--trivial", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sentences = treebank_sentences() or sample_sentences()
    edits = list(
        invent(sentences, Random(arguments.seed), planted=arguments.planted, trivial=arguments.trivial)
    )
    start = process_time()
    judged = judge(edits)
    took_ms = 1000 * (process_time() - start) / len(judged)
    measured = measure(judged)
    print(f"of the right kind  {measured.of_right_kind:.1%}")
    print(f"nDCG by weight     {measured.ndcg:.3f}")
    print(f"trivial above      {measured.above}")
    print(f"processor time     {took_ms:.2f} ms an edit")
    for label, count in sorted(measured.missed.items()):
        print(f"  {label}: {count}")


if __name__ == "__main__":
    main()
