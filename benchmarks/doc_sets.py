"""Roaring bitmaps compared with our document lists: bytes, build, intersection, union and conversion.

python -m benchmarks.doc_sets --docs 200000
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from benchmarks.corpus import Corpus
from benchmarks.speed import queries
from index.segment.array_file import ArrayFile, ArrayWriter
from index.segment.doc_lists import DocLists, DocListsWriter, Docs, block_count
from index.segment.doc_sets import DocSets

SAMPLE, PAIRS, ROUNDS = 2_000, 200, 5


def densities() -> list[tuple[float, float]]:
    """Return, for each query of two words, the share of releases that contains each word."""
    containing: dict[str, int] = {}
    for release in islice(Corpus().releases(SAMPLE), SAMPLE):
        forms = (*release.title_tokens.forms, *release.lead_tokens.forms, *release.body_tokens.forms)
        for lemma in {form.lemma[0] for form in forms if form.lemma}:
            containing[lemma] = containing.get(lemma, 0) + 1
    pairs = []
    for query in queries(SAMPLE, 4 * PAIRS):
        lemmas = [word.lemma[0] for word in query.words if word.lemma]
        if len(lemmas) == 2 and all(lemma in containing for lemma in lemmas):
            pairs.append((containing[lemmas[0]] / SAMPLE, containing[lemmas[1]] / SAMPLE))
    return pairs[:PAIRS]


def draw_lists(pairs: Sequence[tuple[float, float]], docs: int) -> list[Docs]:
    """Return two ascending lists of documents for each pair of densities."""
    rng = np.random.default_rng(7)
    return [np.flatnonzero(rng.random(docs) < share) for pair in pairs for share in pair]


def measure(run: Callable[[], object]) -> float:
    """Return the median time of a call in seconds."""
    times = []
    for _ in range(ROUNDS):
        start_s = time.perf_counter()
        run()
        times.append(time.perf_counter() - start_s)
    return statistics.median(times)


def write_ours(lists: Sequence[Docs], docs: int, folder: Path) -> ArrayFile:
    """Write the lists as a segment does."""
    path = folder / "lists"
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        writer = DocListsWriter(out, "f", docs)
        writer.add(np.concatenate(lists), np.array([len(docs_of_list) for docs_of_list in lists]))
        writer.write()
        out.close()
    return ArrayFile(path)


def to_docs(bitmap: BitMap) -> NDArray[np.int64]:
    """Return a bitmap as the array that scoring indexes with."""
    return np.frombuffer(bitmap.to_array(), np.uint32).astype(np.int64)


def compare(docs: int) -> list[tuple[str, Any, Any]]:
    """Return each measure of ours and of Roaring."""
    lists = draw_lists(densities(), docs)
    pairs = list(zip(lists[::2], lists[1::2], strict=True))
    with TemporaryDirectory() as folder:
        file = write_ours(lists, docs, Path(folder))
        ours = DocLists(file, "f", block_count(docs))
        our_bytes = file.size
        our_build = measure(lambda: write_ours(lists, docs, Path(folder)))
        our_read = measure(lambda: [ours.docs(number) for number in range(len(lists))])
    bitmaps = [BitMap(one.astype(np.uint32)) for one in lists]
    for bitmap in bitmaps:
        bitmap.run_optimize()
    serialised = [bitmap.serialize() for bitmap in bitmaps]
    bitmap_pairs = list(zip(bitmaps[::2], bitmaps[1::2], strict=True))
    sets = DocSets(docs)

    def rows_of_both(one: BitMap, other: BitMap) -> tuple[Docs, Docs]:
        """Return the rows of the common documents in each list, as our intersection does."""
        common = one & other
        return (
            np.searchsorted(to_docs(one), found := to_docs(common)),
            np.searchsorted(to_docs(other), found),
        )

    per_pair = 1e6 / len(pairs)
    return [
        ("postings", sum(map(len, lists)), sum(map(len, bitmaps))),
        ("bytes", our_bytes, sum(map(len, serialised))),
        ("build and serialise, ms", 1e3 * our_build, 1e3 * measure(lambda: serialise(lists))),
        (
            "list to array, µs",
            1e6 * our_read / len(lists),
            1e6 * measure(lambda: [to_docs(BitMap.deserialize(one)) for one in serialised]) / len(lists),
        ),
        (
            "intersection with rows, µs",
            per_pair * measure(lambda: [sets.intersect(*pair) for pair in pairs]),
            per_pair * measure(lambda: [rows_of_both(*pair) for pair in bitmap_pairs]),
        ),
        (
            "intersection, documents only, µs",
            per_pair * measure(lambda: [one[sets.intersect(one, other)[0]] for one, other in pairs]),
            per_pair * measure(lambda: [to_docs(one & other) for one, other in bitmap_pairs]),
        ),
        (
            "union, µs",
            per_pair * measure(lambda: [sets.union(pair) for pair in pairs]),
            per_pair * measure(lambda: [to_docs(one | other) for one, other in bitmap_pairs]),
        ),
    ]


def serialise(lists: Sequence[Docs]) -> list[bytes]:
    """Return the lists as serialised bitmaps."""
    bitmaps = [BitMap(one.astype(np.uint32)) for one in lists]
    for bitmap in bitmaps:
        bitmap.run_optimize()
    return [bitmap.serialize() for bitmap in bitmaps]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=int, nargs="+", default=[10_000, 200_000])
    for docs in parser.parse_args().docs:
        print(f"{docs:,} documents\n{'':<34}{'ours':>12}{'Roaring':>12}")
        for name, ours, theirs in compare(docs):
            print(f"{name:<34}{ours:>12,.0f}{theirs:>12,.0f}")


if __name__ == "__main__":
    main()
