"""While the index in use is damaged, an earlier generation answers, without what has been hidden since."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.store import Store, absent_ids
from index.analysis import Analyzer
from index.engines.generation_in_use import RETRY_S
from index.engines.whoosh.generations import Generations
from index.engines.whoosh.live_engine import LiveEngine
from index.errors import EngineError
from index.query import Everything, Query
from tests.index.conftest import SEEN, Save
from tests.index.engines.whoosh.conftest import Publish
from tests.support.awaiting import wait_until

EVERYTHING = Query(text="", clause=Everything(), reading="", per_page=100)
KINDS = (".docs", ".posts", ".hints")


@pytest.fixture
def two_generations(publish: Publish, store: Store) -> tuple[Path, Path]:
    """Return an earlier generation with `secret`, which was hidden since, and the one in use, with `new`."""
    earlier = publish("old", "secret")
    store.hide("https://iem.example/secret", seen=SEEN)
    return earlier, publish("new")


Clock = list[float]


@pytest.fixture
def clock() -> Clock:
    return [0.0]


@pytest.fixture
def start(
    generations: Generations, store: Store, analyzer: Analyzer, clock: Clock
) -> Callable[[], LiveEngine]:
    """Return a function that returns the engine of a new server."""
    return lambda: LiveEngine(
        generations.root, analyzer, lambda: clock[0], read_hidden=lambda _: absent_ids(store)
    )


@pytest.fixture
def engine(two_generations: tuple[Path, Path], start: Callable[[], LiveEngine]) -> LiveEngine:
    """Return the engine of a server that answers from the generation in use."""
    engine = start()
    assert names(engine) == {"old", "new"}
    return engine


def names(engine: LiveEngine) -> set[str]:
    return {hit.url.rpartition("/")[2] for hit in engine.search(EVERYTHING).hits}


def file_of(folder: Path, kind: str) -> Path:
    (path,) = folder.glob(f"*{kind}")
    return path


def cut(path: Path, size: int = 64) -> None:
    os.truncate(path, size)


def flip(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(100)
        (byte,) = file.read(1)
        file.seek(100)
        file.write(bytes([byte ^ 1]))


def overwrite(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def fill(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\0")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("harm", [cut, flip, overwrite, fill])
def test_a_file_written_to_while_it_is_mapped_ends_its_generation(
    engine: LiveEngine,
    two_generations: tuple[Path, Path],
    harm: Callable[[Path], None],
    kind: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    earlier, current = two_generations
    harm(file_of(current, kind))
    engine.verify()
    assert names(engine) == {"old"}
    assert (engine.info().generation, engine.info().is_fallback) == (earlier.name, True)
    assert str(current) in engine.info().damage
    assert len(caplog.messages) == 2
    engine.verify()  # the earlier one is sound, but the one in use is not
    assert (str(current) in engine.info().damage, len(caplog.messages)) == (True, 2)


def test_a_server_started_on_a_damaged_index_answers_from_the_earlier_one(
    two_generations: tuple[Path, Path], start: Callable[[], LiveEngine], caplog: pytest.LogCaptureFixture
) -> None:
    cut(file_of(two_generations[1], ".posts"))
    engine = start()
    assert names(engine) == {"old"}
    (line,) = caplog.messages
    assert line.startswith("serving an earlier index: ")


def test_what_was_hidden_is_nowhere_in_the_earlier_generation(
    engine: LiveEngine, two_generations: tuple[Path, Path], store: Store
) -> None:
    secret = store.find("https://iem.example/secret")
    assert secret is not None
    cut(file_of(two_generations[1], ".docs"))
    engine.verify()
    assert (engine.count(EVERYTHING), engine.info().documents) == (1, 1)
    assert [release.url for release in engine.listing(EVERYTHING).releases()] == ["https://iem.example/old"]
    assert engine.mark(EVERYTHING, secret.id) == {}
    assert engine.similar(secret.id) == ()
    assert [coverage.releases for coverage in engine.coverage()] == [1]


def test_words_and_titles_of_hidden_releases_are_not_suggested(
    publish: Publish, save: Save, store: Store, start: Callable[[], LiveEngine]
) -> None:
    save("secret", title="Noslēpums atklāts", body="noslēpums " * 3)
    publish("old")
    store.hide("https://iem.example/secret", seen=SEEN)
    current = publish("new")
    cut(file_of(current, ".posts"))
    engine = start()
    assert not engine.suggester().knows("noslēpums")
    assert engine.completer().complete("nosl") == ()


def test_what_is_hidden_later_is_taken_out_at_the_next_attempt(
    engine: LiveEngine, two_generations: tuple[Path, Path], store: Store, clock: Clock
) -> None:
    cut(file_of(two_generations[1], ".posts"))
    engine.verify()
    assert names(engine) == {"old"}
    store.hide("https://iem.example/old", seen=SEEN)
    clock[0] += RETRY_S
    assert names(engine) == set()


def test_the_next_sound_index_answers_again(
    engine: LiveEngine, two_generations: tuple[Path, Path], publish: Publish
) -> None:
    cut(file_of(two_generations[1], ".posts"))
    engine.verify()
    publish("newest")
    assert names(engine) == {"old", "new", "newest"}
    assert (engine.info().damage, engine.info().is_fallback) == ("", False)


def test_a_repaired_index_answers_again_at_the_next_attempt(
    engine: LiveEngine, two_generations: tuple[Path, Path], clock: Clock
) -> None:
    path = file_of(two_generations[1], ".posts")
    flip(path)
    engine.verify()
    flip(path)
    assert names(engine) == {"old"}
    clock[0] += RETRY_S
    assert (names(engine), engine.info().damage) == ({"old", "new"}, "")


@pytest.mark.parametrize("kind", [*KINDS, "_MAIN_*.toc", "_PAST_*.toc"])
def test_files_that_are_replaced_or_removed_stay_mapped_and_answer(
    engine: LiveEngine, two_generations: tuple[Path, Path], kind: str
) -> None:
    file_of(two_generations[1], kind).unlink()
    engine.verify()
    assert names(engine) == {"old", "new"}
    assert (engine.info().damage != "", engine.info().is_fallback) == (True, False)


def test_an_engine_that_stays_in_use_loses_what_was_hidden_since(
    engine: LiveEngine, build_generation: Publish, generations: Generations, store: Store
) -> None:
    newer = build_generation("newest")
    cut(file_of(newer, ".posts"))
    store.hide("https://iem.example/new", seen=SEEN)
    generations.use(newer)
    assert names(engine) == {"old"}
    assert engine.info().is_fallback


def test_a_generation_that_was_rolled_back_is_no_fallback(
    engine: LiveEngine, two_generations: tuple[Path, Path], generations: Generations
) -> None:
    earlier, _ = two_generations
    generations.use(earlier)
    assert names(engine) == {"old"}
    cut(file_of(earlier, ".posts"))
    engine.verify()
    assert (engine.info().generation, engine.info().is_fallback) == (earlier.name, False)


def test_what_was_hidden_does_not_reappear_after_a_rollback(
    engine: LiveEngine, two_generations: tuple[Path, Path], generations: Generations
) -> None:
    earlier, _ = two_generations
    generations.use(earlier)
    assert (names(engine), engine.info().generation) == ({"old"}, earlier.name)
    assert (engine.info().damage, engine.info().is_fallback) == ("", False)


def test_without_the_store_no_earlier_generation_answers(
    two_generations: tuple[Path, Path], generations: Generations, analyzer: Analyzer
) -> None:
    def read_hidden(_: int) -> frozenset[str]:
        raise EngineError("no store")

    cut(file_of(two_generations[1], ".posts"))
    with pytest.raises(EngineError, match="run `reindex --full`"):
        LiveEngine(generations.root, analyzer, read_hidden=read_hidden).search(EVERYTHING)


@pytest.mark.parametrize("size", [64, 4096])
def test_a_cut_file_is_noticed_long_before_the_next_verification(
    engine: LiveEngine, two_generations: tuple[Path, Path], size: int
) -> None:
    stopped = threading.Event()
    watching = threading.Thread(target=engine.keep_verified, args=(3600, stopped))
    watching.start()
    cut(file_of(two_generations[1], ".docs"), size)
    wait_until(lambda: engine.info().is_fallback)
    stopped.set()
    watching.join()
    assert names(engine) == {"old"}
