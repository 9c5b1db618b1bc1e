"""Builds, updates, swaps and rolls back, in a cluster that only keeps what is written."""

from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.config import ClusterSettings
from index.engines.interface import IndexedChanges
from index.engines.opensearch import ClusterBuilder
from index.errors import DamagedIndexError, EngineError
from tests.index.conftest import SEEN, Save
from tests.support.written_cluster import PREFIX, WrittenCluster


@pytest.fixture
def cluster() -> WrittenCluster:
    return WrittenCluster()


def publish(builder: ClusterBuilder, store: Store, analyzer: Analyzer) -> str:
    """Build a generation and put it into use; return its name."""
    with builder.draft(analyzer) as draft:
        draft.build(store, on_progress=lambda _: None)
        draft.publish()
        return draft.location.rpartition(f" {PREFIX}-")[2]


def release_indices(cluster: WrittenCluster) -> list[str]:
    return [name for name, meta in cluster.metas.items() if meta]


def test_without_a_generation_there_is_no_index(
    cluster: WrittenCluster, tmp_path: Path, analyzer: Analyzer
) -> None:
    with cluster.serve() as (settings, _):
        builder = ClusterBuilder(settings, tmp_path / "index")
        with pytest.raises(DamagedIndexError, match="not an alias of one generation"):
            builder.state()
        assert builder.is_empty()


def test_a_published_generation_is_in_use_with_its_origin(
    cluster: WrittenCluster, tmp_path: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    save("b")
    with cluster.serve() as (settings, _):
        builder = ClusterBuilder(settings, tmp_path / "index")
        generation = publish(builder, store, analyzer)
        state = builder.state()
        engine = builder.current(analyzer)
        info = engine.info()
        assert not builder.is_empty()
    assert cluster.alias == f"{PREFIX}-{generation}"
    assert state is not None
    assert (state.number, state.fingerprint) == (store.last_number(), builder.fingerprint(analyzer))
    assert state.location.endswith(f"/{PREFIX}: {PREFIX}-{generation}")
    assert (info.generation, info.documents, info.number) == (generation, 2, store.last_number())
    meta = cluster.metas[cluster.alias]
    assert (meta["finished"], meta["documents"], meta["updated"] > "2020") == (True, 2, True)


def test_a_draft_that_is_not_published_is_removed(
    cluster: WrittenCluster, tmp_path: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    with cluster.serve() as (settings, _):
        builder = ClusterBuilder(settings, tmp_path / "index")
        with builder.draft(analyzer) as draft:
            draft.build(store, on_progress=lambda _: None)
            assert (len(release_indices(cluster)), builder.is_empty()) == (1, True)
    assert (cluster.metas, cluster.documents, list((tmp_path / "index").glob("*"))) == ({}, {}, [])


def test_an_update_brings_the_changes_since_the_last_one(
    cluster: WrittenCluster, tmp_path: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    id_ = save("b")
    approved: list[IndexedChanges] = []
    with cluster.serve() as (settings, _):
        builder = ClusterBuilder(settings, tmp_path / "index")
        publish(builder, store, analyzer)
        save("c")
        store.hide("https://iem.example/b", seen=SEEN)
        changes = builder.update(store, analyzer, on_progress=lambda _: None, approve=approved.append)
        state = builder.state()
    assert (changes.number, changes.added, changes.removed) == (store.last_number(), 1, 1)
    assert (changes.absent, approved[0].absent) == ({id_}, {id_})
    assert state is not None
    assert state.number == store.last_number()
    assert len(cluster.documents[cluster.alias]) == cluster.metas[cluster.alias]["documents"] == 2


def test_an_update_that_is_not_approved_changes_nothing(
    cluster: WrittenCluster, tmp_path: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    def refuse(_: IndexedChanges) -> None:
        raise EngineError("no")

    save("a")
    with cluster.serve() as (settings, _):
        builder = ClusterBuilder(settings, tmp_path / "index")
        publish(builder, store, analyzer)
        save("b")
        with pytest.raises(EngineError, match="no"):
            builder.update(store, analyzer, on_progress=lambda _: None, approve=refuse)
    assert len(cluster.documents[cluster.alias]) == 1


def test_releases_that_a_generation_lacks_are_damage(
    cluster: WrittenCluster, tmp_path: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    save("b")
    with cluster.serve() as (settings, _):
        builder = ClusterBuilder(settings, tmp_path / "index")
        generation = publish(builder, store, analyzer)
        assert list(builder.find_damage(analyzer)) == []
        assert builder.last_sound() is not None
        cluster.lost = 1
        (damage,) = builder.find_damage(analyzer)
        assert builder.last_sound() is None
    assert damage.endswith(
        f"{PREFIX}-{generation}: holds 1 releases, but 2 were written; run `reindex --full`"
    )


def three_generations(builder: ClusterBuilder, analyzer: Analyzer) -> list[str]:
    """Publish three generations, which are empty; return their names."""
    generations = []
    for _ in range(3):
        with builder.draft(analyzer) as draft:
            draft.publish()
            generations.append(draft.location.rpartition(f" {PREFIX}-")[2])
    assert generations == sorted(set(generations))
    return generations


def test_old_generations_are_removed_but_the_newest(
    cluster: WrittenCluster, tmp_path: Path, analyzer: Analyzer
) -> None:
    folder = tmp_path / "index"
    with cluster.serve() as (settings, _):
        builder = ClusterBuilder(settings, folder)
        generations = three_generations(builder, analyzer)
        for name in generations:
            (folder / name).mkdir(parents=True)
        for keep, first in ((9, 0), (2, 0), (1, 1), (0, 2)):
            builder.prune(keep=keep)
            assert release_indices(cluster) == [f"{PREFIX}-{name}" for name in generations[first:]]
            assert sorted(path.name for path in folder.iterdir()) == generations[first:]


def test_a_rollback_goes_to_the_generation_before_and_those_after_are_pruned(
    cluster: WrittenCluster, tmp_path: Path, analyzer: Analyzer
) -> None:
    with cluster.serve() as (settings, _):
        builder = ClusterBuilder(settings, tmp_path / "index")
        generations = three_generations(builder, analyzer)
        assert builder.rollback().info().generation == generations[1]
        assert cluster.alias == f"{PREFIX}-{generations[1]}"
        builder.prune(keep=1)
        assert release_indices(cluster) == [f"{PREFIX}-{name}" for name in generations[:2]]
        builder.rollback()
        assert cluster.alias == f"{PREFIX}-{generations[0]}"
        with pytest.raises(EngineError, match="no earlier generation to roll back to"):
            builder.rollback()


def test_drafts_of_killed_builds_are_removed(
    cluster: WrittenCluster, tmp_path: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    with cluster.serve() as (settings, _):
        builder = ClusterBuilder(settings, tmp_path / "index")
        generation = publish(builder, store, analyzer)
        builder._generations.create()
        assert len(release_indices(cluster)) == 2
        builder.clean()
    assert release_indices(cluster) == [f"{PREFIX}-{generation}"]


def test_an_index_of_other_shards_or_words_has_another_fingerprint(
    tmp_path: Path, analyzer: Analyzer
) -> None:
    prints = {
        ClusterBuilder(
            ClusterSettings(urls=("http://localhost:1",), prefix="test", shards=shards), tmp_path
        ).fingerprint(analyzer)
        for shards in (1, 2, 1)
    }
    assert len(prints) == 2
    assert {len(one) for one in prints} == {16}
