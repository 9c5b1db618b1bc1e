"""Nodes killed while releases are indexed and searched: no release is lost, no total is wrong."""

import random
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.opensearch.cluster import Cluster
from tests.opensearch.installation import Installation, installed, serving, until
from tests.opensearch.traffic import Traffic

# With `--every-fault` as the issue asks: twenty moments of fifty thousand releases, for an hour.
FEW = {"releases": 1_500, "moments": 1}
MANY = {"releases": 50_000, "moments": 20}


@pytest.fixture(scope="module")
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    return MANY if request.config.getoption("--every-fault") else FEW


@pytest.fixture(scope="module")
def made(
    cluster: Cluster, size: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("node-loss")
    with installed(folder, cluster.urls, releases=size["releases"]) as installation:
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


def test_an_index_built_while_a_node_is_killed_is_whole_or_not_used(
    cluster: Cluster, made: Installation, traffic: Traffic, size: dict[str, int]
) -> None:
    chance = random.Random(18)
    for _ in range(size["moments"]):
        wanted = made.documents_written(cluster.urls[0]) + chance.random() * made.releases
        with made.start_reindex("--full") as build:
            until(lambda: _has_ended(build) or made.documents_written(cluster.urls[0]) >= wanted, "indexing")  # noqa: B023 - called in this turn alone
            chance.choice(cluster.nodes[1:]).kill()
            _, errors = build.communicate(timeout=600)
        assert build.returncode in (0, 4), errors
        cluster.heal()
        assert made.indexed() == made.stored()
    traffic.wait_for(10)
    assert_honest(traffic)


def _has_ended(process: subprocess.Popen[str]) -> bool:
    return process.poll() is not None


def test_a_killed_build_leaves_nothing_but_the_index_in_use(cluster: Cluster, made: Installation) -> None:
    before = made.documents_written(cluster.urls[0])
    used = made.indices()
    with made.start_reindex("--full") as build:
        until(lambda: made.documents_written(cluster.urls[0]) > before, "releases are indexed")
        build.kill()
    assert made.indexed() == made.stored()
    assert made.reindex() == (0, [])  # nothing changed in the store, so it only cleans
    assert made.indices() == used
