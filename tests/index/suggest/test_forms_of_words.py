import numpy as np
import pytest

from index.suggest.forms_of_words import FormsOfWords

# Word 0 has no form, word 2 is a compound; 9 forms in all.
WORDS, FORMS = [1, 2, 3, 2, 2, 4, 4], [8, 3, 5, 4, 7, 0, 6]
TEXT = [2, 0, 3, 1, 4, 2]


@pytest.fixture(scope="module")
def forms_of_words() -> FormsOfWords:
    return FormsOfWords(np.array(WORDS), np.array(FORMS), word_count=5, form_count=9)


@pytest.mark.parametrize(("first", "last"), [(0, 9), (3, 5), (5, 6), (4, 8), (8, 9), (1, 3), (4, 4)])
def test_every_form_in_the_range_is_found_at_each_of_its_words(
    forms_of_words: FormsOfWords, first: int, last: int
) -> None:
    places, forms = forms_of_words.find(np.array(TEXT), first, last)
    pairs = zip(WORDS, FORMS, strict=True)
    expected = [
        (place, form)
        for word, form in pairs
        for place in range(6)
        if TEXT[place] == word and first <= form < last
    ]
    assert sorted(zip(places.tolist(), forms.tolist(), strict=True)) == sorted(expected)


def test_words_may_have_no_forms_at_all() -> None:
    none = np.zeros(0, np.int64)
    places, forms = FormsOfWords(none, none, word_count=0, form_count=0).find(none, 0, 0)
    assert (places.tolist(), forms.tolist()) == ([], [])
