"""The files of a removed generation are closed at the swap, so that their disk space is free."""

import gc
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.generations import Generations
from index.engines.whoosh.indexer import update
from index.engines.whoosh.live_engine import LiveEngine
from index.errors import EngineError
from index.query import Everything, Query, parse
from index.search.cursor import CursorError
from tests.index.conftest import Save
from tests.index.engines.whoosh.conftest import Publish

MAPS = Path("/proc/self/maps")
pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(not MAPS.exists(), reason="needs Linux: reads mapped files from /proc"),
]

EVERYTHING = Query(text="", clause=Everything(), reading="", per_page=100)
TEXTS = (
    "ziņa", "ziņa teksts", '"teksts par"', "zin*", "zinja~", "-ziņa", "virsraksts:ziņa OR teksts", "ēnu enas",
    "nekas", "ziņa nekas", "",
)  # fmt: skip


def mapped_after_removal(folder: Path) -> list[str]:
    """Return the files in *folder* that are removed but still mapped."""
    paths = (line.split(maxsplit=5)[-1] for line in MAPS.read_text().splitlines())
    return sorted({path for path in paths if str(folder) in path and path.endswith("(deleted)")})


@pytest.fixture(autouse=True)
def _no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _generation_in_use(save: Save, publish: Publish) -> None:
    for number in range(6):
        save(f"{number}", title=f"Ziņa {number} par ēnām", body="Kāds teksts par ziņu un enām. " * 5)
    publish()


def use_all_of(engine: LiveEngine, analyzer: Analyzer) -> None:
    """Call everything that an engine offers."""
    for text in TEXTS:
        query = parse(text, analyzer=analyzer, today=date(2026, 1, 1))
        hits = engine.search(query).hits
        engine.explain(query, [hit.id for hit in hits])
        engine.count(query)
    id_ = engine.search(EVERYTHING).hits[0].id
    engine.similar(id_)
    engine.suggester().correct("zinja")
    engine.completer().complete("zi")
    engine.verify()
    with pytest.raises(CursorError):
        engine.search(Query(text="", clause=Everything(), reading="", cursor="x"))


def test_a_removed_generation_is_released_at_the_swap(
    engine: LiveEngine, publish: Publish, generations: Generations, analyzer: Analyzer
) -> None:
    for number in range(3):
        use_all_of(engine, analyzer)
        publish(f"new-{number}")
        generations.prune(keep=0)
        assert mapped_after_removal(generations.root) != []
        engine.count(EVERYTHING)
        assert mapped_after_removal(generations.root) == []


def test_merged_segments_are_released_after_the_commit(
    engine: LiveEngine, generations: Generations, store: Store, save: Save, analyzer: Analyzer
) -> None:
    folder = generations.current()
    assert folder is not None
    for number in range(20):
        use_all_of(engine, analyzer)
        since = store.last_number()
        save(f"new-{number}")
        update(folder, store, analyzer, since=since)
        generations.use(folder)
        engine.count(EVERYTHING)
        assert mapped_after_removal(generations.root) == []


def test_a_removed_generation_is_released_without_a_search(
    engine: LiveEngine, publish: Publish, generations: Generations, analyzer: Analyzer
) -> None:
    use_all_of(engine, analyzer)
    publish()
    generations.prune(keep=0)
    engine.verify()
    assert mapped_after_removal(generations.root) == []


def test_a_generation_that_fails_to_open_is_released(
    engine: LiveEngine, build_generation: Publish, generations: Generations, analyzer: Analyzer
) -> None:
    use_all_of(engine, analyzer)
    folder = build_generation()
    (path,) = folder.glob("*.posts")
    whole = path.read_bytes()
    path.write_bytes(bytes([*whole[:64], whole[64] ^ 1, *whole[65:]]))
    generations.use(folder)
    engine.count(EVERYTHING)  # continues with the old index
    for file in folder.iterdir():
        file.unlink()
    assert mapped_after_removal(folder) == []
    with pytest.raises(EngineError):
        LiveEngine(generations.root, analyzer).count(EVERYTHING)
    assert mapped_after_removal(folder) == []


def test_removed_generations_are_released_under_concurrent_searches(
    engine: LiveEngine, publish: Publish, generations: Generations, analyzer: Analyzer
) -> None:
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            use_all_of(engine, analyzer)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(3):
        publish(f"new-{number}")
        generations.prune(keep=0)
        engine.count(EVERYTHING)
    done.set()
    for thread in threads:
        thread.join()
    engine.count(EVERYTHING)
    assert mapped_after_removal(generations.root) == []
