"""A few requests of the storm; `python -m tests.storm --requests 50000` sends any number."""

import sys
from pathlib import Path

import pytest

from tests.storm import served

pytestmark = [pytest.mark.sweep, pytest.mark.long_sweep]


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: reads CPU time from /proc")
def test_no_request_fails_costs_much_or_gets_its_host_back(tmp_path: Path) -> None:
    statistics = served.storm(tmp_path, count=300, seed=1)
    assert statistics.failures == []
