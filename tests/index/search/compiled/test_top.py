"""The best documents, compiled and interpreted."""

import random
from collections.abc import Callable
from math import inf
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.support.interpreted import each_form

Load = Callable[[str], ModuleType]
DAYS = np.array([5, 5, 5, 7, 5, 3, 7, 5], np.int32)
CLUSTERS = np.array([-1, 4, 4, -1, 4, 0, 0, -1])
IDS = [b"h", b"g", b"f", b"e", b"d", b"c", b"b", b"a"]
STEP = 1e-9


def top_of(load: Load, most: int, collapse: bool = False) -> Any:
    module = load("index.search.compiled.top")
    return module.Top(module.RankingValues(DAYS.data, CLUSTERS.data, None, IDS.__getitem__), most, collapse)


def docs_of(top: Any) -> list[int]:
    return [doc for doc, _ in top.ranked()]


@each_form
def test_nothing_added_is_nothing_found(load: Load) -> None:
    top = top_of(load, 2)
    assert (top.size, top.ranked(), top.threshold()) == (0, [], -inf)


@each_form
@pytest.mark.parametrize("most", [0, -1])
def test_there_is_room_for_a_document(load: Load, most: int) -> None:
    with pytest.raises(ValueError, match="one or more"):
        top_of(load, most)


@each_form
def test_scores_are_kept_as_they_are(load: Load) -> None:
    top = top_of(load, 3)
    for doc, score in ((0, 0.0), (1, 0.1 + 0.2), (3, 1e-12)):
        top.add(doc, score)
    assert top.ranked() == [(1, 0.1 + 0.2), (3, 1e-12), (0, 0.0)]


@each_form
def test_equal_scores_are_ordered_by_day_and_then_by_id(load: Load) -> None:
    top = top_of(load, 8)
    for doc in (4, 0, 6, 1, 5, 3, 7, 2):
        top.add(doc, 1.0)
    assert docs_of(top) == [6, 3, 7, 4, 2, 1, 0, 5]


@each_form
def test_scores_that_differ_in_the_tenth_digit_are_equal(load: Load) -> None:
    top = top_of(load, 3)
    for doc, score in ((5, 1.0 + 0.4 * STEP), (0, 1.0), (3, 1.0 - 0.4 * STEP)):
        top.add(doc, score)
    assert docs_of(top) == [3, 0, 5]
    top = top_of(load, 3)
    for doc, score in ((5, 1.0 + 0.6 * STEP), (0, 1.0), (3, 1.0 - 0.6 * STEP)):
        top.add(doc, score)
    assert docs_of(top) == [5, 0, 3]


@each_form
@pytest.mark.parametrize(
    "scaled", [0.5, 1.5, 2.5, 2.0**51 + 0.5, 2.0**52 - 0.5, 2.0**52 + 1, 2.0**53 + 2, 1e300]
)
def test_keys_are_rounded_as_numpy_rounds(load: Load, scaled: float) -> None:
    top, score = top_of(load, 1), scaled / 1e9
    top.add(0, score)
    assert top.sort_keys(0)[0] == -np.rint(score * 1e9) / 1e9


@each_form
def test_sort_keys_are_those_of_cursors(load: Load) -> None:
    top = top_of(load, 2)
    top.add(0, 2.5)
    top.add(3, 0.123456789123)
    assert [top.sort_keys(row) for row in range(2)] == [(-2.5, -5.0), (-0.123456789, -7.0)]


@each_form
def test_threshold_is_just_below_the_last_one_of_a_full_list(load: Load) -> None:
    top = top_of(load, 2)
    top.add(0, 3.0)
    assert top.threshold() == -inf
    top.add(1, 2.0)
    assert 2.0 - 2 * STEP < top.threshold() < 2.0
    top.add(2, 1.0)
    assert docs_of(top) == [0, 1]
    top.add(3, 2.0)
    assert docs_of(top) == [0, 3]


@each_form
def test_the_best_of_a_cluster_takes_the_place_of_another(load: Load) -> None:
    top = top_of(load, 3, collapse=True)
    for doc, score in ((0, 5.0), (1, 3.0), (3, 2.0), (2, 1.0)):
        top.add(doc, score)
    assert docs_of(top) == [0, 1, 3]
    top.add(4, 9.0)
    assert docs_of(top) == [4, 0, 3]
    top.add(7, 1.0)
    assert docs_of(top) == [4, 0, 3]


@each_form
def test_the_first_cluster_is_one_too_and_without_collapse_there_is_none(load: Load) -> None:
    for collapse, expected in ((True, [6]), (False, [6, 5])):
        top = top_of(load, 4, collapse)
        top.add(5, 1.0)
        top.add(6, 2.0)
        assert docs_of(top) == expected


@each_form
def test_equal_documents_of_a_cluster_are_told_apart_by_their_ids(load: Load) -> None:
    for docs in ((1, 2, 4), (4, 2, 1), (2, 4, 1)):
        top = top_of(load, 2, collapse=True)
        for doc in docs:
            top.add(doc, 1.0)
        assert docs_of(top) == [4]


@each_form
@pytest.mark.parametrize("most", [1, 2, 5, 60])
@pytest.mark.parametrize("collapse", [False, True])
def test_it_is_the_beginning_of_all_in_order(load: Load, most: int, collapse: bool) -> None:
    rng, module = random.Random(most), load("index.search.compiled.top")
    for _ in range(40):
        count = rng.randrange(60)
        days = np.array([rng.randrange(3) for _ in range(count)], np.int32)
        clusters = np.array([rng.randrange(-5, 5) for _ in range(count)], np.int64)
        scores = [rng.choice((0.0, 0.5, 0.5 + 0.1 * STEP, 2.0, rng.random())) for _ in range(count)]
        ids = rng.sample(range(1000), count)
        values = module.RankingValues(days.data, clusters.data, None, ids.__getitem__)
        top = module.Top(values, most, collapse)
        docs = rng.sample(range(count), count)
        for doc in docs:
            if scores[doc] >= top.threshold():
                top.add(doc, scores[doc])
        ordered = sorted(docs, key=lambda doc: (-round(scores[doc], 9), -days[doc], ids[doc]))
        seen: set[int] = set()
        expected = []
        for doc in ordered:
            cluster = clusters[doc] if collapse and clusters[doc] >= 0 else -1 - doc
            if cluster not in seen:
                expected.append(doc)
            seen.add(cluster)
        assert docs_of(top) == expected[:most]
