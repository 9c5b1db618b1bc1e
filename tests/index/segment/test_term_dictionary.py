from fnmatch import fnmatchcase

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.segment import term_dictionary
from index.segment.term_dictionary import Strings, StringsBuilder, TermDictionary, is_within, pack_bytes
from tests.support.oracle import edits

texts = st.text("abcšя0", max_size=5)


def terms_of(words: set[str]) -> TermDictionary:
    return TermDictionary(*pack_bytes(sorted(word.encode() for word in words)))


@given(words=st.sets(texts, min_size=1), text=texts, distance=st.integers(0, 2))
def test_near_words_are_within_the_edit_distance(words: set[str], text: str, distance: int) -> None:
    terms = terms_of(words)
    matches = {terms[place].decode() for place in terms.within(text, distance)}
    assert matches == {word for word in words if edits(word, text) <= distance}


@given(words=st.sets(texts, min_size=1), pattern=st.text("abя0*?", max_size=6))
def test_wildcards_match_like_file_names(words: set[str], pattern: str) -> None:
    terms = terms_of(words)
    matches = {terms[place].decode() for place in terms.matching(pattern)}
    assert matches == {word for word in words if fnmatchcase(word, pattern)}


@given(words=st.sets(texts, min_size=1), text=texts)
def test_terms_and_prefixes_are_looked_up(words: set[str], text: str) -> None:
    terms = terms_of(words)
    with_prefix = [terms[place].decode() for place in terms.with_prefix(text.encode())]
    assert with_prefix == sorted((word for word in words if word.startswith(text)), key=str.encode)
    assert (terms.find(text.encode()) >= 0) == (text in words)


@pytest.mark.parametrize("waymarks", [1, 2, 3, 7, 4_096])
@pytest.mark.parametrize("count", [0, 1, 2, 6, 7, 8, 21])
def test_a_term_is_found_between_any_waymarks(
    monkeypatch: pytest.MonkeyPatch, waymarks: int, count: int
) -> None:
    monkeypatch.setattr(term_dictionary, "WAYMARKS", waymarks)
    words = [f"t{number:02}" for number in range(1, 2 * count, 2)]
    terms = terms_of({*words})
    assert len(terms) == count
    assert [term.decode() for term in terms] == words
    for number in range(2 * count + 2):
        text = f"t{number:02}".encode()
        first = sum(word.encode() < text for word in words)
        assert terms.first_from(text) == first
        assert terms.find(text) == (first if number % 2 and number < 2 * count else -1)
    assert terms[1:4] == [word.encode() for word in words[1:4]]
    assert terms[::-2] == [word.encode() for word in words[::-2]]
    assert terms.many(np.arange(count)[::-1]) == [word.encode() for word in words[::-1]]
    assert (terms.with_prefix(b""), terms.with_prefix(b"t")) == (range(count), range(count))


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        (b"a", [1, 2, 3]),
        (b"a\xff", [2, 3]),
        (b"a\xff\xff", [3]),
        (b"\xff", [5]),
        (b"\xff\xff", []),
        (b"b", [4]),
    ],
)
def test_prefixes_of_any_bytes_are_looked_up(prefix: bytes, found: list[int]) -> None:
    terms = TermDictionary(*pack_bytes([b"A", b"a", b"a\xff", b"a\xff\xff", b"b", b"\xff"]))
    assert [*terms.with_prefix(prefix)] == found


def test_near_terms_ascend_and_are_kept() -> None:
    terms = terms_of({"cela", "celi", "cels", "cils", "mezs", ""})
    near = terms.within("cels", 1)
    assert [terms[place] for place in near] == [b"cela", b"celi", b"cels", b"cils"]
    assert terms.within("cels", 1) is near
    assert terms.within("cels", 0) is not near
    assert [terms[place] for place in terms.within("cels", 0)] == [b"cels"]
    matching = terms.matching("c*s")
    assert [terms[place] for place in matching] == [b"cels", b"cils"]
    assert terms.matching("c*s") is matching


@given(word=texts, other=texts, distance=st.integers(0, 3))
def test_distance_of_words_is_that_of_levenshtein(word: str, other: str, distance: int) -> None:
    assert is_within(word, other, distance) == (edits(word, other) <= distance)


def test_builder_packs_like_pack_bytes() -> None:
    builder, values = StringsBuilder(), [b"a", b"", "ā".encode()]
    for value in values:
        builder.append(value)
    packed = [[array.tolist() for array in pair] for pair in (builder.pack(), pack_bytes(values))]
    assert packed[0] == packed[1]


def test_strings_are_read_by_ordinal() -> None:
    strings = Strings(*pack_bytes([b"a", b"", "ā".encode()]))
    assert (len(strings), strings[0], strings[1], strings[2]) == (3, b"a", b"", "ā".encode())
    assert list(strings) == [b"a", b"", "ā".encode()]
    builder = StringsBuilder()
    assert len(builder) == 0
    builder.append(b"ab")
    assert (len(builder), list(Strings(*builder.pack()))) == (1, [b"ab"])
