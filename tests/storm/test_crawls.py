"""A few worlds of the storm; `python -m tests.storm --crawls 300` crawls any number."""

import sys
from pathlib import Path

import pytest

from tests.storm import crawls
from tests.storm.place import Taste

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: reads memory from /proc"),
]


@pytest.mark.parametrize("seed", [4, 3, 6, 8])
def test_a_crawl_ends_with_what_honest_sites_publish_and_asks_nothing_outside(
    seed: int, tmp_path: Path
) -> None:
    judged = crawls.storm(seed, tmp_path / "world", days=1, bound_s=120, nasty_max=4, taste=Taste())
    assert judged.failures == []
