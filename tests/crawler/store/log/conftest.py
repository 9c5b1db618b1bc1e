from pathlib import Path

import pytest

from tests.support.kept_log import KeptLog, keep_log


@pytest.fixture
def kept(tmp_path: Path) -> KeptLog:
    """An empty store with an empty log."""
    return keep_log(tmp_path / "data")
