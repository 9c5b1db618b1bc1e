"""Bits of numbers, as Python has them; C's are tried by all that has them."""

import pytest

from index.compiled import bits


@pytest.mark.parametrize("bit", [0, 1, 31, 32, 63])
def test_lowest_bit_is_found_below_others(bit: int) -> None:
    assert bits.lowest_bit(1 << bit) == bit
    assert bits.lowest_bit((1 << 64) - (1 << bit)) == bit


@pytest.mark.parametrize("bit", [0, 1, 31, 32, 63])
def test_bits_are_counted(bit: int) -> None:
    assert bits.bit_count((1 << 64) - (1 << bit)) == 64 - bit
    assert bits.bit_count(1 << bit) == 1
