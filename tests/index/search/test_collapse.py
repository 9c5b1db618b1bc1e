import random
from pathlib import Path

import numpy as np
import pytest

from index.codec import ArrayIndex
from index.search import IndexReader
from index.search.collapse import Clusters, OrderedDocs
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


# --- Ordered documents, beside a plain order of all ---


@pytest.mark.parametrize("seed", range(20))
def test_documents_are_listed_as_sorting_them_all_would(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    count = chance.choice((1, 2, 9, 14))
    names = chance.sample("abcdefghijklmnopqrstuvwxyz", count)
    leaders = [chance.choice(names[: max(1, count // 2)]) for _ in names]
    # A cluster is named after one of its own.
    of = [
        leader if leaders[names.index(leader)] == leader else name
        for name, leader in zip(names, leaders, strict=True)
    ]
    docs = [Doc(name, "fm", "lv", None, cluster, {}) for name, cluster in zip(names, of, strict=True)]
    cut = chance.randrange(count + 1)
    reader = IndexReader(
        index_of(tmp_path_factory.mktemp("ordered"), *filter(None, (docs[:cut], docs[cut:])))
    )
    clusters = Clusters(reader)
    for doc, name in enumerate(names):
        assert (clusters.of[doc] >= 0) == (of.count(of[doc]) > 1)
        assert all(
            (clusters.of[doc] == clusters.of[other]) == (of[doc] == of[other]) or of.count(of[doc]) == 1
            for other in range(count)
        )
        assert reader.id(doc) == name.encode()
    matching = np.array(sorted(chance.sample(range(count), chance.randint(1, count))))
    values = [np.array([float(chance.randrange(3)) for _ in matching]) for _ in range(2)]
    keys = [column.__getitem__ for column in values]
    ranked = sorted(
        range(len(matching)),
        key=lambda row: (*(-column[row] for column in values), names[matching[row]]),
    )
    first_of: dict[str, int] = {}
    for row in ranked:
        first_of.setdefault(of[matching[row]], int(matching[row]))
    listed = [*first_of.values()]
    ordered = OrderedDocs(matching, keys, clusters, reader.id)
    assert (len(ordered), ordered.read()) == (len(listed), listed)
    for first in range(len(listed) + 2):
        for last in (None, *range(len(listed) + 2)):
            assert ordered.read(first, last) == listed[first:last]
    some = chance.sample(range(count), chance.randrange(count + 1))
    assert ordered.among(some) == [doc for doc in listed if doc in some]
    assert {doc: [*ordered.folded(doc)] for doc in listed} == {
        doc: [int(matching[row]) for row in ranked if matching[row] != doc and of[matching[row]] == of[doc]]
        for doc in listed
    }


def test_nothing_is_listed_in_no_order(clusters: Clusters) -> None:
    none = np.zeros(0, np.int64)
    ordered = OrderedDocs(none, [np.zeros(0).__getitem__], clusters, lambda _: b"")
    assert (len(ordered), ordered.read(), ordered.among([1])) == (0, [], [])
