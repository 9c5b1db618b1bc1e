"""Some worlds of the storm; `python -m tests.storm --crawls 300` crawls as many as are wanted."""

import sys
from pathlib import Path

import pytest

from tests.storm import crawls
from tests.storm.place import Taste

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of processes in /proc")


# Take the mark away with the mending: one release led to by two sites ends the crawl, and one silent link to
# https leaves the rest of its site unasked.
UNMENDED = pytest.mark.xfail(reason="a page of one site can end or starve a crawl of all", strict=True)


@pytest.mark.parametrize(
    "seed",
    [4, pytest.param(3, marks=UNMENDED), pytest.param(6, marks=UNMENDED), pytest.param(8, marks=UNMENDED)],
)
def test_a_crawl_ends_with_what_honest_sites_publish_and_asks_nothing_outside(
    seed: int, tmp_path: Path
) -> None:
    judged = crawls.storm(seed, tmp_path / "world", days=1, bound_s=120, nasty_max=4, taste=Taste())
    assert judged.failures == []
