from collections.abc import Iterator
from pathlib import Path

import pytest

from samples.server import Sites, crawl_config, serve_sites
from tests.support.crawl_command import SOME_SITES
from tests.support.hostile_site import HostileSite
from tests.support.small_site import CONFIG


@pytest.fixture
def config(site: HostileSite, tmp_path: Path) -> Path:
    """Settings for a small site on the loopback."""
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(origin=site.origin), encoding="utf-8")
    return path


@pytest.fixture
def sites() -> Iterator[Sites]:
    """The sample sites, served."""
    with serve_sites(base_port=0) as sites:
        yield sites


@pytest.fixture
def sample_config(sites: Sites, tmp_path: Path) -> Path:
    """Settings for some of the sample sites."""
    path = tmp_path / "config.toml"
    some = {site: sites[site] for site in SOME_SITES}
    path.write_text(crawl_config(some, tmp_path / "data"), encoding="utf-8")
    return path
