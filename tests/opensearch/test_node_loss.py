"""Nodes killed while releases are searched: no total is wrong, and no status but 200 and 503."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.opensearch.cluster import Cluster
from tests.opensearch.installation import Installation, installed, serving
from tests.opensearch.traffic import Traffic

RELEASES = 500


@pytest.fixture(scope="module")
def made(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("node-loss")
    with installed(folder, cluster.urls, releases=RELEASES) as installation:
        yield installation
        cluster.heal()


@pytest.fixture(scope="module")
def servers(made: Installation) -> Iterator[list[str]]:
    """The addresses of two servers on the one cluster."""
    with ExitStack() as stack:
        yield [stack.enter_context(serving(made.config)) for _ in range(2)]


@pytest.fixture
def traffic(made: Installation, servers: list[str]) -> Iterator[Traffic]:
    with Traffic(servers, "", made.releases) as traffic:
        traffic.wait_for(10)
        yield traffic


def assert_honest(traffic: Traffic) -> None:
    """Assert that every answer was right, or a 503."""
    assert traffic.wrong == []
    assert set(traffic.answers) <= {200, 503}


@pytest.mark.parametrize("is_leader", [True, False], ids=["leader", "another"])
def test_searches_go_on_when_a_node_is_killed_and_when_it_returns(
    cluster: Cluster, traffic: Traffic, is_leader: bool
) -> None:
    leader = cluster.leader()
    killed = next(node for node in cluster.nodes if (node is leader) == is_leader)
    killed.kill()
    traffic.wait_for(10)
    cluster.heal()
    traffic.wait_for(10)
    assert_honest(traffic)
