from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.segment import ArrayFile, ArrayWriter
from index.segment.doc_lists import (
    BLOCK,
    BLOCKS_MAX,
    FEW_RANGES,
    LONG_RANGE,
    ROW_PAYS_AT,
    DocLists,
    DocListsWriter,
    block_count,
    expand_ranges,
    split_by_size,
    take_ranges,
)

DOCUMENTS = 3 * BLOCK + 7
edges = st.sampled_from([edge + near for edge in range(0, DOCUMENTS, BLOCK) for near in (-1, 0, 1)])
numbers = (edges | st.integers(0, DOCUMENTS - 1)).filter(lambda doc: 0 <= doc < DOCUMENTS)
# Long lists have a row of block starts, short lists the block of each document.
lists_of_docs = st.lists(st.sets(numbers, min_size=1, max_size=40).map(sorted), min_size=1, max_size=6)


def write_lists(folder: str, docs: Sequence[Sequence[int]], chunk: int, documents: int) -> DocLists:
    path = Path(folder) / "lists"
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        writer = DocListsWriter(out, "f", documents)
        for first in range(0, len(docs), chunk):
            arrays = [np.array(doc_list, np.int64) for doc_list in docs[first : first + chunk]]
            writer.add(np.concatenate(arrays), np.array([len(doc_list) for doc_list in arrays]))
        writer.write()
        out.close()
    return DocLists(ArrayFile(path), "f", block_count(documents))


def test_too_many_documents_for_one_byte_of_block_are_refused(tmp_path: Path) -> None:
    most = BLOCKS_MAX * BLOCK
    assert write_lists(str(tmp_path), [[most - 1]], 1, most).docs(0).tolist() == [most - 1]
    with pytest.raises(OverflowError, match=r"16,711,681 documents; a segment takes 16,711,680"):
        write_lists(str(tmp_path), [[most]], 1, most + 1)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(docs=lists_of_docs, chunk=st.integers(1, 3), data=st.data())
def test_lists_over_several_blocks_are_read(docs: list[list[int]], chunk: int, data: st.DataObject) -> None:
    terms = data.draw(st.lists(st.integers(0, len(docs) - 1), unique=True))
    with TemporaryDirectory() as folder:
        lists = write_lists(folder, docs, chunk, DOCUMENTS)
        assert [lists.docs(term).tolist() for term in range(len(docs))] == docs
        assert lists.docs_of(terms).tolist() == [doc for term in terms for doc in docs[term]]


@pytest.mark.parametrize("size", [1, 2 * ROW_PAYS_AT - 1, 2 * ROW_PAYS_AT, 2 * ROW_PAYS_AT + 1])
@pytest.mark.parametrize("documents", [BLOCK, BLOCK + 1])
def test_lists_have_extents_and_are_long_from_a_size_on(tmp_path: Path, size: int, documents: int) -> None:
    docs = [[3], [*range(size - 1), documents - 1], [documents - 1], [*range(40)]]
    lists = write_lists(str(tmp_path), docs, 2, documents)
    assert len(lists) == 4
    assert [lists.docs(term).tolist() for term in range(4)] == docs
    assert lists.docs_of([1, 3, 0]).tolist() == [*docs[1], *docs[3], *docs[0]]
    assert lists.docs_of([]).tolist() == []
    assert [lists.count(term) for term in range(4)] == lists.counts().tolist() == [*map(len, docs)]
    firsts = [0, 1, 1 + size, 2 + size]
    assert [lists.extent(term) for term in range(4)] == [
        (first, first + len(some)) for first, some in zip(firsts, docs, strict=True)
    ]
    starts, sizes = lists.extents(np.array([3, 1]))
    assert (starts.tolist(), sizes.tolist()) == ([2 + size, 1], [40, size])
    if documents > BLOCK:
        is_long = size >= 2 * ROW_PAYS_AT
        short, rows = lists.before
        in_short = 0 if is_long else size
        assert short.tolist() == [0, 1, 1 + in_short, 2 + in_short]
        assert rows.tolist() == [0, 0, is_long, is_long]


@pytest.mark.parametrize(
    ("documents", "blocks"), [(0, 1), (1, 1), (BLOCK, 1), (BLOCK + 1, 2), (2 * BLOCK, 2), (2 * BLOCK + 1, 3)]
)
def test_documents_are_in_blocks(documents: int, blocks: int) -> None:
    assert block_count(documents) == blocks


@pytest.mark.parametrize("ranges", [0, 1, FEW_RANGES, FEW_RANGES + 1, 40])
@pytest.mark.parametrize("size", [0, 3, LONG_RANGE, LONG_RANGE + 1])
def test_ranges_are_taken_in_their_order(ranges: int, size: int) -> None:
    array = np.arange(500) * 3
    starts, counts = np.arange(ranges)[::-1] * 2, np.full(ranges, size)
    expected = [number for start in starts.tolist() for number in range(start, start + size)]
    assert expand_ranges(starts, counts).tolist() == expected
    assert take_ranges(array, starts, counts).tolist() == [3 * number for number in expected]


@pytest.mark.parametrize(
    ("sizes", "total", "ranges"),
    [
        ([], 5, []),
        ([9], 5, [(0, 1)]),
        ([2, 3, 1], 5, [(0, 2), (2, 3)]),
        ([2, 4, 1], 5, [(0, 1), (1, 3)]),
        ([9, 9, 1, 1], 5, [(0, 1), (1, 2), (2, 4)]),
        ([0, 0, 5, 0, 0], 5, [(0, 5)]),
        ([1, 1, 1], 0, [(0, 1), (1, 2), (2, 3)]),
    ],
)
def test_rows_are_split_by_their_sizes(sizes: list[int], total: int, ranges: list[tuple[int, int]]) -> None:
    assert [*split_by_size(np.array(sizes, np.int64), total)] == ranges
