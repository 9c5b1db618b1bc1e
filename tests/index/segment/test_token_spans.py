import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.segment.token_spans import GAPS, LENGTHS, pack_spans

steps = st.tuples(st.integers(-1, GAPS + 2), st.integers(0, LENGTHS + 2))


@given(st.lists(st.lists(steps, max_size=6), min_size=1, max_size=4))
def test_spans_of_any_gap_and_length_are_packed(texts: list[list[tuple[int, int]]]) -> None:
    starts, ends = [], []
    for text in texts:
        end = -1
        for gap, length in text:
            starts.append(end + gap)
            ends.append(end := end + gap + length)
    counts = np.array([len(text) for text in texts])
    codes, *odd = pack_spans(np.array(starts, np.int64), np.array(ends, np.int64), counts)
    odd_spans = {token: span for token, *span in zip(*(column.tolist() for column in odd), strict=True)}
    token = 0
    for text in texts:
        for gap, length in text:
            code = int(codes[token])
            small = [(code - 1) // LENGTHS + 1, (code - 1) % LENGTHS + 1]
            assert (small if code else odd_spans.pop(token)) == [gap, length]
            token += 1
    assert (token, odd_spans) == (len(codes), {})


@pytest.mark.parametrize(
    ("gap", "length", "is_small"),
    [(1, 1, True), (GAPS, LENGTHS, True), (GAPS + 1, 1, False), (1, LENGTHS + 1, False), (0, 1, False)],
)
def test_small_gaps_and_lengths_share_a_byte(gap: int, length: int, is_small: bool) -> None:
    start = np.array([gap - 1])
    codes, *odd = pack_spans(start, start + length, np.array([1]))
    assert (bool(codes[0]), [len(column) for column in odd]) == (is_small, [0 if is_small else 1] * 3)
