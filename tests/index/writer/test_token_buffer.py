import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.writer.token_buffer import GAPS, LENGTHS, pack_spans, unpack_spans, weigh

steps = st.tuples(st.integers(-1, GAPS + 2), st.integers(0, LENGTHS + 2))


@given(st.lists(st.lists(steps, max_size=6), min_size=1, max_size=4))
def test_spans_of_any_gap_and_length_are_unpacked(texts: list[list[tuple[int, int]]]) -> None:
    starts, ends = [], []
    for text in texts:
        end = -1
        for gap, length in text:
            starts.append(end + gap)
            ends.append(end := end + gap + length)
    counts = np.array([len(text) for text in texts])
    codes, *odd = pack_spans(np.array(starts, np.int64), np.array(ends, np.int64), counts)
    tokens = np.arange(len(starts))
    firsts = np.repeat(np.cumsum(counts) - counts, counts)
    unpacked = unpack_spans(codes, (odd[0], odd[1], odd[2]), tokens, firsts)
    assert [column.tolist() for column in unpacked] == [starts, ends]


@pytest.mark.parametrize(("position", "weight"), [(0, 4), (999, 4), (1_000, 2), (5_000, 1)])
def test_position_weighs_what_its_part_weighs(position: int, weight: int) -> None:
    assert weigh(np.array([position]), {0: 4, 1_000: 2, 3_000: 1}).tolist() == [weight]
