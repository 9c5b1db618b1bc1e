import os
import re
import sys
import threading
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.generations import CURRENT, Generations
from index.engines.whoosh.indexer import build, update
from index.engines.whoosh.live_engine import RETRY_S, LiveEngine
from index.errors import DamagedIndexError, EngineError
from index.query import Everything, Query
from index.suggest import Completer, Suggester
from tests.index.conftest import Save
from tests.support.disks import files_of_at_most, unreadable

EVERYTHING = Query(text="", clause=Everything(), reading="")


def made(generations: Generations, store: Store, analyzer: Analyzer) -> Path:
    with generations.draft() as draft:
        build(draft, store, analyzer)
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
    generations.prune(keep=1)
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
    at[0] += RETRY_S
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
            update(waiting.pop(), store, analyzer, since=since)

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
        generations.prune(keep=0)
    done.set()
    for thread in threads:
        thread.join()
    assert set(totals) <= {1, 2, 3, 4, 5, 6}
    assert engine.search(EVERYTHING).total == 6


# --- the folder: empty generations are generations, too ---

NAMES = ["20260101T000000-001", "20260101T000000-002", "20260201T000000-001", "20260301T000000-001"]


def folders(generations: Generations, *names: str) -> list[Path]:
    for name in names:
        (generations.root / name).mkdir(parents=True)
    return [generations.root / name for name in names]


def left(generations: Generations) -> list[str]:
    return sorted(path.name for path in generations.root.iterdir())


def test_where_nothing_was_built_there_is_no_generation(generations: Generations) -> None:
    assert (generations.current(), generations.newest(), generations.previous()) == (None, None, None)
    assert generations.is_announced()
    generations.prune(keep=1)
    generations.clean()


@pytest.mark.parametrize(("used", "previous"), [(0, None), (1, 0), (2, 1), (3, 2)])
def test_the_generation_in_use_is_the_one_that_was_put_into_use(
    generations: Generations, used: int, previous: int | None
) -> None:
    made = folders(generations, *NAMES)
    assert generations.previous() is None
    generations.use(made[(used + 1) % 4])
    generations.use(made[used])
    assert generations.current() == made[used]
    assert generations.newest() == made[-1]
    assert generations.previous() == (None if previous is None else made[previous])


@pytest.mark.parametrize(
    ("used", "kept", "stay"),
    [
        (3, 0, [3]),
        (3, 1, [2, 3]),
        (3, 2, [1, 2, 3]),
        (3, 3, [0, 1, 2, 3]),
        (3, 9, [0, 1, 2, 3]),
        (2, 1, [1, 2]),  # one that was gone back from goes
        (0, 2, [0]),
    ],
)
def test_so_many_generations_before_the_one_in_use_stay(
    generations: Generations, used: int, kept: int, stay: list[int]
) -> None:
    generations.use(folders(generations, *NAMES)[used])
    generations.prune(keep=kept)
    assert left(generations) == [*(NAMES[at] for at in stay), CURRENT]


def test_none_goes_where_it_is_not_said_which_is_in_use(generations: Generations) -> None:
    folders(generations, *NAMES)
    generations.prune(keep=0)
    assert left(generations) == NAMES


def test_what_a_killed_build_left_goes_and_nothing_else(generations: Generations) -> None:
    generations.use(folders(generations, NAMES[0], f"{NAMES[1]}.draft", f"{NAMES[2]}.draft", "other")[0])
    (generations.root / NAMES[1]).with_suffix(".draft").joinpath("file").touch()
    (generations.root / "9.draft").touch()
    (generations.root / "reindex.lock").touch()
    assert generations.newest() == generations.root / NAMES[0]
    generations.clean()
    assert left(generations) == [NAMES[0], "9.draft", CURRENT, "other", "reindex.lock"]


def test_only_a_folder_is_a_generation(generations: Generations) -> None:
    made = folders(generations, NAMES[0], "other")
    (generations.root / NAMES[1]).touch()
    assert generations.newest() == made[0]


def test_a_build_is_no_generation_before_it_is_finished(generations: Generations) -> None:
    with generations.draft() as draft:
        assert draft.is_dir()
        assert draft.parent == generations.root
        assert generations.newest() is None
    assert draft.is_dir()
    finished = generations.finish(draft)
    assert left(generations) == [finished.name]
    assert (generations.newest(), generations.current()) == (finished, None)


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("99991231T235959-001", "99991231T235959-002"),
        ("99991231T235959-099", "99991231T235959-100"),
        ("99991231T235959", "99991231T235959-001"),
    ],
)
def test_a_name_sorts_after_all_others_though_the_clock_went_back(
    generations: Generations, before: str, name: str
) -> None:
    folders(generations, NAMES[0], before, NAMES[3])
    with generations.draft() as draft:
        assert draft.name == f"{name}.draft"


def test_a_name_is_the_time_in_utc(generations: Generations) -> None:
    folders(generations, *NAMES)
    before = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
    with generations.draft() as draft:
        assert re.fullmatch(r"\d{8}T\d{6}-001\.draft", draft.name)
        assert before <= draft.name[:15] <= f"{datetime.now(UTC):%Y%m%dT%H%M%S}"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_whatever_ends_a_build_its_folder_goes(generations: Generations, error: type[BaseException]) -> None:
    folders(generations, NAMES[0])

    def fail() -> None:
        with generations.draft() as draft:
            (draft / "half").touch()
            raise error

    with pytest.raises(error):
        fail()
    assert left(generations) == [NAMES[0]]


@pytest.mark.parametrize(
    "content", [b"", b"20260101T000000-001", b"20260101T000000-001 00000000\n", b"\xff \xff"]
)
def test_what_names_the_generation_in_use_is_sealed(generations: Generations, content: bytes) -> None:
    generations.use(folders(generations, *NAMES)[0])
    sealed = (generations.root / CURRENT).read_bytes()
    (generations.root / CURRENT).write_bytes(content)
    with pytest.raises(EngineError, match=rf"{CURRENT}: damaged; run `reindex --full`"):
        generations.current()
    (generations.root / CURRENT).write_bytes(sealed)
    assert sealed == b"20260101T000000-001 %08x\n" % zlib.crc32(b"20260101T000000-001")
    assert generations.current() == generations.root / NAMES[0]


@pytest.mark.parametrize(("later_ns", "is_announced"), [(-1, True), (0, True), (1, False)])
def test_a_commit_is_announced_by_what_names_the_generation(
    generations: Generations, later_ns: int, *, is_announced: bool
) -> None:
    (folder,) = folders(generations, NAMES[0])
    generations.use(folder)
    at = (generations.root / CURRENT).stat().st_mtime_ns
    for name, when in (("_MAIN_1.toc", at - 1), ("_MAIN_2.toc", at + later_ns), ("other", at + 9)):
        (folder / name).touch()
        os.utime(folder / name, ns=(when, when))
    assert generations.is_announced() is is_announced


def test_the_generation_in_use_comes_first_then_the_newest(generations: Generations) -> None:
    made = folders(generations, *NAMES)
    assert list(generations.newest_first()) == made[::-1]
    generations.use(made[1])
    assert list(generations.newest_first()) == [made[1], made[3], made[2], made[0]]
    (generations.root / CURRENT).write_bytes(b"damaged")
    assert list(generations.newest_first()) == made[::-1]
    (generations.root / CURRENT).unlink()
    unreadable(generations.root / CURRENT)
    assert list(generations.newest_first()) == made[::-1]


def steps_on_disk(work: Callable[[], object]) -> list[str]:
    """Return which functions of the system that move or secure files *work* calls."""
    found: list[str] = []

    def note(_frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call" and function.__name__ in {"fsync", "rename", "replace"}:
            found.append(function.__name__)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return found


def test_what_is_announced_is_on_disk_before_and_after_its_name(generations: Generations) -> None:
    with generations.draft() as draft:
        pass
    assert steps_on_disk(lambda: generations.finish(draft)) == ["rename", "fsync"]
    (finished,) = generations.root.iterdir()
    assert steps_on_disk(lambda: generations.use(finished)) == ["fsync", "replace", "fsync"]


# --- the engine on it ---


def test_the_live_engine_answers_as_the_engine_of_its_generation(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer
) -> None:
    for name in "ab":
        save(name, title=f"Virsraksts {name}")
    folder = made(generations, store, analyzer)
    generations.use(folder)
    live, engine = LiveEngine(generations.root, analyzer), WhooshEngine(folder, analyzer)
    ids = [hit.id for hit in engine.search(EVERYTHING).hits]
    assert [hit.id for hit in live.search(EVERYTHING).hits] == ids
    assert live.count(EVERYTHING) == len(ids) == 2
    assert live.info() == engine.info()
    assert live.explain(EVERYTHING, ids) == engine.explain(EVERYTHING, ids)
    assert live.similar(ids[0], limit=1) == engine.similar(ids[0], limit=1)
    assert isinstance(live.suggester(), Suggester)
    assert isinstance(live.completer(), Completer)


def test_a_generation_that_could_not_be_opened_is_not_tried_at_each_request(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    generations.use(made(generations, store, analyzer))
    at = [0.0]
    engine = LiveEngine(generations.root, clock=lambda: at[0])
    engine.info()
    good = (generations.root / CURRENT).read_bytes()
    opened = engine.info().generation
    generations.use(generations.root / "20990101T000000-001")  # which is not there
    assert engine.info().generation == opened
    stamp = (generations.root / CURRENT).stat()
    with (generations.root / CURRENT).open("r+b") as file:  # mended in place, so that nothing else tells it
        file.write(good)
        file.truncate()
    os.utime(generations.root / CURRENT, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    for at[0] in (RETRY_S - 1, RETRY_S, RETRY_S + 1):
        assert engine.info().generation == opened


def test_who_has_an_index_does_not_wait_while_another_opens_the_new_one(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    generations.use(made(generations, store, analyzer))
    engine = LiveEngine(generations.root)
    assert engine.search(EVERYTHING).total == 1
    save("b")
    folder = made(generations, store, analyzer)
    totals: list[int] = []

    def ask_meanwhile(event: str, details: tuple[object, ...]) -> None:
        if event == "open" and str(details[0]).startswith(str(folder)) and not totals:
            totals.append(0)
            other = threading.Thread(target=lambda: totals.append(engine.search(EVERYTHING).total))
            other.start()
            other.join(20)

    sys.addaudithook(ask_meanwhile)  # there is no way to remove it, but it does nothing more
    generations.use(folder)
    assert engine.search(EVERYTHING).total == 2
    assert totals == [0, 1]


def turned(path: Path) -> None:
    """Turn a bit of what is read only when it is asked for; the directory follows it."""
    content = bytearray(path.read_bytes())
    content[len(content) // 4] ^= 1
    path.write_bytes(content)


def test_damage_in_use_is_told_once_and_known_until_it_is_mended(
    generations: Generations,
    store: Store,
    save: Save,
    analyzer: Analyzer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    save("a")
    folder = made(generations, store, analyzer)
    generations.use(folder)
    engine = LiveEngine(generations.root, analyzer)
    engine.verify()
    assert (engine.info().damage, caplog.messages) == ("", [])
    (path,) = folder.glob("*.docs")
    turned(path)
    for _ in range(2):
        engine.verify()
        assert "run `reindex --full`" in engine.info().damage
    assert caplog.messages == [f"damaged while in use: {engine.info().damage}"]
    turned(path)
    engine.verify()
    assert (engine.info().damage, len(caplog.messages)) == ("", 1)


def test_files_that_a_swap_removes_during_a_verification_are_no_damage(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer, caplog: pytest.LogCaptureFixture
) -> None:
    save("a")
    old = made(generations, store, analyzer)
    generations.use(old)
    engine = LiveEngine(generations.root, analyzer)
    assert engine.count(EVERYTHING) == 1
    save("b")
    newer = [made(generations, store, analyzer)]

    def swap(event: str, details: tuple[object, ...]) -> None:
        if event == "open" and str(details[0]).startswith(str(old)) and newer:
            generations.use(newer.pop())
            generations.prune(keep=0)
            engine.count(EVERYTHING)

    sys.addaudithook(swap)  # there is no way to remove it, but it does nothing more
    engine.verify()
    assert newer == []
    assert (engine.count(EVERYTHING), engine.info().damage, caplog.messages) == (2, "", [])


def test_a_damaged_index_is_not_opened(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer, caplog: pytest.LogCaptureFixture
) -> None:
    save("a")
    folder = made(generations, store, analyzer)
    generations.use(folder)
    engine = LiveEngine(generations.root, analyzer)
    assert engine.count(EVERYTHING) == 1
    save("b")
    newer = made(generations, store, analyzer)
    (path,) = newer.glob("*.posts")
    turned(path)
    generations.use(newer)
    with pytest.raises(DamagedIndexError, match="run `reindex --full`"):
        LiveEngine(generations.root, analyzer).count(EVERYTHING)
    assert caplog.messages == []
    assert engine.count(EVERYTHING) == engine.count(EVERYTHING) == 1
    (line,) = caplog.messages
    assert line.startswith("continues with the old index: ")
    assert str(newer) in line


def test_only_what_a_commit_brought_is_read_through_again(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    folder = made(generations, store, analyzer)
    generations.use(folder)
    engine = LiveEngine(generations.root, analyzer)
    assert engine.count(EVERYTHING) == 1
    for path in folder.glob("*.docs"):
        turned(path)  # whoever reads it again, notices
    since = store.last_number()
    save("b")
    update(folder, store, analyzer, since=since)
    generations.use(folder)
    assert engine.count(EVERYTHING) == 2
    with pytest.raises(DamagedIndexError):
        LiveEngine(generations.root, analyzer).count(EVERYTHING)


@pytest.mark.parametrize("moved", ["time", "file"])
def test_a_commit_is_seen_by_the_time_or_by_the_file_that_announces_it(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer, moved: str
) -> None:
    save("a")
    generations.use(made(generations, store, analyzer))
    current = generations.root / CURRENT
    engine = LiveEngine(generations.root, analyzer)
    assert engine.count(EVERYTHING) == 1
    before = current.stat()
    save("b")
    newer = made(generations, store, analyzer)
    if moved == "time":
        name = newer.name.encode()
        current.write_bytes(name + b" %08x\n" % zlib.crc32(name))
        os.utime(current, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
        assert current.stat().st_ino == before.st_ino
    else:
        generations.use(newer)
        os.utime(current, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert current.stat().st_ino != before.st_ino
    assert engine.count(EVERYTHING) == 2


def test_those_that_come_first_together_open_the_index_once(
    generations: Generations, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    folder = made(generations, store, analyzer)
    generations.use(folder)
    engine = LiveEngine(generations.root, analyzer)
    others: list[threading.Thread] = []
    opened: list[str] = []

    def come_meanwhile(event: str, details: tuple[object, ...]) -> None:
        if event == "open" and str(details[0]).startswith(str(folder)) and str(details[0]).endswith(".docs"):
            opened.append(str(details[0]))
            if not others:
                others.append(threading.Thread(target=engine.count, args=(EVERYTHING,)))
                others[0].start()
                others[0].join(0.2)  # it waits for this one

    sys.addaudithook(come_meanwhile)  # there is no way to remove it, but it does nothing more
    assert engine.count(EVERYTHING) == 1
    others[0].join()
    assert len(opened) == len(set(opened))


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: niceness of one thread")
def test_who_verifies_in_the_background_has_the_lowest_priority(tmp_path: Path) -> None:
    priorities: list[int] = []

    class Once(threading.Event):
        """Lets one verification pass."""

        def wait(self, timeout: float | None = None) -> bool:
            priorities.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            assert timeout == 7
            return len(priorities) > 1

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=LiveEngine(tmp_path).keep_verified, args=(7, Once()))
    thread.start()
    thread.join()
    assert priorities == [19, 19]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
