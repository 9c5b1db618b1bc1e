from pathlib import Path

import numpy as np
import pytest

from index.segment import ArrayFile, Postings
from index.segment.array_file import shrink
from index.segment.postings import _order_of, array_prefix
from tests.support.corpora import WORDS, index_of
from tests.support.oracle import Doc


@pytest.mark.parametrize(
    ("field", "prefix"),
    [
        ("id", "id"),
        ("words", "words"),
        ("id/word", "id/word"),
        ("word", "field/word"),
        ("union", "field/union"),
        ("part/0", "field/part/0"),
        ("span", "field/span"),
        ("field/word", "field/field/word"),
    ],
)
def test_field_never_shares_arrays_with_the_analysed_text(field: str, prefix: str) -> None:
    assert array_prefix(field) == prefix


@pytest.mark.parametrize(("count", "highest"), [(0, 1), (1_000, 5), (3_000, 1_000), (5_000, 3_000_000)])
def test_words_are_ordered_by_halves_as_by_a_stable_sort(count: int, highest: int) -> None:
    words = shrink(np.random.default_rng(1).integers(0, highest, count))
    assert _order_of(words).tolist() == np.argsort(words, kind="stable").tolist()


@pytest.mark.parametrize("field", ["lemma", "stem", "exact", "fold"])
def test_a_term_has_the_documents_and_weights_of_its_words(tmp_path: Path, field: str) -> None:
    texts = [WORDS[number::3] for number in range(len(WORDS))]
    index_of(
        tmp_path, [Doc(f"d{n}", "fm", "lv", None, "d", {"body": [*text]}) for n, text in enumerate(texts)]
    )
    postings = Postings(ArrayFile(next(tmp_path.glob("*.posts"))))
    terms, words = postings.fields[field], postings.words
    assert words is not None
    for term in range(len(terms.terms)):
        weights = dict.fromkeys(terms.docs(term).tolist(), 0)
        for word in terms.words_of(term):  # type: ignore[attr-defined]  # a field of the analysed text
            for doc, weight in zip(words.docs(word).tolist(), words.weights(word).tolist(), strict=True):
                weights[doc] += weight
        assert [*weights.values()] == terms.weights(term).tolist()
        assert terms.size(term) == terms.sizes()[term] >= len(weights)
