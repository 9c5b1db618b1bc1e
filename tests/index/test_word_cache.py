from functools import lru_cache

from index.analysis.word_cache import WORD_CHARS, for_length, length_of


def test_long_words_are_found_but_not_kept() -> None:
    cached = lru_cache(10)(str.upper)
    for chars in (1, WORD_CHARS, WORD_CHARS + 1, 20_000):
        word = "a" * chars
        assert for_length(cached, chars)(word) == word.upper()
    assert cached.cache_info().currsize == 2


def test_the_length_of_a_word_is_that_of_its_first_text() -> None:
    assert length_of([("body", "a"), ("title", "aaaaaa")]) == 1
    assert length_of([]) == 0
