"""Document lists as the core reads them, compiled and interpreted."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.segment import Array, ArrayFile, ArrayWriter
from index.segment.doc_lists import BLOCK, ROW_PAYS_AT, DocLists, DocListsWriter, block_count
from tests.support.interpreted import each_form, interpreted, interpreted_form

Load = Callable[[str], ModuleType]
DOCUMENTS = 3 * BLOCK
BASE = 1000
near_edges = st.sampled_from(range(0, DOCUMENTS, BLOCK)).flatmap(lambda edge: st.integers(edge, edge + 20))
# Long lists have a row of block starts, short lists the block of each document.
lists_of_docs = st.lists(st.sets(near_edges, min_size=1, max_size=40).map(sorted), min_size=1, max_size=4)


def arrays_of(folder: str, docs: Sequence[Sequence[int]], documents: int) -> dict[str, Array]:
    path = Path(folder) / "lists"
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        writer = DocListsWriter(out, "f", documents)
        writer.add(np.concatenate(docs), np.array([len(some) for some in docs]))
        writer.write()
        out.close()
    return dict(ArrayFile(path))


def doc_lists(load: Load, arrays: dict[str, Array], documents: int) -> Any:
    lists = DocLists(arrays, "f", block_count(documents))  # type: ignore[arg-type]  # only its items are read
    return load("index.search.compiled.doc_lists").DocListArrays(arrays, "f", lists, documents)


def docs_in(lists: Any, number: int) -> list[int]:
    docs = np.zeros(lists.size(number) + 2, np.int32)
    count = lists.read(number, BASE, docs.data, 2)
    return [doc - BASE for doc in docs[2 : 2 + count].tolist()]


@interpreted_form
@pytest.mark.parametrize("documents", [BLOCK, DOCUMENTS])
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(docs=lists_of_docs)
def test_lists_are_read_whole(load: Load, documents: int, docs: list[list[int]]) -> None:
    docs = [sorted({doc % documents for doc in some}) for some in docs]
    with TemporaryDirectory() as folder:
        lists = doc_lists(load, arrays_of(folder, docs, documents), documents)
    assert [docs_in(lists, number) for number in range(len(lists))] == docs


@each_form
@pytest.mark.parametrize("documents", [BLOCK, DOCUMENTS])
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(docs=lists_of_docs, wanted=st.sets(near_edges))
def test_wanted_postings_are_found(
    load: Load, documents: int, docs: list[list[int]], wanted: set[int]
) -> None:
    docs = [sorted({doc % documents for doc in some}) for some in docs]
    with TemporaryDirectory() as folder:
        lists = doc_lists(load, arrays_of(folder, docs, documents), documents)
    bits = np.zeros(documents // 64 + BLOCK // 64 + 1, np.uint64)
    for doc in wanted:
        bits[doc // 64] |= np.uint64(1 << doc % 64)
    for number, mine in enumerate(docs):
        rows, found = np.zeros((2, len(mine)), np.int32)
        count = lists.find(number, bits.data, rows.data, found.data)
        assert found[:count].tolist() == [doc for doc in mine if doc in wanted]
        assert [mine[row] for row in rows[:count].tolist()] == found[:count].tolist()


@interpreted_form
@pytest.mark.parametrize(
    ("name", "numbers", "message"),
    [
        ("f/starts", [0, 9], "outside its array"),
        ("f/starts", [2, 1], "outside its array"),
        ("f/low", [5, 5, 6], "do not ascend"),
        ("f/starts", [0, 4], "outside its array"),
        ("f/low", [7, 6, 8], "do not ascend"),
        ("f/low", [5, 6, 50_000], "do not ascend"),
        ("f/low", [5, 6, 60_000], "do not ascend"),
    ],
)
def test_damaged_list_is_refused(
    load: Load, name: str, numbers: list[int], message: str, tmp_path: Path
) -> None:
    arrays = arrays_of(str(tmp_path), [[5, 6, 7]], 50_000)
    arrays[name] = np.array(numbers, arrays[name].dtype)
    with pytest.raises(ValueError, match=message):
        docs_in(doc_lists(load, arrays, 50_000), 0)


@interpreted_form
@pytest.mark.parametrize(
    ("name", "numbers", "message"),
    [
        ("f/high", [0, 1], "outside their array"),
        ("f/rows", [], "outside their array"),
        ("f/rows", [0, 10, 5, 20], "do not ascend"),
        ("f/rows", [0, 10, 12, 14], "end before their list"),
    ],
)
def test_damaged_blocks_are_refused(
    load: Load, name: str, numbers: list[int], message: str, tmp_path: Path
) -> None:
    long = [doc for edge in (0, BLOCK, 2 * BLOCK) for doc in range(edge, edge + 10)][:20]
    arrays = arrays_of(str(tmp_path), [[5, BLOCK, 2 * BLOCK], long], DOCUMENTS)
    arrays[name] = np.array(numbers, arrays[name].dtype)
    lists = doc_lists(load, arrays, DOCUMENTS)
    with pytest.raises(ValueError, match=message):
        [docs_in(lists, number) for number in range(2)]


@each_form
def test_lists_without_extents_or_of_another_type_are_refused(load: Load, tmp_path: Path) -> None:
    arrays = arrays_of(str(tmp_path), [[5, 6, 7]], 50_000)
    for name, wrong in (("f/starts", np.zeros(0, np.uint8)), ("f/low", np.zeros(3, np.uint8))):
        with pytest.raises(ValueError, match="without extents"):
            doc_lists(load, {**arrays, name: wrong}, 50_000)


@each_form
def test_list_that_begins_before_its_array_is_refused(load: Load, tmp_path: Path) -> None:
    arrays = {**arrays_of(str(tmp_path), [[5, 6, 7]], 50_000), "f/starts": np.array([-1, 2])}
    with pytest.raises(ValueError, match="outside its array"):
        doc_lists(load, arrays, 50_000).size(0)


@interpreted_form
def test_first_and_last_document_may_be_in_a_list(load: Load, tmp_path: Path) -> None:
    lists = doc_lists(load, arrays_of(str(tmp_path), [[0, 49_999], [7]], 50_000), 50_000)
    assert [docs_in(lists, number) for number in range(2)] == [[0, 49_999], [7]]
    assert [(lists.first(number), lists.size(number)) for number in range(2)] == [(0, 2), (2, 1)]


@each_form
def test_segment_without_postings_has_no_lists(load: Load) -> None:
    lists = doc_lists(load, {"f/starts": np.zeros(1, np.uint8), "f/low": np.zeros(0, np.uint8)}, 5)
    assert len(lists) == 0


@interpreted_form
@pytest.mark.parametrize("size", [ROW_PAYS_AT * 3 - 1, ROW_PAYS_AT * 3, ROW_PAYS_AT * 3 + 1])
def test_short_and_long_lists_are_read_in_turn(load: Load, size: int, tmp_path: Path) -> None:
    docs = [
        [3, BLOCK + 1, 2 * BLOCK + 2],
        sorted(edge + at for at in range(size) for edge in [at % 3 * BLOCK]),
        [2 * BLOCK],
        [*range(2 * BLOCK - 30, 2 * BLOCK + 3)],
        [BLOCK - 1],
    ]
    lists = doc_lists(load, arrays_of(str(tmp_path), docs, DOCUMENTS), DOCUMENTS)
    wanted = np.full(DOCUMENTS // 64 + BLOCK // 64 + 1, (1 << 64) - 1, np.uint64)
    for number, mine in enumerate(docs):
        rows, found = np.zeros((2, len(mine)), np.int32)
        assert docs_in(lists, number) == mine
        assert lists.find(number, wanted.data, rows.data, found.data) == len(mine)
        assert (rows.tolist(), found.tolist()) == ([*range(len(mine))], mine)


@each_form
@pytest.mark.parametrize(
    ("name", "numbers", "message"),
    [
        ("f/starts", [0, 3, 99], "outside its array"),
        ("f/high", [0, 1], "outside their array"),
        ("f/high", [0, 1, 3], "a document in an unknown block"),
        ("f/rows", [], "outside their array"),
        ("f/rows", [0, 10, 5, 20], "do not ascend"),
        ("f/rows", [0, 10, 20, 21], "do not ascend"),
    ],
)
def test_wanted_postings_of_damaged_blocks_are_refused(
    load: Load, name: str, numbers: list[int], message: str, tmp_path: Path
) -> None:
    long = [doc for edge in (0, BLOCK, 2 * BLOCK) for doc in range(edge, edge + 10)][:20]
    arrays = arrays_of(str(tmp_path), [[5, BLOCK, 2 * BLOCK], long], DOCUMENTS)
    arrays[name] = np.array(numbers, arrays[name].dtype)
    lists, wanted = doc_lists(load, arrays, DOCUMENTS), np.zeros(5 * BLOCK // 64, np.uint64)
    rows, found = np.zeros((2, 20), np.int32)
    with pytest.raises(ValueError, match=message):
        [lists.find(number, wanted.data, rows.data, found.data) for number in range(2)]


def test_wanted_documents_have_a_bit_in_each_block_and_beyond(tmp_path: Path) -> None:
    for documents, blocks in ((1, 1), (BLOCK, 1), (BLOCK + 1, 2), (DOCUMENTS, 3)):
        arrays = arrays_of(str(tmp_path), [[0]], documents)
        assert doc_lists(interpreted, arrays, documents).wanted_bits() == (blocks + 1) * BLOCK


@each_form
@pytest.mark.parametrize("dtype", [np.uint8, np.uint32, np.uint64])
def test_low_parts_have_two_bytes(load: Load, dtype: type, tmp_path: Path) -> None:
    arrays = arrays_of(str(tmp_path), [[5, 6, 7]], 50_000)
    arrays["f/low"] = arrays["f/low"].astype(dtype)
    with pytest.raises(ValueError, match="of a wrong type"):
        doc_lists(load, arrays, 50_000)


@interpreted_form
def test_a_list_may_be_empty(load: Load, tmp_path: Path) -> None:
    arrays = arrays_of(str(tmp_path), [[5, 6, 7]], 50_000)
    arrays["f/starts"] = np.array([0, 0, 3, 3], np.uint8)
    lists = doc_lists(load, arrays, 50_000)
    assert [lists.size(number) for number in range(3)] == [0, 3, 0]
    assert [docs_in(lists, number) for number in range(3)] == [[], [5, 6, 7], []]
