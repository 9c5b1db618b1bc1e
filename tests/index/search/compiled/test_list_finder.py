"""The finder in given lists, compiled and interpreted: it matches and scores like brute force."""

import re
from typing import Any

import pytest
from msgspec.structs import replace

from index import deadline
from index.query import AllOf, AnyOf, Clause, Everything, Phrase, Prefix, Word
from index.search.index_reader import IndexReader
from index.search.ranking import FIELD_WEIGHTS
from tests.support.corpora import WORDS, index_of
from tests.support.decoded import Load
from tests.support.every_clause import CLAUSES, ids_of, indexed, phrase, right_scores, word
from tests.support.interpreted import each_form, interpreted_form

BUDGET, SCHOOL = word(WORDS[0]), word(WORDS[11])
CLOSED = [clause for clause in CLAUSES if not re.search("Prefix|Fuzzy|Wildcard", repr(clause))]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    return indexed(tmp_path_factory.mktemp("list_finder"))


def finder_of(load: Load, reader: IndexReader, **weights: float) -> Any:
    return load("index.search.compiled.list_finder").ListFinder(reader, weights or FIELD_WEIGHTS)


def found_by(finder: Any, clause: Clause, reader: IndexReader) -> dict[str, float]:
    """Return the score of each document that matches, by its id."""
    docs = finder.matching(clause)
    return dict(zip(ids_of(reader, docs.tolist()), finder.scores(clause, docs).tolist(), strict=True))


@each_form
@pytest.mark.parametrize("clause", CLOSED, ids=lambda clause: repr(clause)[:60])
def test_given_lists_match_and_score_like_brute_force(
    load: Load, clause: Clause, reader: IndexReader
) -> None:
    found, expected = found_by(finder_of(load, reader), clause, reader), right_scores(clause)
    assert [*found] == sorted(expected)
    assert found == pytest.approx(expected)


@each_form
def test_what_is_kept_of_a_word_changes_no_other(load: Load, reader: IndexReader) -> None:
    finder = finder_of(load, reader)
    for clause in (*CLOSED, *reversed(CLOSED)):
        assert found_by(finder, clause, reader) == pytest.approx(right_scores(clause))


@each_form
def test_some_of_the_documents_are_scored(load: Load, reader: IndexReader) -> None:
    finder, expected = finder_of(load, reader), [*right_scores(BUDGET).values()]
    docs = finder.matching(BUDGET)
    assert finder.scores(BUDGET, docs[1::3]).tolist() == pytest.approx(expected[1::3])
    assert finder.scores(BUDGET, docs[:0]).tolist() == []


@each_form
@pytest.mark.parametrize("field", FIELD_WEIGHTS)
def test_weight_of_a_field_scales_its_scores(load: Load, field: str, reader: IndexReader) -> None:
    asked = replace(BUDGET, accented="")
    once, twice = (
        found_by(finder_of(load, reader, **{field: weight}), asked, reader) for weight in (1.0, 2.0)
    )
    assert any(once.values())
    assert twice == pytest.approx({name: 2 * score for name, score in once.items()})
    assert not any(found_by(finder_of(load, reader, nothing=1.0), asked, reader).values())


@interpreted_form
def test_no_document_scores_more_than_a_word_can(load: Load, reader: IndexReader) -> None:
    finder = finder_of(load, reader)
    for asked in (BUDGET, SCHOOL, replace(BUDGET, weight=3.0)):
        found, best = finder.find_word(asked), max(found_by(finder, asked, reader).values())
        # The best term of each field counts, so the bound is within their sum.
        assert best <= found.most <= sum(one.most for one in found.terms)


@each_form
@pytest.mark.parametrize("clause", [5, Prefix(text="b"), AllOf((BUDGET, Prefix(text="b")))])
def test_other_clause_than_of_words_is_refused(load: Load, clause: Any, reader: IndexReader) -> None:
    with pytest.raises(TypeError, match="is not a clause"):
        finder_of(load, reader).matching(clause)


@each_form
def test_search_stops_at_the_deadline(load: Load, reader: IndexReader) -> None:
    with pytest.raises(deadline.DeadlineError), deadline.at_most(-1):
        finder_of(load, reader).matching(AllOf((BUDGET, AnyOf((BUDGET, SCHOOL)))))


@each_form
def test_index_without_documents_matches_nothing(load: Load, tmp_path: Any) -> None:
    empty = IndexReader(index_of(tmp_path))
    finder = finder_of(load, empty)
    for clause in (BUDGET, Word(text=""), Phrase(words=()), phrase(WORDS[0], WORDS[9]), Everything()):
        assert found_by(finder, clause, empty) == {}
