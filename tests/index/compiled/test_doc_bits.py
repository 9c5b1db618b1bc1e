"""Sets of documents as bits, interpreted; compiled, they are tried by all that has them."""

import numpy as np
import pytest

from tests.support.interpreted import interpreted

doc_bits = interpreted("index.compiled.doc_bits")
EDGES = [0, 1, 62, 63, 64, 65, 127, 128, 200]


def array(docs: list[int]) -> memoryview:
    return np.array([*docs, -1], np.int32).data


def marked(docs: list[int], documents: int = 201) -> memoryview:
    found: memoryview = doc_bits.new_bits(documents)
    doc_bits.mark_docs(found, array(docs), len(docs))
    return found


def read(found: memoryview, documents: int = 201) -> list[int]:
    docs = np.full(documents + 1, -1, np.int32)
    count = doc_bits.read_bits(found, documents, docs.data)
    assert docs[count:].tolist() == [-1] * (documents + 1 - count)
    return docs[:count].tolist()


@pytest.mark.parametrize(("documents", "words"), [(0, 0), (1, 1), (64, 1), (65, 2), (128, 2), (129, 3)])
def test_set_has_a_bit_for_each_document(documents: int, words: int) -> None:
    assert doc_bits.words_of(documents) == words
    assert len(doc_bits.new_bits(documents)) == max(words, 1)
    assert read(marked([*range(documents)], documents), documents) == [*range(documents)]


def test_marked_documents_are_read_in_order() -> None:
    found = marked(EDGES[::-1])
    assert read(found) == EDGES
    assert doc_bits.count_bits(found, 201) == len(EDGES)
    assert [doc for doc in range(201) if doc_bits.has_doc(found, doc)] == EDGES
    assert read(marked([])) == []


def test_only_so_many_documents_are_read() -> None:
    found = marked(EDGES)
    assert read(found, 64) == [0, 1, 62, 63]
    assert doc_bits.count_bits(found, 64) == 4


def test_only_so_many_documents_are_marked() -> None:
    found = marked([])
    doc_bits.mark_docs(found, array([5, 9]), 1)
    doc_bits.mark_docs(found, array([5]), 1)
    assert read(found) == [5]


def test_sets_are_added_up() -> None:
    found = marked([1, 64])
    doc_bits.mark_all(found, marked([1, 63, 200]), 201)
    assert read(found) == [1, 63, 64, 200]


@pytest.mark.parametrize("are_wanted", [True, False])
def test_documents_in_a_set_are_kept_or_dropped(are_wanted: bool) -> None:
    found, docs = marked([1, 64, 100]), [0, 1, 63, 64, 128]
    kept = np.zeros(6, np.int32)
    count = doc_bits.keep_docs(found, are_wanted, array(docs), 5, kept.data)
    assert kept[:count].tolist() == ([1, 64] if are_wanted else [0, 63, 128])
    same = array(docs)
    assert doc_bits.keep_docs(found, are_wanted, same, 5, same) == count
    assert same[:count].tolist() == kept[:count].tolist()
