from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.segment import ArrayFile, ArrayWriter
from index.segment.doc_lists import BLOCK, BLOCKS_MAX, DocLists, DocListsWriter, block_count

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
