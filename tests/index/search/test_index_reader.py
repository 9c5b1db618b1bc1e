from pathlib import Path

import numpy as np
import pytest

from index.query import Word
from index.search import IndexReader
from tests.support.corpora import WORDS, index_of
from tests.support.oracle import Doc
from tests.support.updated_index import GONE, KEPT, updated


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    """Two segments; the second has only half of the words."""
    docs = [
        Doc(f"d{number}", "fm", "lv", None, f"d{number}", {"body": list(words)})
        for number, words in enumerate((WORDS, WORDS[::2]))
    ]
    return IndexReader(index_of(tmp_path_factory.mktemp("index"), *([doc] for doc in docs)))


def test_terms_of_the_same_words_are_read_once(reader: IndexReader) -> None:
    assert reader.term("lemma", "budzets") is reader.term("stem", "budz")
    assert reader.term("lemma", "celt") is not reader.term("stem", "cel")
    assert reader.term("id", "d0") is not reader.term("id", "d1")


def test_deleted_documents_count_in_no_figure(tmp_path: Path) -> None:
    reader = IndexReader(updated(tmp_path / "updated"))
    whole = IndexReader(index_of(tmp_path / "whole", KEPT))
    assert (reader.count, reader.live_count) == (len(KEPT) + len(GONE), whole.live_count)
    assert [*reader.ids()] == [*whole.ids()] == [doc.id for doc in KEPT]
    assert [reader.id(doc).decode() for doc in reader.live.tolist()] == [doc.id for doc in KEPT]
    assert [reader.idf(count) for count in range(len(KEPT) + 1)] == [
        whole.idf(count) for count in range(len(KEPT) + 1)
    ]
    pooled = Word(text="", lemma=("budzets", "skola"), pooled=True)
    for field, texts in (("lemma", ("budzets", "skola")), ("stem", ("budz",)), ("exact", ("nav",))):
        np.testing.assert_array_equal(
            reader.norms(field, np.float64)[reader.live], whole.norms(field, np.float64)
        )
        ours, theirs = (one.weigh_terms(field, texts, pooled, 1.0) for one in (reader, whole))
        for (term, weight), (right, right_weight) in zip(ours, theirs, strict=True):
            assert ([reader.id(doc) for doc in term.docs], weight) == (
                [whole.id(doc) for doc in right.docs],
                right_weight,
            )
            assert term.frequencies_in(term.docs)[1].tolist() == right.frequencies_in(right.docs)[1].tolist()
