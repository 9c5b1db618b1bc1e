from pathlib import Path

import pytest

from index.codec import ArrayIndex
from tests.support.corpora import index_of
from tests.support.school_budget import BATCHES


@pytest.fixture
def ix(tmp_path: Path) -> ArrayIndex:
    return index_of(tmp_path / "index", *BATCHES)
