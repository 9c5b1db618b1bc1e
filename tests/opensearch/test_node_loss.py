"""Nodes killed while releases are indexed and searched: no release is lost, no total is wrong."""

import random
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.opensearch.cluster import Cluster
from tests.opensearch.installation import Installation, serving, until
from tests.opensearch.traffic import Traffic

# With `--every-fault`, for an hour or so.
FEW = {"releases": 1_500, "kills": 2}
MANY = {"releases": 50_000, "kills": 20}


@pytest.fixture(scope="module")
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    return MANY if request.config.getoption("--every-fault") else FEW


@pytest.fixture(scope="module")
def releases(size: dict[str, int]) -> int:
    return size["releases"]


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


def test_an_index_built_while_nodes_are_killed_is_whole_or_not_used(
    cluster: Cluster, made: Installation, traffic: Traffic, size: dict[str, int]
) -> None:
    chance, killed = random.Random(18), 0
    while killed < size["kills"]:
        with made.start_reindex("--full") as build:
            while killed < size["kills"] and _outlasts(build, traffic, chance.randrange(1, 40)):
                chance.choice(cluster.nodes).kill()
                killed += 1
                cluster.heal()
            _, errors = build.communicate(timeout=3_600)
        assert build.returncode in (0, 4), errors
        assert made.indexed() == made.stored()
    traffic.wait_for(10)
    assert_honest(traffic)


def _outlasts(build: subprocess.Popen[str], traffic: Traffic, searches: int) -> bool:
    """Return whether *build* still runs after so many *searches*: a moment on a clock of any speed."""
    for _ in range(searches):
        traffic.wait_for(1)
    return build.poll() is None


def test_a_killed_build_leaves_nothing_but_the_index_in_use(cluster: Cluster, made: Installation) -> None:
    used = made.indices()
    with made.start_reindex("--full") as build:
        until(lambda: made.indices() > used, "a draft is begun")
        build.kill()
    assert made.indexed() == made.stored()
    assert made.reindex() == (0, [])  # nothing changed in the store, so it only cleans
    assert made.indices() == used
