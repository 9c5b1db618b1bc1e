import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import Sort
from index.search.top_k import BLOCK, first_rows, nth_highest, own_first, place_of, rows_after, sort_keys

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


def test_documents_in_the_language_asked_for_come_first() -> None:
    is_own, docs, rows = np.array([True, False, False, True]), np.array([1, 3, 2]), np.array([0, 1])
    assert [key(rows).tolist() for key in own_first(is_own, docs)] == [[0.0, 1.0]]
    assert own_first(None, docs) == []
