import pytest

from index.analysis import Forms
from index.writer import vocabulary
from index.writer.vocabulary import StringNumbers, Vocabulary, sort_terms


def test_strings_are_numbered_by_first_appearance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "CHUNK_BYTES", 2)
    strings = StringNumbers()
    assert strings.numbers([b"b", b"a", b"b"]).tolist() == [0, 1, 0]
    assert strings.numbers([b"c", b"a"]).tolist() == [2, 1]
    assert [string for chunk in strings.chunks() for string in chunk] == [b"b", b"a", b"c"]


def test_equal_words_have_one_number_whatever_the_order_of_their_terms() -> None:
    word, same = (Forms(lemma, ("s",), ("e",), ("f",)) for lemma in (("a", "b"), ("b", "a")))
    assert Vocabulary().numbers([word, same]).tolist() == [0, 0]


def test_cache_of_known_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "KNOWN_MAX", 1)
    words = Vocabulary()
    forms = [Forms((text,), (text,), (text,), (text,)) for text in "aba"]
    assert [words.numbers([word]).tolist() for word in forms] == [[0], [1], [0]]


def test_bytes_that_are_no_word_are_refused() -> None:
    with pytest.raises(ValueError, match="not a packed word"):
        sort_terms(b"word")
