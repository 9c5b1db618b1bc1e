import sys
import threading
from datetime import date
from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.building import build, update
from index.engine import EngineError, Everything, Query
from index.generations import AGAIN_S, CURRENT, Generations, LiveEngine
from index.whoosh_engine import WhooshEngine
from tests.disks import files_of_at_most, unreadable
from tests.index.conftest import Save

EVERYTHING = Query(text="", clause=Everything(), reading="")


def made(generations: Generations, store: Store, analyzer: Analyzer) -> Path:
    with generations.draft() as draft:
        build(draft, store, analyzer, told=lambda: None)
        return generations.finish(draft)


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "index")


def test_names_grow_even_within_a_second(generations: Generations, store: Store, analyzer: Analyzer) -> None:
    names = [made(generations, store, analyzer).name for _ in range(3)]
    assert names == sorted(set(names))


def test_what_names_the_generation_in_use_is_named_where_it_cannot_be_read_or_written(
    generations: Generations,
) -> None:
    generations.root.mkdir()
    with files_of_at_most(10), pytest.raises(OSError, match=CURRENT):
        generations.use(generations.root / "20260101T000000-001")
    unreadable(generations.root / CURRENT)
    with pytest.raises(OSError, match=CURRENT):
        generations.current()


def test_a_build_that_fails_leaves_nothing(generations: Generations) -> None:
    def fail() -> None:
        with generations.draft() as draft:
            (draft / "half").touch()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(generations.root.iterdir()) == []


def test_old_generations_go_and_the_newest_of_them_stay(
    generations: Generations, store: Store, analyzer: Analyzer
) -> None:
    folders = [made(generations, store, analyzer) for _ in range(4)]
    generations.use(folders[-1])
    generations.prune(kept=1)
    assert sorted(path for path in generations.root.iterdir() if path.is_dir()) == folders[2:]
    assert generations.previous() == folders[2]


def test_without_an_index_the_engine_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="run `reindex`"):
        LiveEngine(tmp_path).search(EVERYTHING)


def test_the_engine_turns_to_a_new_generation(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer
) -> None:
    engine = LiveEngine(generations.root)
    save("a")
    generations.use(made(generations, store, analyzer))
    assert engine.search(EVERYTHING).total == 1
    save("b")
    generations.use(made(generations, store, analyzer))
    assert engine.search(EVERYTHING).total == 2


def test_the_engine_goes_on_when_the_new_generation_cannot_be_opened(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    generations.use(made(generations, store, analyzer))
    engine = LiveEngine(generations.root)
    assert engine.search(EVERYTHING).total == 1
    (generations.root / CURRENT).write_text("nowhere\n")
    assert engine.search(EVERYTHING).total == 1


def test_a_generation_that_could_not_be_opened_is_tried_again_later(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer, tmp_path: Path
) -> None:
    save("a")
    generations.use(made(generations, store, analyzer))
    at = [0.0]
    engine = LiveEngine(generations.root, clock=lambda: at[0])
    assert engine.search(EVERYTHING).total == 1
    save("b")
    folder = made(generations, store, analyzer)
    generations.use(folder)
    folder.rename(tmp_path / "away")  # as if the disk had not answered
    assert engine.search(EVERYTHING).total == 1
    (tmp_path / "away").rename(folder)
    assert engine.search(EVERYTHING).total == 1
    at[0] += AGAIN_S
    assert engine.search(EVERYTHING).total == 2


def test_the_engine_goes_on_when_it_cannot_be_read_which_generation_is_in_use(
    generations: Generations, store: Store, analyzer: Analyzer, save: Save
) -> None:
    save("one")
    generations.use(made(generations, store, analyzer))
    engine = LiveEngine(generations.root)
    assert engine.search(EVERYTHING).total == 1
    (generations.root / CURRENT).unlink()
    (generations.root / CURRENT).mkdir()  # as unreadable as a bad sector
    assert engine.search(EVERYTHING).total == 1
    with pytest.raises(EngineError, match=f"{CURRENT}: "):
        LiveEngine(generations.root).search(EVERYTHING)


def test_an_index_opens_though_a_commit_removes_what_it_was_about_to_read(
    generations: Generations, store: Store, analyzer: Analyzer, save: Save
) -> None:
    save("one", title="Vecs")
    folder = made(generations, store, analyzer)
    since = store.last_number()
    save("one", title="Jauns")
    waiting = [folder]

    def commit(event: str, details: tuple[object, ...]) -> None:
        if event == "open" and str(details[0]).endswith(".docs") and waiting:
            update(waiting.pop(), store, analyzer, since=since, told=lambda: None)

    sys.addaudithook(commit)  # there is no way to remove it, but it does nothing more
    assert [hit.title.text for hit in WhooshEngine(folder, analyzer).search(EVERYTHING).hits] == ["Jauns"]


def test_when_the_index_is_taken_away_the_engine_says_so_and_recovers(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer, tmp_path: Path
) -> None:
    save("a", published=date(2020, 1, 1))
    generations.use(made(generations, store, analyzer))
    engine = LiveEngine(generations.root)
    assert engine.search(EVERYTHING).total == 1
    generations.root.rename(tmp_path / "away")
    with pytest.raises(EngineError):
        engine.search(EVERYTHING)
    (tmp_path / "away").rename(generations.root)
    assert engine.search(EVERYTHING).total == 1


def test_no_request_fails_while_generations_change(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    generations.use(made(generations, store, analyzer))
    engine = LiveEngine(generations.root)
    totals: list[int] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            totals.append(engine.search(EVERYTHING).total)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for name in "bcdef":
        save(name)
        generations.use(made(generations, store, analyzer))
        generations.prune(kept=0)
    done.set()
    for thread in threads:
        thread.join()
    assert set(totals) <= {1, 2, 3, 4, 5, 6}
    assert engine.search(EVERYTHING).total == 6
