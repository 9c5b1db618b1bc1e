import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.plain.candidates import CandidateSelector
from index.search.plain.scoring import SINGLE_PRECISION, Match, Scoring
from index.segment.doc_sets import DocSets


def scoring(scores: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Scoring:
    return Scoring(
        lambda docs: scores[docs], lambda docs: scores[docs].astype(np.float32), float(scores.max())
    )


@pytest.mark.parametrize("recent", [False, True])
def test_candidates_contain_the_best_documents(recent: bool) -> None:
    drawn = np.random.default_rng(2)
    scores, recency = drawn.random(1_000), 1 + drawn.random(1_000) / 10
    selector = CandidateSelector(DocSets(1_000), recency if recent else None)
    candidates = selector.first(scoring(scores), np.arange(1_000), 10, None)
    final = scores * recency if recent else scores
    assert {*np.argsort(-final)[:10].tolist()} <= {*candidates.tolist()}
    assert len(candidates) < 20


@given(
    seed=st.integers(0, 10**6),
    count=st.integers(1, 12),
    boost=st.sampled_from((1.0, 1.0, 1.2)),
    recent=st.booleans(),
)
def test_candidates_of_any_disjunction_contain_the_best_documents(
    seed: int, count: int, *, boost: float, recent: bool
) -> None:
    """Rough scores are wrong by up to the slack, as single precision is."""
    drawn = np.random.default_rng(seed)
    size = 80
    # Few distinct values, so that documents are close to each bound.
    words = [
        np.where(drawn.random(size) < share, drawn.integers(1, 4, size) * most / 3, 0.0)
        for share, most in sorted(
            zip(drawn.random(4), drawn.choice((3.0, 1.0, 0.5, 0.1), 4), strict=True), key=lambda one: -one[1]
        )
    ]
    plain: np.ndarray[tuple[int], np.dtype[np.float64]] = np.sum(words, axis=0)
    exact = plain * np.where(drawn.random(size) < 0.5, boost, 1.0)
    most = float(sum(word.max() for word in words))
    noise = np.where(drawn.random(size) < 0.5, 0.9, -0.9) * most * SINGLE_PRECISION
    rough = (plain + noise).astype(np.float32)
    branches = tuple(Match(word.nonzero()[0], scoring(word)) for word in words)
    of_all = Scoring(exact.__getitem__, rough.__getitem__, most, boost, branches)
    recency = 1 + drawn.integers(0, 3, size) / 20 if recent else None
    final = exact if recency is None else exact * recency
    docs = plain.nonzero()[0]
    selector, order = CandidateSelector(DocSets(size), recency), docs[np.argsort(-final[docs])]
    assert {*order[:count]} <= {*selector.first(of_all, docs, count, None)}
    for rank in range(0, len(order), 7):
        after = selector.next(of_all, docs, count, float(final[order[rank]]))
        assert {*order[rank + 1 : rank + 1 + count]} <= {*after}


def test_documents_with_only_light_words_are_dropped() -> None:
    heavy, light = np.arange(0, 100, 2), np.arange(100)
    branches = tuple(Match(docs, scoring(np.full(100, most))) for docs, most in ((heavy, 9.0), (light, 0.1)))
    both = Scoring(
        lambda docs: 9.0 * (docs % 2 == 0) + 0.1,
        lambda docs: (9.0 * (docs % 2 == 0) + 0.1).astype(np.float32),
        9.1,
        branches=branches,
    )
    candidates = CandidateSelector(DocSets(100), None).first(both, light, 5, None)
    assert {*candidates.tolist()} <= {*heavy.tolist()}
