import numpy as np
import pytest

from index.search.posting_list import PostingList
from index.segment.doc_sets import DocSets

COUNT = 1_000


@pytest.mark.parametrize("step", [2, 100], ids=["common", "rare"])
def test_frequencies_are_looked_up(step: int) -> None:
    docs = np.arange(0, COUNT, step)
    term = PostingList(docs, np.full(len(docs), 3, np.uint8), DocSets(COUNT))
    every_doc = np.arange(COUNT)
    rows, frequencies = term.frequencies_in(every_doc)
    by_doc = np.zeros(COUNT, int)
    by_doc[slice(None) if rows is None else rows] = frequencies
    assert by_doc.tolist() == [3 if doc % step == 0 else 0 for doc in range(COUNT)]
    assert term.occurs_in(every_doc).tolist() == [doc % step == 0 for doc in range(COUNT)]


def test_all_documents_of_a_term_need_no_look_up() -> None:
    docs = np.array([1, 5])
    term = PostingList(docs, np.array([2, 3]), DocSets(10))
    rows, frequencies = term.frequencies_in(term.docs)
    assert (rows, frequencies.tolist(), len(term)) == (None, [2, 3], 2)


def posting_list(step: int) -> PostingList:
    docs = np.arange(0, COUNT, step)
    return PostingList(docs, np.arange(1, len(docs) + 1, dtype=np.uint16), DocSets(COUNT))


@pytest.mark.parametrize("step", [2, 100])
@pytest.mark.parametrize("asked", [[], [0], [1], [0, 1, 100, 101, 200], [999]])
@pytest.mark.parametrize("is_looked_up", [False, True], ids=["at first", "with a table"])
def test_documents_are_told_from_others(step: int, asked: list[int], *, is_looked_up: bool) -> None:
    term, docs = posting_list(step), np.array(asked, np.int64)
    if is_looked_up:
        term.occurs_in(np.arange(COUNT))
    rows = [row for row, doc in enumerate(asked) if doc % step == 0]
    assert term.occurs_in(docs).tolist() == [row in rows for row in range(len(asked))]
    found, frequencies = term.frequencies_in(docs)
    places = range(len(asked)) if found is None else found.tolist()
    by_row = dict(zip(places, frequencies.tolist(), strict=True))
    assert [by_row.get(row, 0) for row in range(len(asked))] == [
        doc // step + 1 if doc % step == 0 else 0 for doc in asked
    ]


@pytest.mark.parametrize(("documents", "is_common"), [(31, False), (32, True)])
def test_a_term_in_more_than_a_share_of_the_documents_has_a_table(documents: int, *, is_common: bool) -> None:
    docs = np.arange(documents)
    term = PostingList(docs, np.ones(documents, np.uint16), DocSets(992))
    assert term.nbytes == documents * (8 + 2) + 256 + (992 * 2 if is_common else 0)
    term.occurs_in(np.arange(992))
    assert ("_table" in term.__dict__) == is_common
