"""An installation in the cluster whose nodes tests kill, for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.opensearch.cluster import Cluster
from tests.opensearch.installation import Installation, installed


@pytest.fixture(scope="module")
def made(cluster: Cluster, releases: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An index of so many *releases*, which is the fixture of a module; the cluster is healed afterwards."""
    with installed(tmp_path_factory.mktemp("made"), cluster.urls, releases=releases) as installation:
        yield installation
        cluster.heal()
