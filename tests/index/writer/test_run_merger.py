import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.segment import ArrayFile, ArrayWriter
from index.segment.positions import restore_holes
from index.segment.small_numbers import WEIGHT_BITS, SmallNumbers
from index.writer import run_merger
from index.writer.run_merger import SortedRuns, holes_between, remove_holes, renumber_run
from index.writer.term_lists import TermMap, UnionLists
from index.writer.token_buffer import SortedRun
from tests.support.array_files import write_arrays

# The positions by word and document.
FIRST = {0: {0: [1, 9_000]}, 2: {0: [0], 1: [3]}}
SECOND = {0: {5: [2]}, 1: {5: [0]}}


def write_run(path: Path, run: dict[int, dict[int, list[int]]]) -> Path:
    postings = [(doc, positions) for docs in run.values() for doc, positions in docs.items()]
    arrays = {
        "words": list(run),
        "sizes": [len(docs) for docs in run.values()],
        "docs": [doc for doc, _ in postings],
        "weights": [10 * len(positions) for _, positions in postings],
        "counts": [len(positions) for _, positions in postings],
        "positions": [position for _, positions in postings for position in positions],
    }
    write_arrays(path, {name: np.array(values, np.uint32) for name, values in arrays.items()})
    return path


@pytest.mark.parametrize("chunk", [1, 100])
def test_runs_are_merged_by_word_then_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(run_merger, "CHUNK", chunk)
    runs = SortedRuns([write_run(tmp_path / "a", FIRST), write_run(tmp_path / "b", SECOND)], 3)
    merged = [run for _, run in runs.merge()]
    assert runs.sizes.tolist() == [2, 1, 2]
    assert np.concatenate([run.docs for run in merged]).tolist() == [0, 5, 5, 0, 1]
    assert np.concatenate([run.positions for run in merged]).tolist() == [1, 9_000, 2, 0, 0, 3]


def test_a_renumbered_run_is_sorted_by_the_new_numbers(tmp_path: Path) -> None:
    path = write_run(tmp_path / "a", FIRST)
    renumber_run(path, np.array([2, 1, 0], np.uint32))
    ((_, merged),) = SortedRuns([path], 3).merge()
    assert merged.sizes.tolist() == [2, 0, 1]
    assert merged.docs.tolist() == [0, 1, 0]
    assert merged.weights.tolist() == [10, 10, 20]
    assert merged.counts.tolist() == [1, 1, 2]
    assert merged.positions.tolist() == [0, 3, 1, 9_000]


def test_unused_range_of_positions_is_a_hole(tmp_path: Path) -> None:
    runs = SortedRuns([write_run(tmp_path / "a", FIRST)], 3)
    assert runs.holes == [[8_192, 4_096]]


UNIT = 1 << run_merger.HOLE_BITS


@given(
    units=st.sets(st.integers(0, 40), min_size=1, max_size=8),
    inside=st.lists(st.sampled_from((0, 1, UNIT - 1)), min_size=1, max_size=8),
)
def test_positions_without_holes_are_dense_and_can_be_restored(units: set[int], inside: list[int]) -> None:
    used = sorted(units)
    positions = np.array([unit * UNIT + place for unit in used for place in inside], np.uint32)
    holes = holes_between(used)
    plain = remove_holes(positions, holes)
    assert plain.tolist() == [rank * UNIT + place for rank in range(len(used)) for place in inside]
    assert restore_holes(plain, holes).tolist() == positions.tolist()


def random_runs(folder: Path, seed: int) -> tuple[list[Path], dict[int, dict[int, list[int]]]]:
    """Write runs of following documents; return their paths, and all positions by word and document."""
    chance, paths, whole = random.Random(seed), [], {}
    for number in range(chance.randint(1, 4)):
        run: dict[int, dict[int, list[int]]] = {}
        for word in sorted(chance.sample(range(6), chance.randint(1, 6))):
            for doc in sorted(chance.sample(range(10 * number, 10 * number + 10), chance.randint(1, 4))):
                places = sorted(chance.sample([0, 1, 5, UNIT, 5 * UNIT - 1, 5 * UNIT], chance.randint(1, 6)))
                run.setdefault(word, {})[doc] = places
                whole.setdefault(word, {})[doc] = places
        paths.append(write_run(folder / f"{number}", run))
    return paths, whole


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("chunk", [1, 7, 1_000])
def test_merged_runs_are_those_of_all_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, chunk: int
) -> None:
    monkeypatch.setattr(run_merger, "CHUNK", chunk)
    paths, whole = random_runs(tmp_path, seed)
    runs = SortedRuns(paths, 8)
    sizes = [len(whole.get(word, ())) for word in range(8)]
    every = [place for docs in whole.values() for places in docs.values() for place in places]
    counts = [len(places) for word in sorted(whole) for places in whole[word].values()]
    assert (runs.sizes.tolist(), runs.top_position) == (sizes, max(every))
    assert runs.top_weight == 10 * max(counts)
    assert runs.holes == holes_between(sorted({place // UNIT for place in every}))
    merged = [*runs.merge()]
    assert [first for first, _ in merged] == [0, *np.cumsum([len(run.sizes) for _, run in merged])[:-1]]
    together = {
        name: [number for _, run in merged for number in getattr(run, name).tolist()]
        for name in ("words", "sizes", "docs", "weights", "counts", "positions")
    }
    assert together == {
        "words": [word for word in range(8) for _ in range(sizes[word])],
        "sizes": sizes,
        "docs": [doc for word in sorted(whole) for doc in whole[word]],
        "weights": [10 * count for count in counts],
        "counts": counts,
        "positions": [place for word in sorted(whole) for places in whole[word].values() for place in places],
    }
    assert all(run.sizes.sum() <= chunk or np.count_nonzero(run.sizes) == 1 for _, run in merged)
    assert (len(merged) > 1) == (chunk < len(together["docs"]))


@pytest.mark.parametrize("seed", range(6))
def test_any_renumbered_run_is_as_if_written_so(tmp_path: Path, seed: int) -> None:
    (path, *_), _ = random_runs(tmp_path, seed)
    before = run_merger.read_run(path)
    numbers = np.random.default_rng(seed).permutation(6).astype(np.uint32)
    starts = np.cumsum([0, *before.counts.tolist()]).tolist()
    docs: dict[int, dict[int, list[int]]] = {}
    row = 0
    for word, size in zip(before.words.tolist(), before.sizes.tolist(), strict=True):
        for at in range(row, row + size):
            places = before.positions[starts[at] : starts[at + 1]].tolist()
            docs.setdefault(int(numbers[word]), {})[int(before.docs[at])] = places
        row += size
    renumber_run(path, numbers)
    after, expected = run_merger.read_run(path), write_run(tmp_path / "expected", dict(sorted(docs.items())))
    for name in SortedRun.__slots__:
        assert getattr(after, name).tolist() == getattr(run_merger.read_run(expected), name).tolist(), name


@pytest.mark.parametrize(
    ("used", "holes"),
    [
        ([], []),
        ([0, 1, 2], []),
        ([2], [[2 * UNIT, 2 * UNIT]]),
        ([0, 2], [[2 * UNIT, UNIT]]),
        ([1, 2, 5], [[UNIT, UNIT], [5 * UNIT, 2 * UNIT]]),
    ],
)
def test_holes_are_between_used_units(used: list[int], holes: list[list[int]]) -> None:
    assert holes_between(used) == holes


def test_words_are_written_with_the_smallest_positions_and_the_unions_of_terms(tmp_path: Path) -> None:
    runs = SortedRuns([write_run(tmp_path / "a", FIRST), write_run(tmp_path / "b", SECOND)], 3)
    path = tmp_path / "words"
    # A term of the words 0 and 1, and one of the words 0 and 2.
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        unions = UnionLists(
            out,
            TermMap(np.array([0, 2, 3, 4]), np.array([0, 1, 0, 1]), 2),
            sizes=runs.sizes,
            documents=6,
            top_weight=runs.top_weight,
        )
        run_merger.write_words(out, runs, 6, unions)
        out.close()
    arrays = ArrayFile(path)
    assert arrays.meta["holes"] == {"word": [[8_192, 4_096]]}
    assert arrays["word/positions"].tolist() == [1, 4_904, 2, 0, 0, 3]
    assert arrays["word/positions"].dtype == np.uint16
    weights = SmallNumbers(arrays, "word/weights", WEIGHT_BITS).between(0, 5)
    assert weights.tolist() == [20, 10, 10, 10, 10]
    assert (arrays["word/starts"].tolist(), arrays["word/low"].tolist()) == ([0, 2, 3, 5], [0, 5, 5, 0, 1])
    assert (arrays["union/starts"].tolist(), arrays["union/low"].tolist()) == ([0, 2, 5], [0, 5, 0, 1, 5])
