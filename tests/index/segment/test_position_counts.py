from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.segment import ArrayFile, ArrayWriter
from index.segment.position_counts import PositionCounts, PositionCountsWriter

# Of each term, the counts of its postings; 0 and those above 3 are listed.
counts_of_terms = st.lists(
    st.lists(st.sampled_from([0, 1, 1, 1, 2, 3, 4, 255, 256, 70_000]), min_size=1, max_size=30), max_size=30
)


def write_counts(folder: Path, terms: Sequence[Sequence[int]], chunk: int = 1) -> ArrayFile:
    with (folder / "counts").open("wb") as file:
        out = ArrayWriter(file, folder / "counts")
        writer = PositionCountsWriter(out, "f")
        for first in range(0, len(terms), chunk):
            added = terms[first : first + chunk]
            counts = np.array([count for term in added for count in term], np.int64)
            writer.add(counts, np.array([len(term) for term in added]))
        writer.write()
        out.close()
    return ArrayFile(folder / "counts")


@settings(deadline=None)
@given(counts_of_terms, st.integers(1, 5), st.data())
def test_counts_of_any_terms_equal_a_plain_list(
    terms: list[list[int]], chunk: int, data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(range(len(terms)))) if terms else st.just([]))
    sizes = np.array([len(term) for term in terms], np.int64)
    with TemporaryDirectory() as folder:
        counts = PositionCounts(write_counts(Path(folder), terms, chunk), "f")
        read = counts.read((sizes.cumsum() - sizes)[chosen], sizes[chosen])
    assert read.tolist() == [count for term in chosen for count in terms[term]]
    assert counts.starts.tolist() == [0, *accumulate(map(sum, terms))][: len(terms)]


def test_four_counts_take_a_byte(tmp_path: Path) -> None:
    assert write_counts(tmp_path, [[1, 2], [3, 1], [1]])["f/counts"].tolist() == [0b01_11_10_01, 0b01]


@pytest.mark.parametrize(("count", "listed"), [(3, []), (4, [1])])
def test_only_a_count_that_does_not_fit_is_listed(tmp_path: Path, count: int, listed: list[int]) -> None:
    assert write_counts(tmp_path, [[1, count, 1]])["f/other_places"].tolist() == listed
