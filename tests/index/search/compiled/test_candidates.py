"""The best documents with recency and the boost of neighbours; as the core is interpreted.

`tests/index/search/test_exactness.py` asks for them compiled.
"""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from index import deadline
from index.segment import Array
from tests.support.interpreted import interpreted
from tests.support.texts import Text, texts_of

PAIR, NO_PAIR = [[1, 2], []], [[2, 1], []]
STEP = 1e-9
load = interpreted


def values_of(
    count: int, recency: Sequence[float] | None = None, clusters: Sequence[int] | None = None
) -> Any:
    """Return what ranks documents of one day, whose ids descend."""
    factors = None if recency is None else np.array(recency, np.float64).data
    of = np.array(clusters or [-1] * count, np.int64).data
    days, ids = np.zeros(count, np.int32).data, [b"%04d" % (9999 - doc) for doc in range(count)]
    return load("index.search.compiled.top").RankingValues(days, of, factors, ids.__getitem__)


def neighbours_in(texts: Sequence[Text], **damaged: Array) -> Any:
    """Return the boost of a pair of the words 1 and 2."""
    module = load("index.search.compiled.proximity")
    run = module.adjacent_words([texts_of(load, texts, **damaged)], [0], [[[1]], [[2]]], [None, None])
    return module.Neighbours([run], 0.5, 1.0)


def ranked(
    name: str, values: Any, docs: Sequence[int], scores: Sequence[float], most: int, **options: Any
) -> list[tuple[int, float]]:
    """Return the best documents and their scores, as a function of the module finds them."""
    boost = [options["neighbours"]] if "neighbours" in options else []
    arrays = np.array(docs, np.int32).data, np.array(scores, np.float64).data, len(docs)
    find = getattr(load("index.search.compiled.candidates"), name)
    found: list[tuple[int, float]] = find(
        values, *boost, *arrays, most, options.get("collapse", False)
    ).ranked()
    return found


def test_recency_is_a_factor_of_the_score() -> None:
    values = values_of(3, [1.0, 0.5, 2.0])
    assert ranked("best", values, [0, 1, 2], [3.0, 8.0, 1.0], 2) == [(1, 4.0), (0, 3.0)]
    assert ranked("best", values_of(3), [0, 1, 2], [3.0, 8.0, 1.0], 2) == [(1, 8.0), (0, 3.0)]


def test_equal_scores_of_a_full_list_are_told_apart() -> None:
    docs, scores = [0, 1, 2, 3], [1.0, 1.0 + 0.3 * STEP, 1.0, 1.0 - 0.3 * STEP]
    assert [doc for doc, _ in ranked("best", values_of(4), docs, scores, 2)] == [3, 2]
    neighbours = neighbours_in([NO_PAIR] * 4)
    found = ranked("best_boosted", values_of(4), docs, scores, 2, neighbours=neighbours)
    assert [doc for doc, _ in found] == [3, 2]


def test_neighbours_raise_a_score() -> None:
    neighbours = neighbours_in([NO_PAIR, PAIR, NO_PAIR])
    found = ranked("best_boosted", values_of(3), [0, 1, 2], [1.2, 1.0, 1.6], 3, neighbours=neighbours)
    assert found == [(2, 1.6), (1, 1.5), (0, 1.2)]
    values = values_of(3, [1.0, 0.5, 1.0])
    found = ranked("best_boosted", values, [0, 1, 2], [1.2, 1.0, 1.6], 3, neighbours=neighbours)
    assert found == [(2, 1.6), (0, 1.2), (1, 0.75)]


def test_nothing_matches() -> None:
    neighbours = neighbours_in([NO_PAIR])
    assert ranked("best", values_of(1), [], [], 3) == []
    assert ranked("best_boosted", values_of(1), [], [], 3, neighbours=neighbours) == []


@pytest.mark.parametrize("seed", range(60))
def test_no_document_that_may_be_among_the_best_is_left_out(seed: int) -> None:
    rng = random.Random(seed)
    count = rng.choice((1, 2, 7, 40, 300, 600))
    has_pair = [rng.random() < 0.3 for _ in range(count)]
    neighbours = neighbours_in([PAIR if has else NO_PAIR for has in has_pair])
    recency = rng.choice((None, [rng.choice((0.5, 0.9, 1.0)) for _ in range(count)]))
    clusters = [rng.choice((-1, rng.randrange(9))) for _ in range(count)]
    collapse, most = rng.random() < 0.5, rng.choice((1, 3, 10, 50))
    docs = sorted(rng.sample(range(count), rng.randint(0, count)))
    few = rng.random() < 0.5
    scores = [float(rng.choice((1, 1.5, 2))) if few else rng.random() for _ in docs]
    values = values_of(count, recency, clusters)
    boosted = {
        doc: score * (recency[doc] if recency else 1) * (1.5 if has_pair[doc] else 1)
        for doc, score in zip(docs, scores, strict=True)
    }
    seen: set[int] = set()
    expected = []
    for doc in sorted(docs, key=lambda doc: (-round(boosted[doc], 9), -doc)):
        if not (collapse and clusters[doc] in seen):
            expected.append((doc, pytest.approx(boosted[doc])))
        seen |= {clusters[doc]} - {-1}
    options = {"collapse": collapse, "neighbours": neighbours}
    assert ranked("best_boosted", values, docs, scores, most, **options) == expected[:most]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("most", [1, 2, 5])
def test_texts_are_read_from_the_most_promising_on_and_no_more_than_needed(seed: int, most: int) -> None:
    count = 300
    scores = random.Random(seed).sample([1 + number / count for number in range(count)], count)
    needed = sorted(range(count), key=lambda doc: -scores[doc])[:most]
    # To read another text is an error.
    lengths = np.array([2 if doc in needed else 9 for doc in range(count)], np.uint16)
    neighbours = neighbours_in([PAIR] * count, part_of_0=lengths)
    values = values_of(count)
    found = ranked("best_boosted", values, range(count), scores, most, neighbours=neighbours)
    assert [doc for doc, _ in found] == needed
    with pytest.raises(ValueError, match="a text"):
        ranked("best_boosted", values, range(count), scores, most + 1, neighbours=neighbours)


def test_an_expired_search_is_given_up() -> None:
    with pytest.raises(deadline.DeadlineError), deadline.at_most(0):
        ranked("best_boosted", values_of(1), [0], [1.0], 1, neighbours=neighbours_in([PAIR]))
