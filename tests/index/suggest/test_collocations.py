import numpy as np
import pytest

from index.suggest import collocations as collocations_module
from index.suggest.collocations import WORDS_MAX, Tokens, collocations


def found(
    words: list[int], breaks: tuple[int, ...] = (), function_words: tuple[int, ...] = ()
) -> dict[tuple[int, ...], int]:
    follows = np.ones(len(words), bool)
    follows[[at for at in (0, *breaks) if words]] = False
    are_function_words = np.zeros(10, bool)
    are_function_words[list(function_words)] = True
    tokens = Tokens(np.array(words, int), follows)
    stems = np.arange(10) // 2 * 2  # words 2 and 3 share a stem
    items = collocations(tokens, stems, are_function_words, occurrences_min=2)
    return {item.words: item.occurrences for item in items}


def test_sequences_of_words_are_counted() -> None:
    assert found([1, 2, 6, 1, 2, 4]) == {(1, 2): 2}


def test_forms_of_a_word_count_together_and_the_commonest_is_shown() -> None:
    assert found([1, 2, 6, 1, 3, 8, 1, 3]) == {(1, 3): 3}


def test_sequences_have_at_most_five_words() -> None:
    assert max(map(len, found([1, 2, 4, 6, 8, 9, 1, 2, 4, 6, 8, 9]))) == WORDS_MAX


def test_punctuation_separates() -> None:
    assert found([1, 4, 1, 4], breaks=(3,)) == {}


def test_function_words_are_only_inside() -> None:
    assert found([1, 5, 8, 1, 5, 8], function_words=(5,)) == {(1, 5, 8): 2}


def test_no_tokens_have_no_collocations() -> None:
    assert found([]) == {}


@pytest.mark.parametrize(("least", "sequences"), [(2, {(1, 2): 3, (6, 8): 2}), (3, {(1, 2): 3}), (4, {})])
def test_sequences_occur_often_enough(least: int, sequences: dict[tuple[int, ...], int]) -> None:
    words = np.array([1, 2, 6, 8, 1, 2, 4, 6, 8, 9, 1, 2])
    follows = np.array([0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1], bool)
    found = collocations(Tokens(words, follows), np.arange(10), np.zeros(10, bool), occurrences_min=least)
    assert {item.words: item.occurrences for item in found} == sequences


def test_of_equally_common_forms_one_is_shown_with_all_occurrences() -> None:
    assert list(found([1, 2, 6, 1, 3]).values()) == [2]
    assert found([1, 3, 6, 1, 2, 8, 1, 2]) == {(1, 2): 3}


def test_only_the_most_frequent_sequences_of_a_size_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [1, 2, 6, 1, 2, 4, 1, 2, 5, 8, 9, 0, 8, 9]
    assert found(words, breaks=(2, 3, 5, 6, 8, 9, 11, 12)) == {(1, 2): 3, (8, 9): 2}
    monkeypatch.setattr(collocations_module, "SEQUENCES_MAX", 1)
    assert found(words, breaks=(2, 3, 5, 6, 8, 9, 11, 12)) == {(1, 2): 3}
