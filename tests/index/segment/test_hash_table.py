import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.segment.hash_table import HashTable

# All probes start at one of a few slots, so that they collide.
KEYS = st.builds(lambda high, low: (high << 54) + low, st.integers(0, 3), st.integers(0, 400)).filter(bool)


@given(st.lists(st.sets(KEYS, max_size=300), max_size=6), st.lists(KEYS, max_size=20))
def test_keys_are_numbered_in_the_order_added(batches: list[set[int]], others: list[int]) -> None:
    table, added = HashTable(), dict[int, int]()
    for batch in batches:
        new = sorted(batch - added.keys())
        table.add(np.array(new, np.uint64))
        added.update((key, number) for number, key in enumerate(new, len(added)))
    keys = [*added, *others]
    assert table.find(np.array(keys, np.uint64)).tolist() == [added.get(key, -1) for key in keys]
    assert len(table) == len(added)


def test_no_key_is_mistaken_for_an_empty_slot() -> None:
    table, none = HashTable(), np.array([0], np.uint64)
    assert table.find(none).tolist() == [-1]
    table.add(none)
    assert table.find(none).tolist() == [0]
