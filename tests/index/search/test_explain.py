import pytest

from index.codec import ArrayIndex
from index.query import AllOf, AnyOf, MostOf, Word
from index.search import Searcher
from index.search.ranking import recency
from tests.support.school_budget import BUDGET, SCHOOL, query


def test_explanation_multiplies_up_to_the_score(ix: ArrayIndex) -> None:
    searcher = Searcher(ix, recency=recency, proximity=0.5)
    top = searcher.search(query(BUDGET, SCHOOL))
    (explanation,) = searcher.explain(AllOf((BUDGET, SCHOOL)), top.docs).values()
    words = sum(word.score for word in explanation.words)
    assert explanation.proximity == pytest.approx(1.5)
    assert explanation.score == pytest.approx(words * explanation.proximity * explanation.recency)
    assert explanation.score == pytest.approx(top.scores[0])


def test_only_matching_documents_are_explained(ix: ArrayIndex) -> None:
    searcher = Searcher(ix)
    docs = [doc for name in ("a", "c") if (doc := searcher.find(name)) is not None]
    assert list(searcher.explain(BUDGET, docs)) == docs[:1]


def test_a_word_in_several_places_of_the_query_is_listed_once(ix: ArrayIndex) -> None:
    searcher = Searcher(ix)
    (doc,) = searcher.search(query(BUDGET, SCHOOL)).docs[:1]
    (once,) = searcher.explain(AllOf((BUDGET, SCHOOL)), (doc,)).values()
    (twice,) = searcher.explain(AllOf((AnyOf((BUDGET,)), AnyOf((SCHOOL, BUDGET)))), (doc,)).values()
    assert [word.text for word in twice.words] == [word.text for word in once.words]
    assert twice.words[0].score == pytest.approx(2 * once.words[0].score)


def test_words_of_a_partial_match_add_up_to_its_score(ix: ArrayIndex) -> None:
    searcher, missing = Searcher(ix), Word(text="trūkst", lemma=("trukst",))
    whole = searcher.search(query(BUDGET, SCHOOL))
    partial = searcher.explain(MostOf((BUDGET, SCHOOL, missing)), whole.docs)[whole.docs[0]]
    assert sum(word.score for word in partial.words) == pytest.approx(partial.score)
    assert partial.score == pytest.approx(whole.scores[0] * (2 / 3) ** 2)
