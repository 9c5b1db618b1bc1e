from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.store import Store
from tests.support.new_store import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "releases.sqlite3") as store:
        yield store
