from pathlib import Path

import numpy as np
import pytest

from index.codec import ArrayIndex
from index.search import IndexReader
from index.search.collapse import Clusters
from tests.support.corpora import index_of
from tests.support.oracle import Doc


@pytest.fixture
def clusters(ix: ArrayIndex) -> Clusters:
    return Clusters(IndexReader(ix))


def test_only_documents_with_company_are_in_a_cluster(clusters: Clusters) -> None:
    assert [number >= 0 for number in clusters.of.tolist()] == [True, True, False, False]
    assert clusters.rows_sharing_cluster(np.array([0, 2])).tolist() == []
    assert clusters.rows_sharing_cluster(np.array([0, 1, 2])).tolist() == [0, 1]


def test_deleted_documents_are_no_company(tmp_path: Path) -> None:
    docs = [Doc(name, "fm", "lv", None, "a", {}) for name in "abc"]
    for deleted, is_clustered in (("", [True] * 3), ("b", [True, False, True]), ("ab", [False] * 3)):
        ix = index_of(tmp_path / f"without {deleted}", docs)
        writer = ix.writer()
        for name in deleted:
            writer.delete_unique("id", name.encode())
        writer.commit(merge=False)
        assert [number >= 0 for number in Clusters(IndexReader(ix)).of.tolist()] == is_clustered


@pytest.mark.parametrize(("scores", "repeated"), [([1.0, 2.0], 0), ([2.0, 1.0], 1), ([1.0, 1.0], 1)])
def test_higher_key_then_lower_id_represents_a_cluster(
    clusters: Clusters, scores: list[float], repeated: int
) -> None:
    assert clusters.repeats(np.array([0, 1]), [np.array(scores).__getitem__]).tolist() == [repeated]


def test_all_but_the_first_of_a_cluster_are_repeats(tmp_path: Path) -> None:
    names = {"a": "a", "b": "a", "c": "c", "d": "d", "e": "d", "f": "a"}
    docs = [Doc(name, "fm", "lv", None, cluster, {}) for name, cluster in names.items()]
    clusters = Clusters(IndexReader(index_of(tmp_path, docs[:3], docs[3:])))
    assert clusters.rows_sharing_cluster(np.array([5, 2, 3, 0])).tolist() == [0, 3]
    keys = [
        np.array([1.0, 2.0, 3.0, 1.0, 1.0, 1.0]).__getitem__,
        np.array([0.0, 1.0, 0.0, 0.0, 1.0, 2.0]).__getitem__,
    ]
    assert sorted(clusters.repeats(np.arange(6), keys).tolist()) == [0, 3, 5]
    assert sorted(clusters.repeats(np.arange(6), keys[1:]).tolist()) == [0, 1, 3]
