"""What is written to a cluster for the changes of the store."""

from collections.abc import Callable

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.interface import IndexedChanges
from index.engines.opensearch import indexer
from index.engines.opensearch.connection import ClusterConnection
from index.engines.opensearch.generations import ClusterGenerations
from index.engines.opensearch.indexer import Indexer, _batches, _merge, _Survey
from index.errors import BuildError
from tests.index.conftest import SEEN, Save
from tests.support.written_cluster import WrittenCluster

Index = Callable[[], IndexedChanges]


class Indexing:
    """An empty generation of a cluster, and how often progress was told."""

    def __init__(self, store: Store, analyzer: Analyzer) -> None:
        self.cluster, self.store, self.analyzer = WrittenCluster(), store, analyzer
        self.progress: list[int] = []
        self.index = ""

    def build(self) -> IndexedChanges:
        return self._with(lambda made: made.build())

    def update(self, since: int) -> IndexedChanges:
        return self._with(lambda made: made.update(since, lambda _: None))

    def _with(self, index: Callable[[Indexer], IndexedChanges]) -> IndexedChanges:
        with self.cluster.serve() as (settings, _):
            generations = ClusterGenerations(ClusterConnection(settings), settings)
            generation = self.index.removeprefix("test-") or generations.create()
            self.index = f"test-{generation}"
            return index(Indexer(generations, generation, self.store, self.analyzer, self.progress.append))

    @property
    def documents(self) -> dict[str, dict]:
        return self.cluster.documents[self.index]

    @property
    def words(self) -> dict[str, dict]:
        return self.cluster.documents[f"{self.index}-words"]


@pytest.fixture
def indexing(store: Store, analyzer: Analyzer) -> Indexing:
    return Indexing(store, analyzer)


def test_a_build_writes_every_release_and_its_words(indexing: Indexing, save: Save) -> None:
    ids = [save("a", title="Meži"), save("b", title="Meži deg")]
    changes = indexing.build()
    assert sorted(indexing.documents) == sorted(ids)
    assert {"mezi", "deg"} <= {word["fold"][0] for word in indexing.words.values()}
    assert (changes.number, changes.added, changes.removed, changes.absent) == (2, 2, 0, frozenset())
    assert indexing.documents[ids[0]]["number"] == 1
    assert sum(indexing.progress) == 2


def test_releases_are_sent_in_batches(
    indexing: Indexing, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "_BATCH", 2)
    for name in "abc":
        save(name)
    indexing.build()
    assert indexing.progress == [2, 1]
    assert list(map(len, _batches(range(5), 2))) == [2, 2, 1]


def test_a_build_that_does_not_hold_what_was_confirmed_fails(indexing: Indexing, save: Save) -> None:
    save("a")
    save("b")
    indexing.cluster.lost = 1
    with pytest.raises(BuildError, match="holds 1 releases, but 2 were confirmed"):
        indexing.build()


def test_hidden_releases_are_deleted_and_gone_ones_are_kept(
    indexing: Indexing, store: Store, save: Save
) -> None:
    kept, hidden = save("a"), save("b")
    number = indexing.build().number
    store.hide("https://iem.example/b", seen=SEEN)
    changes = indexing.update(number)
    assert list(indexing.documents) == [kept]
    assert (changes.added, changes.removed, changes.absent) == (0, 1, {hidden})
    assert indexing.update(changes.number) == IndexedChanges(number=changes.number, added=0, removed=0)


def test_abbreviations_that_releases_explain_are_reported(indexing: Indexing, save: Save) -> None:
    save("a", body="Ziņo Valsts ieņēmumu dienests (VID).")
    save("b", body="Tā lēma Valsts ieņēmumu dienests (VID).")
    (definition,) = indexing.build().definitions
    assert (definition.short, definition.long, definition.releases) == ("VID", "Valsts ieņēmumu dienests", 2)


def test_the_first_of_a_cluster_says_that_others_share_it(
    indexing: Indexing, store: Store, save: Save
) -> None:
    first, alone = save("a"), save("b", title="Cits")
    number = indexing.build().number
    assert [indexing.documents[id_]["shared"] for id_ in (first, alone)] == [False, False]
    copy = save("c")
    store.set_cluster(copy, first, seen=SEEN)
    indexing.update(number)
    assert [indexing.documents[id_]["shared"] for id_ in (first, alone, copy)] == [True, False, True]
    assert indexing.documents[copy]["cluster"] == first


def test_the_first_of_a_cluster_in_the_index_stays_shared(indexing: Indexing, save: Save) -> None:
    first = save("a")
    indexing.cluster.shared = [first]
    indexing.build()
    assert indexing.documents[first]["shared"]


def test_a_later_survey_has_the_newer_states() -> None:
    whole = _Survey(5, added={"a", "b"}, removed={"c", "d"}, gone={"a", "e"}, leaders={"x"})
    later = _Survey(9, added={"c"}, removed={"a"}, gone=set(), leaders={"y"})
    merged = _merge(whole, later)
    assert (merged.number, merged.added, merged.removed) == (9, {"b", "c"}, {"a", "d"})
    assert (merged.gone, merged.leaders) == ({"e"}, {"x", "y"})
    assert merged.changes() == IndexedChanges(number=9, added=2, removed=2, absent=frozenset("ade"))
