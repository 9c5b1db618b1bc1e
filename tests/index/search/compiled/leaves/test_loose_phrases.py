"""Phrases with other words between, compiled and interpreted: those of the same words share their places."""

from itertools import product

import pytest
from msgspec.structs import replace

from index.query import AnyOf, Clause, InOpening, Phrase
from index.search.index_reader import IndexReader
from index.search.ranking import FIELD_WEIGHTS
from tests.support.corpora import WORDS
from tests.support.decoded import Load, terms_in_form
from tests.support.every_clause import S, ids_of, indexed, right_scores, word
from tests.support.interpreted import each_form

BUDGET, AND = word(WORDS[0]), word(WORDS[9])


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    return indexed(tmp_path_factory.mktemp("loose"))


@each_form
def test_phrases_of_the_same_words_share_their_places(load: Load, reader: IndexReader) -> None:
    terms_in_form(load, reader)
    finder = load("index.search.compiled.finder").Finder(reader, FIELD_WEIGHTS, 1 << 20)

    def check(clause: Clause) -> int:
        found = finder.find(clause)
        finder.score(clause, found)
        scores = dict(zip(ids_of(reader, found.array().tolist()), found.score_array().tolist(), strict=True))
        assert scores == pytest.approx(right_scores(clause)), clause
        return len(scores)

    orders = (BUDGET, AND), (AND, BUDGET), (BUDGET, AND, BUDGET)
    sizes = set()
    for words, slop, part in product(orders, (0, 1, 2, 5), (None, "title", "body")):
        weighed = tuple(replace(one, weight=1 + slop) for one in words)
        clause = Phrase(words=weighed, slop=slop, part=part)
        sizes.add(check(clause))
        check(AnyOf((S, InOpening(clause))))
    assert len(sizes) > 1
