"""The cluster that tests start: whole, able to lose a node, and gone afterwards."""

from pathlib import Path

import pytest
import requests

from tests.opensearch.cluster import Cluster
from tests.opensearch.distribution import MissingError, fetch


def names_seen_by(url: str) -> set[str]:
    rows = requests.get(f"{url}/_cat/nodes", {"format": "json"}, timeout=60).json()
    return {row["name"] for row in rows}


def test_three_nodes_are_one_cluster(cluster: Cluster) -> None:
    assert [names_seen_by(url) for url in cluster.urls] == [{"node-1", "node-2", "node-3"}] * 3


def test_the_cluster_outlives_its_leader_and_takes_it_back(cluster: Cluster) -> None:
    leader = cluster.leader()
    leader.kill()
    cluster.wait_until_green()
    others = [node for node in cluster.nodes if node is not leader]
    assert [names_seen_by(node.url) for node in others] == [{node.name for node in others}] * 2
    cluster.heal()
    assert len(names_seen_by(leader.url)) == 3


def test_without_java_or_maven_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENSEARCH_JAVA_HOME", str(tmp_path))
    with pytest.raises(MissingError, match="needs Java 17 or newer: install it, or set OPENSEARCH_JAVA_HOME"):
        fetch(tmp_path)
    (tmp_path / "release").write_text('JAVA_VERSION="21.0.2"\n', encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingError, match="by Maven: install it"):
        fetch(tmp_path)
