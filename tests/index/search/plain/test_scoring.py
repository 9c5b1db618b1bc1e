import numpy as np

from index.search.plain.scoring import Match, ScoredDocs, Scoring, multiply, sum_of_all, sum_of_any
from index.segment.doc_sets import DocSets


def match(docs: list[int], score: float) -> Match:
    return Match(
        np.array(docs),
        Scoring(
            lambda docs: np.full(len(docs), score), lambda docs: np.full(len(docs), score, np.float32), score
        ),
    )


UNSCORED = Match(np.array([1, 2]))


def test_conjunction_adds_all_scores() -> None:
    scoring = sum_of_all([match([1, 2], 1.0), UNSCORED, match([1, 2], 2.0)])
    assert scoring is not None
    assert (scoring.exact(np.array([1, 2])).tolist(), scoring.most) == ([3.0, 3.0], 3.0)


def test_disjunction_adds_the_scores_of_matching_branches() -> None:
    scoring = sum_of_any([match([1], 1.0), match([1, 2], 2.0)], DocSets(4))
    assert scoring is not None
    assert scoring.exact(np.array([1, 2])).tolist() == scoring.rough(np.array([1, 2])).tolist() == [3.0, 2.0]
    assert [branch.most for branch in scoring.branches] == [2.0, 1.0]


def test_nothing_scored_scores_zero() -> None:
    assert sum_of_all([UNSCORED]) is None
    assert sum_of_any([UNSCORED], DocSets(4)) is None
    assert UNSCORED.scores(UNSCORED.docs).tolist() == [0.0, 0.0]


def test_a_product_scores_each_document_by_its_factor() -> None:
    scoring = match([1, 2], 2.0).scoring
    assert scoring is not None
    halved = multiply(scoring, np.array([1, 2]), np.array([1.0, 0.5]), DocSets(4))
    some = np.array([2])
    assert halved.exact(some).tolist() == halved.rough(some).tolist() == [1.0]


def test_rough_scores_are_as_near_as_they_say() -> None:
    drawn, docs, sets = np.random.default_rng(1), np.arange(300), DocSets(300)
    matches = [
        ScoredDocs(docs[first::2], scores := drawn.random(len(docs[first::2])) * 10, scores.max()).match(
            sets, None
        )
        for first in (0, 1, 0)
    ]
    for scoring in (matches[0].scoring, sum_of_any(matches, sets), sum_of_all(matches[::2])):
        assert scoring is not None
        found = matches[0].docs
        errors = np.abs(scoring.exact(found) - scoring.rough(found))
        assert 0 < errors.max() <= scoring.slack
        assert scoring.exact(found).max() <= scoring.most
