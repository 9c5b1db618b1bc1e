"""What an answer and a command do while the cluster refuses, is away, hangs or answers nonsense."""

import signal
from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient

from index.config import load
from index.engines.opensearch.connection import ClusterConnection, RefusedError
from index.engines.opensearch.generations import ClusterGenerations
from tests.opensearch.cluster import Cluster, Node
from tests.opensearch.installation import Installation, installed, until
from tests.opensearch.nonsense_proxy import NONSENSE, Answer, before
from tests.opensearch.traffic import UNCACHED

RELEASES = 200


@pytest.fixture(scope="module")
def releases() -> int:
    return RELEASES


@pytest.fixture(scope="module")
def client(made: Installation) -> FlaskClient:
    return made.client()


def search(client: FlaskClient) -> tuple[int, int | None]:
    """Return the status of a search for everything, and its total."""
    answer = client.get("/api/v1/search", headers=UNCACHED)
    return answer.status_code, answer.get_json().get("total")


def settle(client: FlaskClient, *expected: tuple[int, int | None]) -> None:
    """Wait until a search is answered with the first of *expected*; until then only with the others."""

    def is_settled() -> bool:
        answer = search(client)
        assert answer in expected
        return answer == expected[0]

    until(is_settled, f"{expected[0]}")


WHOLE, REFUSED = (200, RELEASES), (503, None)


def test_the_cluster_away_is_a_clear_503_and_its_return_is_noticed(
    cluster: Cluster, made: Installation, client: FlaskClient
) -> None:
    assert search(client) == WHOLE
    for node in cluster.nodes:
        node.kill()
    answer = client.get("/api/v1/search")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.get_json()["detail"] == "the index is not ready; try again in a few minutes"
    assert client.get("/healthz").status_code == 503
    assert client.get("/").status_code == 503
    code, (message,) = made.reindex()
    assert code == 4
    assert "no answer" in message
    cluster.heal()
    settle(client, WHOLE, REFUSED)


def test_a_cluster_that_starts_is_not_one_without_an_index(cluster: Cluster, made: Installation) -> None:
    settings = load(made.config).opensearch
    generations = ClusterGenerations(ClusterConnection(settings), settings)
    used = generations.current()
    assert used is not None

    def names_it() -> bool:
        try:
            assert generations.current() == used
        except RefusedError:
            return False
        return True

    for node in cluster.nodes:
        node.kill()
    for node in cluster.nodes:
        node.start(cluster.distribution)
    until(names_it, "the cluster names the index in use")
    cluster.heal()


def test_a_lost_shard_is_a_503_and_never_a_smaller_total(cluster: Cluster, tmp_path: Path) -> None:
    with installed(tmp_path, cluster.urls, releases=RELEASES, replicas=0) as without_copies:
        client = without_copies.client()
        settle(client, WHOLE)
        _holder(cluster, without_copies).kill()
        settle(client, REFUSED, WHOLE)
        cluster.heal()
        settle(client, WHOLE, REFUSED)


def _holder(cluster: Cluster, made: Installation) -> Node:
    """Return a node with a shard of the index in use, which the alias names."""
    address = f"{cluster.urls[0]}/_cat/shards/{made.prefix}"
    name = requests.get(address, {"format": "json"}, timeout=60).json()[0]["node"]
    return next(node for node in cluster.nodes if node.name == name)


def test_a_node_that_hangs_makes_no_answer_smaller(
    cluster: Cluster, made: Installation, tmp_path: Path
) -> None:
    hurried = Installation(tmp_path, cluster.urls, prefix=made.prefix, timeout_s=2).client()
    settle(hurried, WHOLE, REFUSED)
    node = cluster.nodes[2]
    node.signal(signal.SIGSTOP)
    try:
        assert {search(hurried) for _ in range(4)} <= {WHOLE, REFUSED}
    finally:
        node.signal(signal.SIGCONT)
    settle(hurried, WHOLE, REFUSED)


def test_a_cluster_that_takes_no_writes_keeps_the_index_as_it_is(
    cluster: Cluster, made: Installation, client: FlaskClient
) -> None:
    settings = f"{cluster.urls[0]}/{made.prefix}-*/_settings"
    block = "index.blocks.read_only"
    made.fill(RELEASES + 20)
    requests.put(settings, json={block: True}, timeout=60).raise_for_status()
    try:
        code, (message,) = made.reindex()
        assert code == 4
        assert "read-only" in message
        assert search(client) == WHOLE
    finally:
        requests.put(settings, json={block: None}, timeout=60).raise_for_status()
    assert made.reindex() == (0, [])
    settle(client, (200, RELEASES + 20), WHOLE)
    assert made.indexed() == made.stored()


def test_an_index_of_another_program_under_our_name_is_left_alone(cluster: Cluster, tmp_path: Path) -> None:
    taken = Installation(tmp_path, cluster.urls)
    taken.fill(3)
    foreign = f"{cluster.urls[0]}/{taken.prefix}"
    requests.put(foreign, timeout=60).raise_for_status()
    requests.put(f"{foreign}/_doc/1", json={"a": 1}, params={"refresh": "true"}, timeout=60)
    try:
        code, (message,) = taken.reindex()
        assert code in (1, 4)
        assert taken.prefix in message
        assert requests.get(f"{foreign}/_count", timeout=60).json()["count"] == 1
        assert taken.client().get("/api/v1/search").status_code == 503
        assert taken.indices() == {taken.prefix}
    finally:
        requests.delete(foreign, timeout=60)


def test_an_index_of_another_version_is_rebuilt(cluster: Cluster, tmp_path: Path) -> None:
    with installed(tmp_path, cluster.urls, releases=RELEASES) as older:
        alias = f"{cluster.urls[0]}/{older.prefix}/_mapping"
        (index, mapping), *_ = requests.get(alias, timeout=60).json().items()
        meta = mapping["mappings"]["_meta"] | {"fingerprint": "older"}
        changed = requests.put(f"{cluster.urls[0]}/{index}/_mapping", json={"_meta": meta}, timeout=60)
        changed.raise_for_status()
        assert older.reindex() == (0, [])
        assert index not in requests.get(alias, timeout=60).json()
        assert search(older.client()) == WHOLE


# --- A proxy that answers nonsense ---------------------------------------------------------------


@pytest.mark.sweep
@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_a_503_and_an_error_in_one_line(nonsense: Answer, tmp_path: Path) -> None:
    with before("", nonsense) as proxy:
        fooled = Installation(tmp_path, [proxy.address])
        fooled.fill(2)
        assert fooled.client().get("/api/v1/search").status_code == 503
        code, messages = fooled.reindex()
    assert code in (1, 4)
    assert len(messages) == 1


def test_nonsense_is_a_503_only_while_it_lasts(made: Installation, tmp_path: Path) -> None:
    with before(made.urls[0]) as proxy:
        client = Installation(tmp_path, [proxy.address], prefix=made.prefix).client()
        whole = (200, made.releases)
        assert search(client) == whole
        for proxy.nonsense in NONSENSE.values():
            assert search(client) == REFUSED
        proxy.nonsense = None
        settle(client, whole, REFUSED)
