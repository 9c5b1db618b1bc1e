import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.search.top_k import BLOCK, first_rows, nth_highest, place_of, rows_after

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
