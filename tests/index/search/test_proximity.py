from index.query import AllOf, AnyOf, MostOf, Not, Phrase, Word
from index.search.proximity import neighbours

A, B, C = (Word(text=text) for text in "abc")


def test_adjacent_words_of_a_conjunction_are_paired() -> None:
    pairs = [tuple(word.text for word in phrase.words) for phrase in neighbours(AllOf((A, B, C)))]
    assert pairs == [("a", "b"), ("b", "c")]


def test_other_clauses_separate_words() -> None:
    assert not list(neighbours(AllOf((A, Phrase(words=(B, C)), Not(B), C))))
    assert not list(neighbours(AnyOf((A, B))))


def test_pairs_are_found_at_any_depth() -> None:
    assert len(list(neighbours(AllOf((A, MostOf((B, C))))))) == 1
