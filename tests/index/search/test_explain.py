import pytest
from msgspec.structs import replace

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


def test_words_are_explained_in_the_order_of_the_query_by_their_best_terms(ix: ArrayIndex) -> None:
    searcher = Searcher(ix)
    (doc,) = [found for name in ("a",) if (found := searcher.find(name)) is not None]
    unscored = replace(SCHOOL, text="skolas", scored=False)
    (explained,) = searcher.explain(AllOf((SCHOOL, unscored, BUDGET)), (doc,)).values()
    assert [word.text for word in explained.words] == ["skola", "budžets"]
    school, budget = explained.words
    assert [(term.field, term.term, term.frequency, term.releases) for term in school.terms] == [
        ("lemma", "skola", 1.0, 3),
        ("stem", "skol", 1.0, 3),
    ]
    assert [(term.field, term.term, term.releases) for term in budget.terms] == [
        ("lemma", "budzets", 2),
        ("stem", "budz", 2),
    ]
    assert budget.score == pytest.approx(sum(term.score for term in budget.terms))
    assert budget.terms[0].score == pytest.approx(2 * budget.terms[1].score)  # a stem weighs half


def test_of_several_lemmas_the_best_is_explained(ix: ArrayIndex) -> None:
    searcher = Searcher(ix)
    (doc,) = [found for name in ("a",) if (found := searcher.find(name)) is not None]
    both = Word(text="b", lemma=("un", "budzets"))
    (explained,) = searcher.explain(both, (doc,)).values()
    assert [term.term for term in explained.words[0].terms] == ["budzets"]


def test_an_optional_word_is_explained_by_its_stem(ix: ArrayIndex) -> None:
    searcher = Searcher(ix)
    (doc,) = [found for name in ("c",) if (found := searcher.find(name)) is not None]
    stem_only = Word(text="skolu", lemma=("trukst",), stem=("skol",))
    (explained,) = searcher.explain(AnyOf((SCHOOL, stem_only, BUDGET)), (doc,)).values()
    assert [(word.text, [term.field for term in word.terms]) for word in explained.words] == [
        ("skola", ["lemma", "stem"]),
        ("skolu", ["stem"]),
    ]
