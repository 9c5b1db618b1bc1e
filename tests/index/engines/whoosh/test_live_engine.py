import os
import sys
import threading
import zlib
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from crawler.store import Store
from index.analysis import Analyzer, default_analyzer
from index.engines.generation_in_use import RETRY_S
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.generations import CURRENT, Generations
from index.engines.whoosh.indexer import update
from index.engines.whoosh.live_engine import WATCH_EVERY_S, LiveEngine
from index.errors import DamagedIndexError, EngineError
from index.query import Everything, Query
from index.suggest import Completer, Suggester
from tests.index.conftest import Save
from tests.index.engines.whoosh.conftest import Publish
from tests.support.awaiting import wait_until

pytestmark = pytest.mark.sweep

EVERYTHING = Query(text="", clause=Everything(), reading="")


def test_without_an_index_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="run `reindex`"):
        LiveEngine(tmp_path).search(EVERYTHING)


def test_the_engine_switches_to_a_new_generation(engine: LiveEngine, publish: Publish) -> None:
    publish("a")
    assert engine.search(EVERYTHING).total == 1
    publish("b")
    assert engine.search(EVERYTHING).total == 2


def test_the_index_knows_when_it_was_put_into_use(
    engine: LiveEngine, publish: Publish, generations: Generations
) -> None:
    for name in "ab":
        publish(name)
        published = engine.info().published
        assert published is not None
        assert published.timestamp() == pytest.approx((generations.root / CURRENT).stat().st_mtime, abs=1e-3)


def test_the_engine_keeps_the_old_generation_if_the_new_one_cannot_be_opened(
    engine: LiveEngine, publish: Publish, generations: Generations
) -> None:
    publish("a")
    assert engine.search(EVERYTHING).total == 1
    (generations.root / CURRENT).write_text("nowhere\n")
    assert engine.search(EVERYTHING).total == 1


def test_a_generation_that_failed_to_open_is_retried_later(
    publish: Publish, generations: Generations, tmp_path: Path
) -> None:
    publish("a")
    at = [0.0]
    engine = LiveEngine(generations.root, clock=lambda: at[0])
    assert engine.search(EVERYTHING).total == 1
    folder = publish("b")
    folder.rename(tmp_path / "away")  # as if the disk failed for a moment
    assert engine.search(EVERYTHING).total == 1
    (tmp_path / "away").rename(folder)
    assert engine.search(EVERYTHING).total == 1
    at[0] += RETRY_S
    assert engine.search(EVERYTHING).total == 2


def test_the_engine_keeps_its_generation_if_current_cannot_be_read(
    engine: LiveEngine, publish: Publish, generations: Generations
) -> None:
    publish("one")
    assert engine.search(EVERYTHING).total == 1
    (generations.root / CURRENT).unlink()
    (generations.root / CURRENT).mkdir()  # as unreadable as a bad sector
    assert engine.search(EVERYTHING).total == 1
    with pytest.raises(EngineError, match=f"{CURRENT}: "):
        LiveEngine(generations.root).search(EVERYTHING)


def test_the_engine_reports_a_removed_index_and_recovers(
    engine: LiveEngine, publish: Publish, generations: Generations, save: Save, tmp_path: Path
) -> None:
    save("a", published=date(2020, 1, 1))
    publish()
    assert engine.search(EVERYTHING).total == 1
    generations.root.rename(tmp_path / "away")
    with pytest.raises(EngineError):
        engine.search(EVERYTHING)
    (tmp_path / "away").rename(generations.root)
    assert engine.search(EVERYTHING).total == 1


def test_no_request_fails_while_generations_change(
    engine: LiveEngine, publish: Publish, generations: Generations
) -> None:
    publish("a")
    totals: list[int] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            totals.append(engine.search(EVERYTHING).total)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for name in "bcdef":
        publish(name)
        generations.prune(keep=0)
    done.set()
    for thread in threads:
        thread.join()
    assert set(totals) <= {1, 2, 3, 4, 5, 6}
    assert engine.search(EVERYTHING).total == 6


def test_the_live_engine_answers_as_the_engine_of_its_generation(
    publish: Publish, generations: Generations, save: Save, analyzer: Analyzer
) -> None:
    for name in "ab":
        save(name, title=f"Virsraksts {name}")
    folder = publish()
    live, engine = LiveEngine(generations.root, analyzer), WhooshEngine(folder, analyzer)
    ids = [hit.id for hit in engine.search(EVERYTHING).hits]
    assert [hit.id for hit in live.search(EVERYTHING).hits] == ids
    assert live.count(EVERYTHING) == len(ids) == 2
    assert replace(live.info(), published=None) == engine.info()
    assert live.explain(EVERYTHING, ids) == engine.explain(EVERYTHING, ids)
    assert live.similar(ids[0], limit=1) == engine.similar(ids[0], limit=1)
    assert isinstance(live.suggester(), Suggester)
    assert isinstance(live.completer(), Completer)


def test_a_generation_that_failed_to_open_is_not_retried_at_each_request(
    publish: Publish, generations: Generations
) -> None:
    publish("a")
    at = [0.0]
    engine = LiveEngine(generations.root, clock=lambda: at[0])
    engine.info()
    good = (generations.root / CURRENT).read_bytes()
    opened = engine.info().generation
    generations.use(generations.root / "20990101T000000-001")  # missing
    assert engine.info().generation == opened
    stamp = (generations.root / CURRENT).stat()
    with (generations.root / CURRENT).open("r+b") as file:  # in place: no stamp will change
        file.write(good)
        file.truncate()
    os.utime(generations.root / CURRENT, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    for at[0] in (RETRY_S - 1, RETRY_S, RETRY_S + 1):
        assert engine.info().generation == opened


def test_searches_do_not_wait_while_a_new_index_opens(
    engine: LiveEngine, build_generation: Publish, publish: Publish, generations: Generations
) -> None:
    publish("a")
    assert engine.search(EVERYTHING).total == 1
    folder = build_generation("b")
    totals: list[int] = []

    def ask_meanwhile(event: str, details: tuple[object, ...]) -> None:
        if event == "open" and str(details[0]).startswith(str(folder)) and not totals:
            totals.append(0)
            other = threading.Thread(target=lambda: totals.append(engine.search(EVERYTHING).total))
            other.start()
            other.join(20)

    sys.addaudithook(ask_meanwhile)  # cannot be removed, but does nothing more
    generations.use(folder)
    assert engine.search(EVERYTHING).total == 2
    assert totals == [0, 1]


def flip_a_bit(path: Path) -> None:
    """Flip a bit in an array, which is read only when it is needed; the directory comes after it."""
    content = bytearray(path.read_bytes())
    content[len(content) // 4] ^= 1
    path.write_bytes(content)


def test_damage_is_logged_once_and_reported_until_repaired(
    engine: LiveEngine, publish: Publish, caplog: pytest.LogCaptureFixture
) -> None:
    folder = publish("a")
    engine.verify()
    assert (engine.info().damage, caplog.messages) == ("", [])
    (path,) = folder.glob("*.docs")
    flip_a_bit(path)
    for _ in range(2):
        engine.verify()
        assert "run `reindex --full`" in engine.info().damage
    assert caplog.messages == [f"damaged while in use: {engine.info().damage}"]
    flip_a_bit(path)
    engine.verify()
    assert (engine.info().damage, len(caplog.messages)) == ("", 1)


def test_files_removed_by_a_swap_during_verification_are_no_damage(
    engine: LiveEngine,
    build_generation: Publish,
    publish: Publish,
    generations: Generations,
    caplog: pytest.LogCaptureFixture,
) -> None:
    old = publish("a")
    assert engine.count(EVERYTHING) == 1
    newer = [build_generation("b")]

    def swap(event: str, details: tuple[object, ...]) -> None:
        if event == "open" and str(details[0]).startswith(str(old)) and newer:
            generations.use(newer.pop())
            generations.prune(keep=0)
            engine.count(EVERYTHING)

    sys.addaudithook(swap)  # cannot be removed, but does nothing more
    engine.verify()
    assert newer == []
    assert (engine.count(EVERYTHING), engine.info().damage, caplog.messages) == (2, "", [])


def test_a_damaged_index_is_not_opened(
    engine: LiveEngine,
    build_generation: Publish,
    publish: Publish,
    generations: Generations,
    caplog: pytest.LogCaptureFixture,
) -> None:
    publish("a")
    assert engine.count(EVERYTHING) == 1
    newer = build_generation("b")
    (path,) = newer.glob("*.posts")
    flip_a_bit(path)
    generations.use(newer)
    with pytest.raises(DamagedIndexError, match="run `reindex --full`"):
        LiveEngine(generations.root).count(EVERYTHING)
    assert caplog.messages == []
    assert engine.count(EVERYTHING) == engine.count(EVERYTHING) == 1
    (line,) = caplog.messages
    assert line.startswith("still serving the old index: ")
    assert str(newer) in line


def test_an_old_file_that_was_written_to_is_verified_with_the_next_commit(
    engine: LiveEngine, publish: Publish, generations: Generations, store: Store, save: Save
) -> None:
    folder = publish("a")
    assert engine.count(EVERYTHING) == 1
    for path in folder.glob("*.docs"):
        flip_a_bit(path)
    since = store.last_number()
    save("b")
    update(folder, store, default_analyzer(), since=since)
    generations.use(folder)
    assert engine.count(EVERYTHING) == 1


def test_only_the_new_files_of_a_commit_are_verified(
    engine: LiveEngine,
    publish: Publish,
    generations: Generations,
    store: Store,
    save: Save,
) -> None:
    folder = publish("a")
    assert engine.count(EVERYTHING) == 1
    for path in folder.glob("*.docs"):
        status = path.stat()
        flip_a_bit(path)  # reading it again would find the damage
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # as a disk does
    since = store.last_number()
    save("b")
    update(folder, store, default_analyzer(), since=since)
    generations.use(folder)
    assert engine.count(EVERYTHING) == 2
    with pytest.raises(DamagedIndexError):
        LiveEngine(generations.root).count(EVERYTHING)


@pytest.mark.parametrize("moved", ["time", "file"])
def test_a_swap_is_noticed_by_the_time_or_the_inode_of_current(
    engine: LiveEngine, build_generation: Publish, publish: Publish, generations: Generations, moved: str
) -> None:
    publish("a")
    current = generations.root / CURRENT
    assert engine.count(EVERYTHING) == 1
    before = current.stat()
    newer = build_generation("b")
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


def test_concurrent_first_searches_open_the_index_once(engine: LiveEngine, publish: Publish) -> None:
    folder = publish("a")
    others: list[threading.Thread] = []
    opened: list[str] = []

    def come_meanwhile(event: str, details: tuple[object, ...]) -> None:
        if event == "open" and str(details[0]).startswith(str(folder)) and str(details[0]).endswith(".docs"):
            opened.append(str(details[0]))
            if not others:
                others.append(threading.Thread(target=engine.count, args=(EVERYTHING,)))
                others[0].start()
                others[0].join(0.2)  # it waits for this one

    sys.addaudithook(come_meanwhile)  # cannot be removed, but does nothing more
    assert engine.count(EVERYTHING) == 1
    others[0].join()
    assert len(opened) == len(set(opened))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with named pipes")
def test_requests_to_a_server_do_not_wait_while_a_generation_is_opened(
    engine: LiveEngine, publish: Publish, build_generation: Publish, generations: Generations
) -> None:
    stopped = threading.Event()
    stopped.set()
    publish("a")
    assert engine.search(EVERYTHING).total == 1
    engine.keep_verified(60, stopped)
    folder, current, pipe = build_generation("b"), generations.root / CURRENT, generations.root / "pipe"
    os.mkfifo(pipe)
    pipe.replace(current)
    assert engine.search(EVERYTHING).total == 1  # opening the index waits for the other end of the pipe
    with current.open("w") as other_end:
        assert engine.search(EVERYTHING).total == 1
        generations.use(folder)
        other_end.write(current.read_text())
    wait_until(lambda: engine.search(EVERYTHING).total == 2)


@pytest.mark.parametrize(("every_s", "pause"), [(0.1, 0.1), (3600, WATCH_EVERY_S)])
def test_the_background_waits_for_the_next_verification_or_look_at_the_files(
    tmp_path: Path, every_s: float, pause: float
) -> None:
    pauses: list[float | None] = []

    class Once(threading.Event):
        """Lets one verification pass."""

        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout)
            return len(pauses) > 1

    LiveEngine(tmp_path).keep_verified(every_s, Once())
    assert pauses == [pause, pause]
