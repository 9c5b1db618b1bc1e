"""What was hidden is in no answer of an index that still has it: hits, counts, earlier texts, completions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines import ServingEngine
from index.engines.takedowns import Takedowns
from index.errors import EngineError
from index.query import Query, parse
from tests.index.conftest import SEEN, Save
from tests.index.engines.conftest import EngineUnderTest
from tests.support.stored_release import RELEASE

DAY = date(2026, 3, 2)
SECRET = replace(RELEASE, url="https://iem.example/secret", title="Budžets atlikts")


@pytest.fixture
def takedowns(data: Path) -> Takedowns:
    return Takedowns(data / "releases.sqlite3")


@pytest.fixture
def reindexed(
    under_test: EngineUnderTest, store: Store, save: Save, analyzer: Analyzer, tmp_path: Path
) -> Callable[[], None]:
    """Save two releases, *secret* with an earlier text; return a function that indexes all that is stored."""
    save("open", title="Budžets pieņemts")
    store.save(SECRET, seen=SEEN)
    store.save(replace(SECRET, title="Budžets noraidīts"), seen=SEEN + timedelta(1))

    def build_and_use() -> None:
        with under_test.builder(tmp_path / "index").draft(analyzer) as draft:
            draft.build(store, on_progress=lambda _: None)
            draft.publish()

    return build_and_use


@pytest.fixture
def engine(
    under_test: EngineUnderTest, takedowns: Takedowns, reindexed: Callable[[], None], tmp_path: Path
) -> ServingEngine:
    """Return the engine of a server on the releases *open* and *secret*."""
    reindexed()
    return under_test.serving(tmp_path / "index", read_hidden=takedowns.since)


@pytest.fixture
def read(analyzer: Analyzer) -> Callable[[str], Query]:
    return lambda text: parse(text, analyzer=analyzer, today=DAY)


def names(engine: ServingEngine, query: Query) -> set[str]:
    found = engine.search(query)
    shown = {hit.url.rpartition("/")[2] for hit in found.hits}
    listed = {one.url.rpartition("/")[2] for one in engine.listing(query).releases()}
    counts = found.total, engine.count(query), sum(one.count for one in found.facets["ministry"])
    assert (shown, counts) == (listed, (len(shown),) * 3)
    return shown


def test_a_hidden_release_is_in_no_answer_before_the_next_reindex(
    engine: ServingEngine, store: Store, read: Callable[[str], Query]
) -> None:
    assert names(engine, read("budžets")) == {"open", "secret"}
    assert engine.appearance(read("atlikts")).releases == 1
    (secret,) = engine.search(read("noraidīts")).hits
    store.hide("https://iem.example/secret", seen=SEEN)
    assert names(engine, read("budžets")) == {"open"}
    assert names(engine, read("noraidīts")) == set()
    assert engine.search(read("versijas:atlikts")).total == 0
    assert engine.appearance(read("atlikts")).releases == 0
    assert [one.title.text for one in engine.similar(secret.id)] == []
    assert [one.text for one in engine.completer().complete("norai")] == []
    assert (engine.info().documents, engine.info().hidden) == (1, (secret.id,))


def test_what_is_shown_again_is_found_at_once(
    engine: ServingEngine, store: Store, read: Callable[[str], Query]
) -> None:
    store.hide("https://iem.example/secret", seen=SEEN)
    assert names(engine, read("budžets")) == {"open"}
    store.unhide("https://iem.example/secret", seen=SEEN)
    assert names(engine, read("budžets")) == {"open", "secret"}
    assert engine.info().hidden == ()


def test_the_next_index_has_nothing_left_to_leave_out(
    engine: ServingEngine, store: Store, reindexed: Callable[[], None], read: Callable[[str], Query]
) -> None:
    store.hide("https://iem.example/secret", seen=SEEN)
    reindexed()
    assert names(engine, read("budžets")) == {"open"}
    assert (engine.info().documents, engine.info().hidden) == (1, ())


def test_without_the_store_what_was_hidden_stays_so(
    engine: ServingEngine, store: Store, data: Path, read: Callable[[str], Query]
) -> None:
    store.hide("https://iem.example/secret", seen=SEEN)
    assert names(engine, read("budžets")) == {"open"}
    store.close()
    (data / "releases.sqlite3").unlink()
    assert names(engine, read("budžets")) == {"open"}


def test_only_what_was_hidden_since_a_change_and_still_is_counts(
    takedowns: Takedowns, store: Store, save: Save
) -> None:
    first, second, third = (save(name) for name in ("a", "b", "c"))
    store.hide("https://iem.example/a", seen=SEEN)
    number = store.last_number()
    store.hide("https://iem.example/b", seen=SEEN)
    store.hide("https://iem.example/c", seen=SEEN)
    store.unhide("https://iem.example/c", seen=SEEN)
    assert takedowns.since(0) == {first, second}
    assert takedowns.since(number) == {second}
    assert third not in takedowns.since(0)


def test_a_release_merged_into_one_that_is_hidden_is_hidden(
    takedowns: Takedowns, store: Store, save: Save
) -> None:
    old, new = save("old"), save("new")
    number = store.last_number()
    store.add_addresses(new, ("https://iem.example/old",), seen=SEEN)
    assert takedowns.since(number) == set()
    store.hide("https://iem.example/new", seen=SEEN)
    assert takedowns.since(number) == {old, new}


def test_each_write_is_seen_however_soon_it_follows(takedowns: Takedowns, store: Store, save: Save) -> None:
    ids = [save(str(number)) for number in range(30)]
    for place, id_ in enumerate(ids):
        store.hide(f"https://iem.example/{place}", seen=SEEN)
        assert id_ in takedowns.since(0)


def test_a_store_that_cannot_tell_is_an_error(
    takedowns: Takedowns, store: Store, save: Save, data: Path
) -> None:
    save("a")
    with pytest.raises(EngineError, match=r"releases\.sqlite3: older than the index"):
        takedowns.since(store.last_number() + 1)
    with pytest.raises(EngineError, match="run `crawl`"):
        Takedowns(data / "none.sqlite3").since(0)
