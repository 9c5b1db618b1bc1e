import numpy as np
import pytest

from index.segment.array_file import shrink
from index.segment.postings import _order_of, array_prefix


@pytest.mark.parametrize(
    ("field", "prefix"),
    [
        ("id", "id"),
        ("words", "words"),
        ("id/word", "id/word"),
        ("word", "field/word"),
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
