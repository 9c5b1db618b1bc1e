"""Places among sorted keys are those that comparing with every key finds."""

from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.suggest import sorted_keys
from index.suggest.sorted_keys import SortedKeys

few_letters = st.text("abc", max_size=4).map(str.encode)


@given(keys=st.lists(few_letters, max_size=40).map(sorted), key=few_letters, kept=st.integers(1, 8))
def test_first_key_from_a_key_is_found(keys: list[bytes], key: bytes, kept: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_keys, "_KEPT", kept)
        assert SortedKeys(len(keys), keys.__getitem__).first_from(key) == bisect_left(keys, key)


def test_few_keys_are_made_to_find_one() -> None:
    made: list[int] = []

    def key_at(number: int) -> bytes:
        made.append(number)
        return b"%08d" % number

    keys = SortedKeys(1 << 20, key_at)
    keys.first_from(b"00000000")
    made.clear()
    assert keys.first_from(b"00777777") == 777_777
    assert len(made) <= 11


@pytest.mark.parametrize(
    ("count", "kept"), [(0, 0), (1, 1), (7, 7), (8, 8), (15, 15), (16, 8), (80, 8), (83, 9)]
)
def test_only_evenly_spaced_keys_are_kept(monkeypatch: pytest.MonkeyPatch, count: int, kept: int) -> None:
    monkeypatch.setattr(sorted_keys, "_KEPT", 8)
    made: list[int] = []

    def key_at(number: int) -> bytes:
        made.append(number)
        return b"%03d" % number

    keys = SortedKeys(count, key_at)
    assert keys.first_from(b"") == 0
    assert len({*made}) == kept
    assert keys.first_from(b"999") == count
