from itertools import chain

import pytest

from index.analysis import Forms
from index.writer import vocabulary
from index.writer.vocabulary import FIELD_END, TERM_END, StringNumbers, Vocabulary, sort_terms


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


@pytest.mark.parametrize(
    ("packed", "sorted_"),
    [
        ("b,a|s|e|f", "a,b|s|e|f"),
        ("a|s|e|g,f,g", "a|s|e|f,g"),
        ("|||", "|||"),
        ("b,a|d,c|f,e|h,g", "a,b|c,d|e,f|g,h"),
        ("a|b|c|d", "a|b|c|d"),
    ],
)
def test_terms_of_a_word_are_sorted_and_distinct(packed: str, sorted_: str) -> None:
    def pack(text: str) -> bytes:
        return text.encode().replace(b"|", FIELD_END).replace(b",", TERM_END)

    assert sort_terms(pack(packed)) == pack(sorted_)
    fields = [tuple(filter(None, terms.split(","))) for terms in packed.split("|")]
    if all(fields):
        words = Vocabulary()
        assert words.numbers([Forms(*fields)]).tolist() == [0]
        assert words.packed_numbers([pack(sorted_)]).tolist() == [0]


@pytest.mark.parametrize("fields", [0, 2, 4])
def test_a_packed_word_has_four_fields(fields: int) -> None:
    with pytest.raises(ValueError, match="not a packed word"):
        sort_terms(FIELD_END.join([b"a"] * (fields + 1)))


@pytest.mark.parametrize("known_max", [1, 2, 1_000])
@pytest.mark.parametrize("chunk_bytes", [1, 10, 1 << 20])
def test_words_have_their_terms_by_field_in_the_order_of_their_numbers(
    monkeypatch: pytest.MonkeyPatch, known_max: int, chunk_bytes: int
) -> None:
    monkeypatch.setattr(vocabulary, "KNOWN_MAX", known_max)
    monkeypatch.setattr(vocabulary, "CHUNK_BYTES", chunk_bytes)
    words = Vocabulary()
    forms = [Forms((f"l{number}",), ("s",), (f"e{number}", "x"), ("f",)) for number in range(6)]
    copies = [Forms((f"l{number}",), ("s",), ("x", f"e{number}"), ("f",)) for number in range(6)]
    assert words.numbers([]).tolist() == []
    assert words.numbers([forms[2], forms[0], forms[2]]).tolist() == [0, 1, 0]
    assert words.numbers([copies[0], forms[5], forms[2]]).tolist() == [1, 2, 0]
    assert words.numbers(forms).tolist() == [1, 3, 0, 4, 5, 2]
    assert words.numbers(copies).tolist() == [1, 3, 0, 4, 5, 2]
    assert len(words) == 6
    columns = [[*chain.from_iterable(column)] for column in zip(*words.columns(), strict=True)]
    order = [2, 0, 5, 1, 3, 4]
    assert columns == [
        [b"l%d" % number for number in order],
        [b"s"] * 6,
        [b"e%d" % number + TERM_END + b"x" for number in order],
        [b"f"] * 6,
    ]
