"""Clauses as a tree: which documents match, and how they score; compiled and interpreted."""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import deadline
from index.search.posting_list import PostingList
from index.segment.doc_sets import DocSets
from tests.support.interpreted import each_form

Load = Callable[[str], ModuleType]
COUNT = 200
NORMS = 0.3 + np.arange(COUNT) % 7 / 7
some_docs = st.one_of(
    st.sets(st.integers(0, COUNT - 1), max_size=12),
    st.builds(range, st.integers(0, 90), st.integers(0, COUNT), st.integers(1, 3)).map(set),
)
LIVE = [doc for doc in range(COUNT) if doc % 50]


class Forest:
    """Makes nodes of one form of the core; documents 0, 50, 100 and 150 are deleted."""

    def __init__(self, load: Load) -> None:
        self.lists = load("index.search.compiled.posting_lists")
        self.words = load("index.search.compiled.words")
        self.matches = load("index.search.compiled.matches")
        self.clauses = load("index.search.compiled.clauses")
        self.live = self.listed(LIVE)

    def word(self, drawn: Sequence[tuple[dict[int, int], float, bool]]) -> Any:
        """Return a word of some terms."""
        made, norms = self.words.QueryWord(), self.words.Norms(NORMS)
        for number, (frequencies, most, is_alternative) in enumerate(drawn):
            docs = np.array(sorted(frequencies), np.int64)
            values = np.array([frequencies[doc] for doc in docs.tolist()], np.float32)
            found = self.lists.list_of_postings(PostingList(docs, values, DocSets(COUNT)))
            is_last = number == len(drawn) - 1
            made.terms.append(self.words.ScoredTerm(found, norms, most, is_alternative and not is_last))
        return made

    def listed(self, docs: Sequence[int]) -> Any:
        return self.lists.list_of_docs(np.array(sorted(docs), np.int64))

    def found(self, docs: Sequence[int], *words: Any) -> Any:
        return self.clauses.FoundNode(self.listed(docs), [*words], COUNT)

    def all_of(self, required: Sequence[Any], excluded: Sequence[Any] = ()) -> Any:
        return self.clauses.AllNode([*required], [*excluded], self.live, COUNT)

    def any_of(self, clauses: Sequence[Any], **options: Any) -> Any:
        return self.clauses.AnyNode([*clauses], COUNT, **options)

    def most_of(self, clauses: Sequence[Any], missing_max: int) -> Any:
        return self.clauses.MostNode([*clauses], COUNT, missing_max)

    def none_of(self, clause: Any) -> Any:
        return self.clauses.NotNode(clause, self.live, COUNT)

    def docs_of(self, node: Any) -> list[int]:
        docs: list[int] = self.matches.Matches(node.find()).array().tolist()
        return docs

    def scores(self, node: Any, docs: Sequence[int]) -> list[float]:
        matches = self.matches.Matches(self.listed(docs))
        self.clauses.score(node, matches)
        scores: list[float] = matches.score_array().tolist()
        return scores


@pytest.fixture
def forest(load: Load) -> Forest:
    return Forest(load)


@each_form
@settings(deadline=None)
@given(
    some=st.lists(some_docs, min_size=1, max_size=4),
    gone=st.lists(some_docs, max_size=2),
    at_once=st.booleans(),
)
def test_all_of_some_clauses_match_and_none_of_others(
    load: Load, some: list[set[int]], gone: list[set[int]], at_once: bool
) -> None:
    forest = Forest(load)
    required, excluded = ([forest.found(docs) for docs in sets] for sets in (some, gone))
    if not at_once:  # not found yet
        required, excluded = ([forest.any_of([one]) for one in nodes] for nodes in (required, excluded))
    node = forest.all_of(required, excluded)
    assert forest.docs_of(node) == sorted(set.intersection(*some).difference(*gone))
    assert node.size == min(map(len, some))


@each_form
@settings(deadline=None)
@given(some=st.lists(some_docs, max_size=4), is_kept=st.booleans())
def test_any_of_some_clauses_matches(load: Load, some: list[set[int]], is_kept: bool) -> None:
    forest = Forest(load)
    node = forest.any_of([forest.found(docs) for docs in some], is_kept=is_kept)
    right = sorted(set[int]().union(*some))
    assert forest.docs_of(node) == right
    for _ in range(2):  # the bits that are kept
        assert forest.docs_of(forest.any_of([node])) == right
    assert forest.docs_of(forest.none_of(node)) == sorted({*LIVE}.difference(right))
    assert (node.size, node.nbytes > 500 * (1 + len(some))) == (sum(map(len, some)), True)


@each_form
@settings(deadline=None)
@given(some=st.lists(some_docs, min_size=1, max_size=5), missing_max=st.integers(0, 3))
def test_documents_with_most_of_the_clauses_match(load: Load, some: list[set[int]], missing_max: int) -> None:
    forest = Forest(load)
    node = forest.most_of([forest.found(docs) for docs in some], missing_max)
    counts = {doc: sum(doc in docs for docs in some) for docs in some for doc in docs}
    least = max(1, max(counts.values(), default=0) - missing_max)
    right = sorted(doc for doc, count in counts.items() if count >= least)
    assert forest.docs_of(node) == forest.docs_of(forest.any_of([node])) == right


@each_form
def test_clauses_that_match_all_exclude_nothing(forest: Forest) -> None:
    everything, some = forest.found(LIVE), forest.found([1, 2, 51])
    everything.matches_all = True
    assert forest.docs_of(forest.all_of([everything, some])) == [1, 2, 51]
    assert forest.docs_of(forest.all_of([everything])) == forest.docs_of(forest.all_of([])) == LIVE
    assert forest.docs_of(forest.all_of([], [some])) == [doc for doc in LIVE if doc not in {1, 2, 51}]
    assert (forest.all_of([everything]).matches_all, forest.all_of([]).size) == (True, len(LIVE))
    assert not forest.all_of([everything, some]).matches_all
    assert not forest.all_of([everything], [some]).matches_all
    assert forest.any_of([some, everything]).matches_all
    assert not forest.most_of([everything], 0).matches_all


# Of each term: its frequency in documents, its largest score, and whether the next one is an alternative.
drawn_terms = st.lists(
    st.tuples(
        st.dictionaries(st.integers(0, COUNT - 1), st.integers(1, 20), max_size=30)
        | st.integers(1, 3).map(lambda step: dict.fromkeys(range(0, COUNT, step), step)),
        st.sampled_from([0.5, 1.0, 2.5]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)
drawn_words = st.lists(drawn_terms, min_size=1, max_size=3)


def right_score(terms: Sequence[tuple[dict[int, int], float, bool]], doc: int) -> float:
    total = best = 0.0
    for number, (frequencies, most, is_alternative) in enumerate(terms):
        frequency = frequencies.get(doc, 0)
        best = max(best, frequency / (frequency + NORMS[doc]) * most)
        if not is_alternative or number == len(terms) - 1:
            total, best = total + best, 0.0
    return total


@each_form
@settings(deadline=None)
@given(words=drawn_words, docs=some_docs, others=st.lists(some_docs, min_size=1, max_size=3))
def test_documents_are_scored_by_the_best_alternatives_of_words_in_clauses_that_match(
    load: Load, words: list[Any], docs: set[int], others: list[set[int]]
) -> None:
    forest, asked = Forest(load), sorted(docs)
    scored = [forest.found(range(COUNT), forest.word(terms)) for terms in words]
    right = [sum(right_score(terms, doc) for terms in words) for doc in asked]
    assert forest.scores(forest.all_of(scored), asked) == pytest.approx(right)
    together = forest.found(range(COUNT), *map(forest.word, words))
    assert forest.scores(together, asked) == pytest.approx(right)
    # Clauses that some of the documents do not match.
    some = [forest.found(those, forest.word(terms)) for those, terms in zip(others, words, strict=False)]
    counts = [sum(doc in those for those, _ in zip(others, words, strict=False)) for doc in asked]
    right = [
        sum(right_score(terms, doc) for those, terms in zip(others, words, strict=False) if doc in those)
        for doc in asked
    ]
    assert forest.scores(forest.any_of(some), asked) == pytest.approx(right)
    most = forest.most_of(some, len(some))
    shares = [(count / len(some)) ** 2 for count in counts]
    assert forest.scores(most, asked) == pytest.approx(
        [score * share for score, share in zip(right, shares, strict=True)]
    )
    assert forest.scores(forest.none_of(most), asked) == [0.0] * len(asked)
    assert [most.is_exact, forest.any_of(some).is_exact, forest.any_of([most]).is_exact] == [
        True,
        False,
        True,
    ]


@each_form
def test_few_documents_are_looked_up_in_a_long_list(forest: Forest) -> None:
    few, many = forest.found([1, 2, 51]), forest.found([doc for doc in LIVE if doc % 2])
    assert forest.docs_of(forest.all_of([few, many])) == [1, 51]
    assert forest.docs_of(forest.all_of([few], [many])) == [2]


@each_form
def test_scores_of_clauses_add_up(forest: Forest) -> None:
    word = forest.word([({1: 2, 2: 3}, 1.0, False)])
    (alone,) = forest.scores(forest.found([1], word), [1])
    both = forest.any_of([forest.found([1], word), forest.found([1, 2], word)])
    assert forest.scores(both, [1]) == pytest.approx([2 * alone])


@each_form
def test_a_lookup_stops_at_the_deadline(forest: Forest) -> None:
    node = forest.any_of([forest.found([1])])
    with pytest.raises(deadline.DeadlineError), deadline.at_most(-1):
        node.find()
    assert forest.docs_of(node) == [1]
