import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.segment.token_spans import GAPS, LENGTHS, pack_spans, unpack_spans

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
