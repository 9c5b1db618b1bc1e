"""`LiveEngine.verify`: it notices damage to files in use, but not files that a commit removed."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.generations import Generations
from index.engines.whoosh.indexer import update
from index.engines.whoosh.live_engine import LiveEngine
from index.query import Everything, Query
from tests.index.conftest import Save
from tests.index.engines.whoosh.conftest import Publish
from tests.support.awaiting import wait_until
from tests.support.disks import unreadable

pytestmark = pytest.mark.sweep

EVERYTHING = Query(text="", clause=Everything(), reading="")


def flip(path: Path, place: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1]))


def flip_first(path: Path) -> None:
    flip(path, 0)


def flip_middle(path: Path) -> None:
    flip(path, path.stat().st_size // 2)


def flip_last(path: Path) -> None:
    flip(path, path.stat().st_size - 1)


def truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def extend(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\0")


def remove(path: Path) -> None:
    path.unlink()


def make_unreadable(path: Path) -> None:
    path.unlink()
    unreadable(path)


def replace_file(path: Path) -> None:
    """Replace the file with a sound file of another kind."""
    content = path.with_suffix(".toc" if path.suffix != ".toc" else ".docs")
    other = next(path.parent.glob(f"*{content.suffix}"))
    draft = path.with_suffix(".new")
    draft.write_bytes(other.read_bytes())
    draft.replace(path)


@pytest.fixture
def renew(generations: Generations, publish: Publish) -> Callable[[], None]:
    """Return a function that replaces all generations with a new generation."""

    def publish_new() -> None:
        publish()
        generations.prune(keep=0)

    return publish_new


@pytest.fixture
def engine(generations: Generations, renew: Callable[[], None], save: Save, analyzer: Analyzer) -> LiveEngine:
    """Return the engine on an index of one release."""
    save("a", title="Viena ziņa")
    renew()
    engine = LiveEngine(generations.root, analyzer)
    assert engine.search(EVERYTHING).total == 1
    return engine


@pytest.mark.parametrize(
    "damage",
    [flip_first, flip_middle, flip_last, truncate, extend, remove, replace_file, make_unreadable],
)
@pytest.mark.parametrize("kind", [".docs", ".posts", ".hints", "_MAIN_*.toc", "_PAST_*.toc"])
def test_damage_is_logged_once_and_ends_with_the_next_generation(
    engine: LiveEngine,
    renew: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
    kind: str,
    damage: Callable[[Path], None],
) -> None:
    (path,) = engine.root.glob(f"*/*{kind}")
    engine.verify()
    assert (engine.info().damage, caplog.messages) == ("", [])
    damage(path)
    engine.verify()
    engine.verify()
    (line,) = caplog.messages
    assert str(path.parent) in line
    assert "run `reindex --full`" in engine.info().damage
    renew()
    assert engine.info().damage == ""
    engine.verify()
    assert (engine.info().damage, len(caplog.messages)) == ("", 1)


def test_files_removed_by_a_commit_are_no_damage(
    engine: LiveEngine, store: Store, save: Save, analyzer: Analyzer, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(20):  # some of these commits merge
        since = store.last_number()
        save(f"{number}")
        update(engine.root / engine.info().generation, store, analyzer, since=since)
        engine.verify()  # the commit is not announced yet
    assert (engine.search(EVERYTHING).total, engine.info().damage, caplog.messages) == (1, "", [])


def test_background_verification_finds_nothing_while_generations_change(
    engine: LiveEngine, renew: Callable[[], None], save: Save, caplog: pytest.LogCaptureFixture
) -> None:
    stopped = threading.Event()
    verifying = threading.Thread(target=engine.keep_verified, args=(1e-6, stopped))
    verifying.start()
    for number in range(10):
        save(f"{number}")
        renew()
    stopped.set()
    verifying.join()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    wait_until(lambda: engine.search(EVERYTHING).total == 11)


def test_without_an_index_nothing_is_verified(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    LiveEngine(tmp_path).verify()
    assert caplog.messages == []
