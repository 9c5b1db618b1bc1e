import tracemalloc
from pathlib import Path

import numpy as np

from index.segment import ArrayWriter
from index.writer.term_lists import Buckets


def test_filling_a_late_bucket_first_takes_no_memory_for_earlier_ones(tmp_path: Path) -> None:
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
