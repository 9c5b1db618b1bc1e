from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.post_office import PostOffice, post_office
from tests.support.shelf import Shelf


@pytest.fixture
def office(shelf: Shelf, tmp_path: Path) -> Iterator[PostOffice]:
    with post_office(shelf, tmp_path / "office") as opened:
        yield opened
