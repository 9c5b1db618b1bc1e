from fnmatch import fnmatchcase

from hypothesis import given
from hypothesis import strategies as st

from index.segment.array_file import pack_bytes
from index.segment.term_dictionary import TermDictionary
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
