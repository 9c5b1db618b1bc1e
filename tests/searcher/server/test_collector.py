import gc
from collections.abc import Iterator

import pytest

from searcher.server import collector


@pytest.fixture
def restored() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("restored")
def test_what_is_loaded_is_left_out_and_new_garbage_is_still_collected() -> None:
    collector.settle()
    assert gc.get_freeze_count() > len(gc.get_objects())
    assert gc.get_threshold()[0] == collector.THRESHOLD
    before = gc.get_stats()[0]["collections"]
    kept: list[list[int]] = [[] for _ in range(2 * collector.THRESHOLD)]
    assert gc.get_stats()[0]["collections"] > before
    del kept
