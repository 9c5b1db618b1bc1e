"""Nodes killed while releases are indexed and searched: no release is lost, no total is wrong."""

import random
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.opensearch.cluster import Cluster
from tests.opensearch.installation import Installation, installed, serving, until
from tests.opensearch.traffic import Traffic

RELEASES = 1_500


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
def traffic(servers: list[str]) -> Iterator[Traffic]:
    with Traffic(servers, "", RELEASES) as traffic:
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
    cluster: Cluster, made: Installation, traffic: Traffic, request: pytest.FixtureRequest
) -> None:
    # With `--every-fault` as often as the issue asks; each moment is a share of the releases.
    chance = random.Random(18)
    moments = [chance.random() for _ in range(20 if request.config.getoption("--every-fault") else 1)]
    for moment in moments:
        before = made.documents_written(cluster.urls[0])
        with made.start_reindex("--full") as build:
            until(
                lambda start=before, share=moment: (  # type: ignore[misc]  # mypy knows no defaults of a lambda
                    build.poll() is not None
                    or made.documents_written(cluster.urls[0]) - start >= share * RELEASES
                ),
                "releases are indexed",
            )
            killed = chance.choice(cluster.nodes[1:])
            killed.kill()
            _, errors = build.communicate(timeout=600)
        assert build.returncode in (0, 4), errors
        cluster.heal()
        assert made.indexed() == made.stored()
    traffic.wait_for(10)
    assert_honest(traffic)


def test_a_killed_build_leaves_nothing_but_the_index_in_use(cluster: Cluster, made: Installation) -> None:
    before = made.documents_written(cluster.urls[0])
    used = made.indices()
    with made.start_reindex("--full") as build:
        until(lambda: made.documents_written(cluster.urls[0]) > before, "releases are indexed")
        build.kill()
    assert made.indexed() == made.stored()
    assert made.reindex() == (0, "")  # nothing changed in the store, so it only cleans
    assert made.indices() == used
