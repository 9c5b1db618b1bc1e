"""The contract of every engine for building, updating, swapping and rolling back."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines import Engine, Generation, IndexBuilder, IndexedChanges, ServingEngine
from index.errors import EngineError
from index.query import Everything, Query
from tests.index.conftest import SEEN, Save

EVERYTHING = Query(text="", clause=Everything(), reading="", per_page=100)


class RefusedError(Exception):
    """Raised instead of an approval."""


def accept(_: object) -> None:
    """Approve everything."""


def refuse(_: object) -> None:
    raise RefusedError


def titles(engine: Engine) -> list[str]:
    return sorted(hit.title.text for hit in engine.search(EVERYTHING).hits)


@dataclass(frozen=True)
class Index:
    """Both sides of an engine, and the store from which its index is built."""

    builder: IndexBuilder
    serving: ServingEngine
    store: Store
    analyzer: Analyzer

    def rebuild(self) -> Generation:
        with self.builder.draft(self.analyzer) as draft:
            draft.build(self.store, on_progress=accept)
            return draft.publish()

    def update(self, approve: Callable[[IndexedChanges], None] = accept) -> IndexedChanges:
        return self.builder.update(self.store, self.analyzer, on_progress=accept, approve=approve)

    def current(self) -> Generation:
        return self.builder.current(self.analyzer)

    def titles(self) -> list[str]:
        """Return the titles that a server finds now."""
        return titles(self.serving)


@pytest.fixture
def index(builder: IndexBuilder, serving: ServingEngine, store: Store, analyzer: Analyzer) -> Index:
    return Index(builder, serving, store, analyzer)


# --- Without an index ----------------------------------------------------------------------------


def test_without_an_index_there_is_no_state(index: Index) -> None:
    assert index.builder.state() is None
    assert index.builder.is_empty()
    assert index.builder.last_sound() is None
    index.builder.announce()
    index.builder.clean()
    index.builder.prune(keep=0)


def test_without_an_index_errors_say_what_to_do(index: Index) -> None:
    with pytest.raises(EngineError, match="run `reindex`"):
        index.current()
    with pytest.raises(EngineError, match="run `reindex`"):
        index.serving.search(EVERYTHING)
    with pytest.raises(EngineError, match="no earlier generation"):
        index.builder.rollback()


# --- Drafts --------------------------------------------------------------------------------------


def test_a_build_counts_what_it_indexes(index: Index, save: Save) -> None:
    for name in "abc":
        save(name, body=f"Valsts ieņēmumu dienests (VID) informē par {name}.")
    index.store.hide("https://iem.example/c", seen=SEEN)
    progress: list[int] = []
    with index.builder.draft(index.analyzer) as draft:
        changes = draft.build(index.store, on_progress=progress.append)
    assert (changes.added, changes.removed, changes.number) == (2, 1, index.store.last_number())
    assert [(definition.short, definition.releases) for definition in changes.definitions] == [("VID", 2)]
    assert sum(progress) == 3


def test_a_draft_is_seen_by_no_search_before_it_is_published(index: Index, save: Save) -> None:
    save("a", title="Pirmā")
    index.rebuild()
    save("b", title="Otrā")
    with index.builder.draft(index.analyzer) as draft:
        draft.build(index.store, on_progress=accept)
        assert list(draft.find_damage()) == []
        assert titles(draft.open()) == ["Otrā", "Pirmā"]
        assert index.titles() == ["Pirmā"]
        draft.publish()
    assert index.titles() == ["Otrā", "Pirmā"]


@pytest.mark.parametrize("error", [RefusedError, KeyboardInterrupt, None])
def test_a_draft_that_is_not_published_leaves_the_index_as_it_was(
    index: Index, save: Save, error: type[BaseException] | None
) -> None:
    save("a")
    index.rebuild()
    before = index.builder.state()
    save("b")

    def abandon() -> None:
        with index.builder.draft(index.analyzer) as draft:
            draft.build(index.store, on_progress=accept)
            if error:
                raise error

    if error:
        with pytest.raises(error):
            abandon()
    else:
        abandon()
    assert index.builder.state() == before
    assert index.current().info().documents == 1


# --- Updates -------------------------------------------------------------------------------------


def test_an_update_brings_every_change_since_the_last(index: Index, save: Save) -> None:
    for name in "abc":
        save(name, title=f"Ziņa {name}")
    index.rebuild()
    save("a", title="Labota ziņa")
    save("d", title="Jauna ziņa")
    index.store.hide("https://iem.example/b", seen=SEEN)
    changes = index.update()
    assert (changes.added, changes.removed, len(changes.absent)) == (2, 1, 1)
    assert index.titles() == ["Jauna ziņa", "Labota ziņa", "Ziņa c"]
    state = index.builder.state()
    assert state is not None
    assert state.number == index.store.last_number() == index.serving.info().number


def test_an_update_that_is_not_approved_changes_nothing(index: Index, save: Save) -> None:
    save("a", title="Pirmā")
    index.rebuild()
    before = index.builder.state()
    save("b", title="Otrā")
    with pytest.raises(RefusedError):
        index.update(refuse)
    assert index.builder.state() == before
    assert index.titles() == ["Pirmā"]
    index.update()
    assert index.titles() == ["Otrā", "Pirmā"]


def test_the_state_names_what_the_index_was_made_from(index: Index, save: Save) -> None:
    save("a")
    index.rebuild()
    state = index.builder.state()
    assert state is not None
    assert (state.number, state.fingerprint) == (
        index.store.last_number(),
        index.builder.fingerprint(index.analyzer),
    )
    assert not index.builder.is_empty()


def test_an_open_generation_does_not_change(index: Index, save: Save) -> None:
    id_ = save("a")
    index.rebuild()
    before = index.current()
    other = save("b")
    index.update()
    assert before.ids() == {id_}
    assert index.current().ids() == {id_, other}


def test_a_gone_release_is_in_the_index_but_not_present(index: Index, save: Save) -> None:
    present, gone = save("a"), save("b")
    index.store.mark_gone(gone, seen=SEEN)
    index.rebuild()
    current = index.current()
    assert current.ids() == {present, gone}
    assert [current.is_present(id_) for id_ in (present, gone, "nav")] == [True, False, False]


# --- Generations ---------------------------------------------------------------------------------


def test_rollback_returns_to_the_generation_before(index: Index, save: Save) -> None:
    save("a", title="Pirmā")
    first = index.rebuild().info().generation
    save("b", title="Otrā")
    index.rebuild()
    assert index.builder.rollback().info().generation == first
    assert index.titles() == ["Pirmā"]
    index.update()
    assert index.titles() == ["Otrā", "Pirmā"]


@pytest.mark.parametrize("keep", [0, 1, 2])
def test_the_newest_generations_are_kept_for_a_rollback(index: Index, save: Save, keep: int) -> None:
    save("a")
    generations = [index.rebuild().info().generation for _ in range(4)]
    index.builder.prune(keep=keep)
    for generation in generations[2 : 2 - keep : -1] if keep else ():
        assert index.builder.rollback().info().generation == generation
    with pytest.raises(EngineError, match="no earlier generation"):
        index.builder.rollback()


def test_a_sound_index_has_no_damage(index: Index, save: Save) -> None:
    save("a")
    generation = index.rebuild().info().generation
    assert list(index.builder.find_damage(index.analyzer)) == []
    sound = index.builder.last_sound()
    assert sound is not None
    assert sound.info().generation == generation
