"""A few worlds of the storm; `python -m tests.storm --crawls 300` crawls any number."""

import sys
from pathlib import Path

import pytest

from tests.storm import crawls
from tests.storm.place import PageFilter

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: reads memory from /proc"),
]


@pytest.mark.long_sweep
@pytest.mark.parametrize("seed", [4, 3, 6, 8])
def test_crawl_stores_all_honest_releases_and_contacts_no_other_host(seed: int, tmp_path: Path) -> None:
    result = crawls.storm(
        seed, tmp_path / "world", days=1, bound_s=120, nasty_max=4, page_filter=PageFilter()
    )
    assert result.failures == []
