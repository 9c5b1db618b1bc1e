import numpy as np

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
