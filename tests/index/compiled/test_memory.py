"""Arrays of modules of the core, as Python has them; C's are tried by all that has them."""

import pytest

from index.compiled import memory


@pytest.mark.parametrize(
    ("make", "largest"),
    [
        (memory.new_bytes, 255),
        (memory.new_ints, 2**31 - 1),
        (memory.new_longs, 2**63 - 1),
        (memory.new_words, 2**64 - 1),
        (memory.new_floats, 2.5),
        (memory.new_doubles, 1e300),
        (memory.room_for_ints, -(2**31)),
        (memory.room_for_longs, -(2**63)),
        (memory.room_for_floats, 0.25),
        (memory.room_for_doubles, -1e-300),
    ],
)
def test_array_has_zeros_and_room_for_the_largest_numbers(make: memory.Maker, largest: float) -> None:
    numbers = make(2)
    assert numbers.tolist() == [0, 0]
    numbers[1] = largest  # type: ignore[call-overload]  # the numbers of a memoryview may be floats
    assert numbers.tolist() == [0, largest]
    assert len(make(0)) == 1


def test_numbers_are_copied_within_an_array_and_between_two() -> None:
    numbers, others = memory.new_ints(4), memory.new_ints(2)
    numbers[0], numbers[1] = 5, 6
    memory.copy_ints(others, 1, numbers, 1, 1)
    memory.copy_ints(numbers, 1, numbers, 0, 3)
    assert (numbers.tolist(), others.tolist()) == ([5, 5, 6, 0], [0, 6])


def test_longer_array_keeps_the_first_numbers() -> None:
    numbers = memory.longer_longs(None, 0, 2)
    numbers[0], numbers[1] = 7, 8
    assert memory.longer_longs(numbers, 1, 3).tolist() == [7, 0, 0]
    memory.release(numbers)


def test_first_numbers_are_sorted() -> None:
    numbers = memory.new_longs(4)
    for row, number in enumerate([3, -(2**63), 2**63 - 1, 1]):
        numbers[row] = number
    memory.sort_longs(numbers, 3)
    assert numbers.tolist() == [-(2**63), 3, 2**63 - 1, 1]
