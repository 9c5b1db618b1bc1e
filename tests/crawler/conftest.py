from pathlib import Path

import pytest

from tests.crawler.test_large_pages import CONFIG
from tests.support.hostile_site import HostileSite


@pytest.fixture
def config(site: HostileSite, tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(origin=site.origin), encoding="utf-8")
    return path
