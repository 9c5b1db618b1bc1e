"""Wildcards become words whose only term is the name of their query."""

from index.engines.opensearch.search.pseudo_words import leaf_name, with_pseudo_words, without_openings
from index.query import AllOf, AnyOf, Everything, Fuzzy, InOpening, Not, Prefix, Related, Wildcard, Word

MEZS = Word(text="mežs", lemma=("mežs",))
NAMED = (Prefix(text="a"), Wildcard(text="b*"), Fuzzy(text="c", distance=1))


def test_each_wildcard_is_the_word_of_its_number() -> None:
    words = [Word(text="", fold=(leaf_name(number),), scored=False) for number in range(3)]
    clause = AllOf((MEZS, Not(NAMED[1]), Related((NAMED[2], NAMED[0]))))
    assert with_pseudo_words(clause, NAMED) == AllOf((MEZS, Not(words[1]), AnyOf((words[2], words[0]))))


def test_what_is_asked_for_in_an_opening_may_be_in_either_part() -> None:
    limited = without_openings(AllOf((Everything(), Not(InOpening(MEZS)))))
    assert isinstance(limited, AllOf)
    assert limited.clauses[0] == Everything()
    assert "InOpening" not in repr(limited)
    assert [part in repr(limited) for part in ("'title'", "'lead'", "'body'")] == [True, True, False]
