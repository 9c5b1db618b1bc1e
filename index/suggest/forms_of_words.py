"""The forms of words, by which a text read word by word is searched for the beginnings of words."""

import numpy as np

from index.segment import Array
from index.segment.doc_lists import expand_ranges


class FormsOfWords:
    """The forms of each of *word_count* words; most have one, and compounds also have those of their parts.

    *words* and *forms* are parallel: pairs of a word and the number of a form that it has; *form_count* is
    the number of forms.
    """

    def __init__(self, words: Array, forms: Array, *, word_count: int, form_count: int) -> None:
        # A word has one form, or none (form_count), or those of a list (larger numbers).
        self._form_or_list = np.full(word_count, form_count, np.uint32)
        self._form_or_list[words] = forms
        has_several = np.zeros(word_count, bool)
        has_several[words[self._form_or_list[words] != forms]] = True
        listed = np.flatnonzero(has_several[words])
        several, sizes = np.unique(words[listed], return_counts=True)
        self._form_or_list[several] = form_count + 1 + np.arange(len(several))
        self._form_count = form_count
        self._lists = forms[listed[np.argsort(words[listed], kind="stable")]]
        self._ends = np.concatenate(([0], sizes.cumsum()))

    def find(self, words: Array, first: int, last: int) -> tuple[Array, Array]:
        """Return the places among *words* with a form from *first* to before *last*, and that form.

        A place occurs once for each such form of its word.

        >>> words, forms = np.array([0, 2, 2]), np.array([5, 6, 3])
        >>> of_words = FormsOfWords(words, forms, word_count=3, form_count=7)
        >>> [found.tolist() for found in of_words.find(np.array([2, 1, 0]), 5, 7)]
        [[2, 0], [5, 6]]
        """
        found = self._form_or_list[words]
        single = np.flatnonzero((found >= first) & (found < last))
        several = np.flatnonzero(found > self._form_count)
        if not len(several):
            return single, found[single].astype(np.int64)
        lists = found[several].astype(np.int64) - self._form_count
        starts, sizes = self._ends[lists - 1], self._ends[lists] - self._ends[lists - 1]
        forms = self._lists[expand_ranges(starts, sizes)]
        is_inside = (forms >= first) & (forms < last)
        places = np.concatenate((single, several.repeat(sizes)[is_inside]))
        return places, np.concatenate((found[single].astype(np.int64), forms[is_inside]))
