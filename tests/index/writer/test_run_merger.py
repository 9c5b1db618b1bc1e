from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.segment.positions import restore_holes
from index.writer import run_merger
from index.writer.run_merger import SortedRuns, holes_between, remove_holes, renumber_run
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
