"""Nodes killed while releases are indexed and searched: no release is lost, no total is wrong."""

import random
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial

import pytest
import requests

from tests.opensearch.cluster import NODES, Cluster
from tests.opensearch.installation import PATIENCE_S, REINDEX_S, Installation, serving, until
from tests.opensearch.traffic import UNCACHED, Traffic

RELEASES = 300
"""In the index before nodes are killed."""
# With `--every-fault`, for half an hour or more.
FEW = {"releases": 1_500, "kills": 2, "changes": 500}
MANY = {"releases": 50_000, "kills": 20, "changes": 5_000}


@pytest.fixture(scope="module")
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    return MANY if request.config.getoption("--every-fault") else FEW


@pytest.fixture(scope="module")
def releases() -> int:
    return RELEASES


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


def settle(servers: Sequence[str], total: int, before: int) -> None:
    """Wait until each server finds *total* releases; until then it may only find those *before*.

    A server answers from the generation before while it opens the current one.
    """
    for address in servers:
        until(partial(_has_settled, address, total, before), f"{total} at {address}")


def _has_settled(address: str, total: int, before: int) -> bool:
    answer = requests.get(f"{address}/api/v1/search", headers=UNCACHED, timeout=PATIENCE_S)
    answer.raise_for_status()
    found = answer.json()["total"]
    assert found in (total, before)
    return bool(found == total)


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


@pytest.mark.parametrize("is_leader", [True, False], ids=["leader", "another"])
def test_searches_go_on_while_a_node_hangs(cluster: Cluster, traffic: Traffic, is_leader: bool) -> None:
    leader = cluster.leader()
    hanging, answering = sorted(cluster.nodes, key=lambda node: (node is leader) != is_leader)[:2]
    hanging.signal(signal.SIGSTOP)
    try:
        traffic.wait_for(20)
        # The cluster itself, which waits half a minute for a node, has not left it out.
        known = requests.get(f"{answering.url}/_cluster/health", {"local": "true"}, timeout=PATIENCE_S).json()
        assert (known["number_of_nodes"], known["discovered_cluster_manager"]) == (NODES, True)
    finally:
        hanging.signal(signal.SIGCONT)
        cluster.heal()
    traffic.wait_for(10)
    assert_honest(traffic)


def test_an_index_built_while_nodes_are_killed_is_whole_or_not_used(
    cluster: Cluster, made: Installation, servers: list[str], size: dict[str, int]
) -> None:
    chance, killed = random.Random(18), 0
    before, built = made.stored(), made.releases
    made.fill(size["releases"])
    with Traffic(servers, "", RELEASES, made.releases) as traffic:
        while killed < size["kills"]:
            with made.start_reindex("--full") as build:
                while killed < size["kills"] and _outlasts(build, traffic, chance.randrange(1, 40)):
                    chance.choice(cluster.nodes).kill()
                    killed += 1
                    cluster.heal()
                _, errors = build.communicate(timeout=REINDEX_S)
            assert build.returncode in (0, 4), errors
            assert made.indexed() in (before, made.stored())
    assert_honest(traffic)
    assert made.reindex() == (0, [])  # brings what a failed build left
    assert made.indexed() == made.stored()
    settle(servers, made.releases, built)


def _outlasts(build: subprocess.Popen[str], traffic: Traffic, searches: int) -> bool:
    """Return whether *build* still runs after so many *searches*: a moment on a clock of any speed."""
    for _ in range(searches):
        traffic.wait_for(1)
    return build.poll() is None


def test_an_update_while_nodes_are_killed_loses_no_change(
    cluster: Cluster, made: Installation, servers: list[str], size: dict[str, int]
) -> None:
    chance, before = random.Random(18), made.releases
    made.fill(before + size["changes"])
    with made.start_reindex() as update:
        while update.poll() is None:
            chance.choice(cluster.nodes).kill()
            cluster.heal()
        _, errors = update.communicate(timeout=REINDEX_S)
    assert update.returncode in (0, 4), errors
    assert made.reindex() == (0, [])  # brings what a failed update left
    assert made.indexed() == made.stored()
    settle(servers, made.releases, before)


def test_a_killed_build_leaves_nothing_but_the_index_in_use(cluster: Cluster, made: Installation) -> None:
    used = made.indices()
    with made.start_reindex("--full") as build:
        until(lambda: made.indices() > used, "a draft is begun")
        build.kill()
    assert made.indexed() == made.stored()
    assert made.reindex() == (0, [])  # nothing changed in the store, so it only cleans
    assert made.indices() == used
