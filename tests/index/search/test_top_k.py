import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import Sort
from index.search.scoring import SINGLE_PRECISION, Match, Scoring
from index.search.top_k import (
    BLOCK,
    CandidateSelector,
    first_rows,
    nth_highest,
    place_of,
    rows_after,
    sort_keys,
)
from index.segment.doc_sets import DocSets

values = st.lists(st.integers(0, 9).map(float), min_size=1, max_size=60)


@given(values=values, data=st.data())
def test_nth_highest_agrees_with_sorting(values: list[float], data: st.DataObject) -> None:
    count = data.draw(st.integers(1, len(values)))
    assert nth_highest(np.array(values), count) == sorted(values, reverse=True)[count - 1]


def test_nth_highest_of_many_values_uses_blocks() -> None:
    values = np.random.default_rng(1).random(100 * BLOCK)
    assert nth_highest(values, 7) == np.sort(values)[-7]


@given(first=values, count=st.integers(1, 70))
def test_first_rows_agree_with_sorting(first: list[float], count: int) -> None:
    second = [float(number % 3) for number in range(len(first))]
    keys = [np.array(column).__getitem__ for column in (first, second)]
    rows = first_rows(keys, np.arange(len(first)), lambda row: b"%03d" % row, count)
    order = sorted(range(len(first)), key=lambda row: (-first[row], -second[row], row))
    assert rows == order[:count]


@given(first=values, data=st.data())
def test_rows_after_a_place_are_those_sorted_later(first: list[float], data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(first) - 1))
    keys = [np.array(first).__getitem__]

    def name(row: int) -> bytes:
        return b"%03d" % row

    later = rows_after(place_of(keys, row, name), keys, np.arange(len(first)), name)
    order = sorted(range(len(first)), key=lambda one: (-first[one], one))
    assert sorted(later.tolist()) == sorted(order[order.index(row) + 1 :])


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("newest", ["2020", "2019", "0001", "none"]),
        ("oldest", ["0001", "2019", "2020", "none"]),
        # By score, then by day.
        ("relevance", ["2019", "2020", "0001", "none"]),
    ],
)
def test_releases_without_a_day_come_last_in_every_order(sort: Sort, order: list[str]) -> None:
    days = {"none": 0, "2020": 737_500, "0001": 1, "2019": 737_000}
    scores = np.array([1.0, 1.0, 1.0, 2.0])
    docs = np.arange(len(days))
    keys = sort_keys(np.array([*days.values()], np.int32), docs, scores.__getitem__, sort)
    rows = first_rows(keys, docs, lambda row: b"%d" % row, len(days))
    assert [[*days][row] for row in rows] == order


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
