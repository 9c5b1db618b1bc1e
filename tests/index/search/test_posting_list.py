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
