"""A table numbers keys, compiled and interpreted."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.segment.hash_table import first_of_each
from tests.support.interpreted import each_form

# All probes start at one of a few slots, so that they collide.
KEYS = st.builds(lambda high, low: (high << 54) + low, st.integers(0, 3), st.integers(0, 400)).filter(bool)
Load = Callable[[str], ModuleType]


def new_table(load: Load) -> Any:
    return load("index.segment.hash_table").HashTable()


@each_form
@given(st.lists(st.sets(KEYS, max_size=300), max_size=6), st.lists(KEYS, max_size=20))
def test_keys_are_numbered_in_the_order_added(load: Load, batches: list[set[int]], others: list[int]) -> None:
    table, added = new_table(load), dict[int, int]()
    for batch in batches:
        new = sorted(batch - added.keys())
        table.add(np.array(new, np.uint64))
        added.update((key, number) for number, key in enumerate(new, len(added)))
    keys = [*added, *others]
    assert table.find(np.array(keys, np.uint64)).tolist() == [added.get(key, -1) for key in keys]
    assert len(table) == len(added)


@each_form
@given(st.lists(st.lists(KEYS | st.sampled_from([0, 1]), max_size=300), max_size=6))
def test_keys_are_numbered_by_first_appearance(load: Load, batches: list[list[int]]) -> None:
    table, known = new_table(load), dict[int, int]()
    for batch in batches:
        usable = [key or 1 for key in batch]  # 0 and 1 are one key
        firsts = [place for place, key in enumerate(usable) if key not in known and key not in usable[:place]]
        known.update({usable[place]: number for number, place in enumerate(firsts, len(known))})
        numbers, new = table.number(np.array(batch, np.uint64))
        assert (numbers.tolist(), new.tolist()) == ([known[key] for key in usable], firsts)
    assert len(table) == len(known)


@each_form
def test_no_key_is_mistaken_for_an_empty_slot(load: Load) -> None:
    table, none = new_table(load), np.array([0], np.uint64)
    assert table.find(none).tolist() == [-1]
    table.add(none)
    assert table.find(none).tolist() == [0]


@each_form
def test_a_probe_goes_on_at_the_first_slot_after_the_last(load: Load) -> None:
    table, last = new_table(load), np.uint64(1023 << 54)
    keys = last + np.arange(3, dtype=np.uint64)
    table.add(keys)
    assert table.find(keys).tolist() == [0, 1, 2]
    assert table.find(np.array([7, 1023 << 54 | 9], np.uint64)).tolist() == [-1, -1]


@each_form
@pytest.mark.parametrize("count", [716, 717, 718, 1_433, 1_434, 5_000])
def test_numbers_stay_while_the_table_grows(load: Load, count: int) -> None:
    table = new_table(load)
    keys = np.random.default_rng(1).integers(0, (1 << 64) - 1, count, np.uint64, endpoint=True)
    table.add(keys[:-1])
    numbers, new = table.number(keys)
    assert (numbers.tolist(), new.tolist()) == ([*range(count)], [count - 1])
    assert table.find(keys[::-1].copy()).tolist() == [*reversed(range(count))]
    assert len(table) == count


def test_the_first_place_of_each_key_is_found() -> None:
    keys = np.array([7, 3, 7, 5, 3, 1], np.uint64)
    assert first_of_each(keys).tolist() == [0, 1, 3, 5]
    assert first_of_each(keys[:0]).tolist() == []
