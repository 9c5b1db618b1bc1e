import numpy as np

from index.suggest.collocations import Tokens, collocations


def found(words: list[int], breaks: tuple[int, ...] = (), function_words: tuple[int, ...] = ()) -> dict:
    follows = np.ones(len(words), bool)
    follows[[0, *breaks]] = False
    are_function_words = np.zeros(10, bool)
    are_function_words[list(function_words)] = True
    tokens = Tokens(np.array(words), follows)
    return dict(collocations(tokens, are_function_words, occurrences_min=2))


def test_sequences_of_words_are_counted() -> None:
    assert found([1, 2, 3, 1, 2, 4]) == {(1, 2): 2}


def test_sequences_have_at_most_four_words() -> None:
    assert max(map(len, found([1, 2, 3, 4, 5, 1, 2, 3, 4, 5]))) == 4


def test_punctuation_separates() -> None:
    assert found([1, 2, 1, 2], breaks=(3,)) == {}


def test_function_words_are_only_inside() -> None:
    assert found([1, 5, 2, 1, 5, 2], function_words=(5,)) == {(1, 5, 2): 2}


def test_no_tokens_have_no_collocations() -> None:
    assert (
        dict(collocations(Tokens(np.zeros(0, int), np.zeros(0, bool)), np.zeros(0, bool), occurrences_min=1))
        == {}
    )
