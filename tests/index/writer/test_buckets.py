"""Keys wait for their turn on disk, not in memory."""

import tracemalloc
from pathlib import Path

import numpy as np

from index.segment import ArrayWriter
from index.writer.term_lists import Buckets


def test_keys_of_a_late_bucket_that_come_first_take_no_memory_for_those_before(tmp_path: Path) -> None:
    path, before = tmp_path / "sorted", 1 << 25
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        buckets = Buckets(out, np.array([0, 10], np.uint64), np.array([before, 1]))
        tracemalloc.start()
        buckets.add(np.array([10], np.uint64))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        out.abandon()
    assert peak < before
