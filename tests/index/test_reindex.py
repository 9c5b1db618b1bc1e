"""Tests of the command as users run it, and so of `index/pipeline.py` and `index/reindex_report.py`."""

import os
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import FileLock

from crawler.store import Store
from index.engines.whoosh.generations import CURRENT
from index.engines.whoosh.live_engine import LiveEngine
from index.query import Everything, Query
from tests.index.conftest import SEEN, Save
from tests.support.awaiting import DEADLINE_S
from tests.support.children import child
from tests.support.reindexing import report, run

pytestmark = pytest.mark.sweep

COMMAND = (sys.executable, "-c", "from index.reindex import main; main()")
EVERYTHING = Query(text="", clause=Everything(), reading="")


def total(data: Path) -> int:
    return LiveEngine(data / "index").search(EVERYTHING).total


def test_only_changes_are_indexed(data: Path, save: Save, store: Store) -> None:
    for name in ("a", "b", "d", "e"):
        save(name)
    assert (report(data)["did"], total(data)) == ("rebuilt", 4)
    assert report(data)["did"] == "nothing"
    save("b", title="Labota")
    save("c")
    store.hide("https://iem.example/a", seen=SEEN)
    second = report(data)
    assert (second["did"], second["added"], second["removed"], second["changes"]) == ("updated", 2, 1, 3)
    assert total(data) == 4


def test_full_builds_a_new_generation_and_rollback_returns(data: Path, save: Save) -> None:
    save("a")
    first = report(data)["generation"]
    save("b")
    assert report(data, "--full")["generation"] != first
    assert total(data) == 2
    assert report(data, "--rollback")["generation"] == first
    assert total(data) == 1
    assert report(data)["did"] == "updated"


def test_a_changed_analysis_causes_a_rebuild(data: Path, save: Save, tmp_path: Path) -> None:
    save("a")
    report(data)
    for ending, text in ((".aff", "SET UTF-8\n"), (".dic", "1\nvārds\n")):
        (tmp_path / f"other{ending}").write_text(text, encoding="utf-8")
    with (tmp_path / "config.toml").open("a", encoding="utf-8") as config:
        config.write('[index]\ndictionary = "other.aff"\n')
    second = report(data)
    assert (second["did"], second["because"]) == ("rebuilt", "the analysis, the schema or the names changed")


def test_a_restored_store_causes_a_rebuild(data: Path, save: Save, store: Store) -> None:
    save("a")
    store.close()
    backup = (data / "releases.sqlite3").read_bytes()
    with Store(data / "releases.sqlite3") as later:
        later.hide("https://iem.example/a", seen=SEEN)
    report(data)
    for path in data.glob("releases.sqlite3*"):
        path.unlink()
    (data / "releases.sqlite3").write_bytes(backup)
    assert report(data)["because"] == "the store is older than the index"
    assert total(data) == 1


def test_a_second_reindex_at_the_same_time_is_refused(data: Path, save: Save) -> None:
    save("a")
    (data / "index").mkdir()
    with FileLock(data / "index" / "reindex.lock"):
        result = run(data)
    assert (result.returncode, "another reindex is running" in result.stderr) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("--full", "--check"), 2, "choose one of"),
        (("--config", "nowhere.toml"), 2, "nowhere.toml"),
        (("--rollback",), 4, "no earlier generation"),
        (("--check",), 1, "run `reindex`"),
        ((), 4, "run `crawl` first"),
    ],
)
def test_an_impossible_request_is_explained(
    data: Path, arguments: tuple[str, ...], status: int, message: str
) -> None:
    result = run(data, *arguments)
    assert (result.returncode, message in result.stderr) == (status, True), result.stderr


@pytest.mark.parametrize("pattern", ["*.posts", "*.docs", "*.hints", "_MAIN_*.toc", "_PAST_*.toc"])
def test_check_finds_damage_and_the_next_run_repairs_it(data: Path, save: Save, pattern: str) -> None:
    save("a", body="Viens divi trīs.")
    generation = report(data)["generation"]
    assert run(data, "--check").returncode == 0
    (damaged,) = (data / "index" / str(generation)).glob(pattern)
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(bytes(content))
    result = run(data, "--check")
    assert (result.returncode, "run `reindex --full`" in result.stderr) == (1, True), result.stderr
    report(data, "--full")
    assert (run(data, "--check").returncode, total(data)) == (0, 1)


def test_a_kill_at_any_time_leaves_the_old_or_the_new_index(data: Path, save: Save) -> None:
    for number in range(20):
        save(f"{number}", title=f"Ziņa {number}", body="Kādas ziņas teksts. " * 20)
    report(data)
    chance = random.Random(5)
    for number in range(8):
        save(f"new-{number}")
        with child(
            [*COMMAND, "--config", str(data.parent / "config.toml"), *(["--full"] if number % 2 else [])],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as running:
            with suppress(subprocess.TimeoutExpired):
                running.wait(chance.uniform(0.3, 1.2))
            running.kill()
            running.wait(DEADLINE_S)
        assert total(data) in range(20, 22 + number)
    report(data)
    assert total(data) == 28
    assert run(data, "--check").returncode == 0
    assert [path.name for path in (data / "index").glob("*.draft")] == []


@pytest.mark.parametrize("arguments", [(), ("--full",), ("--rollback",)])
def test_the_draft_of_a_killed_build_is_removed(data: Path, save: Save, arguments: tuple[str, ...]) -> None:
    save("a")
    report(data)
    report(data, "--full")
    (left := data / "index" / "20170101T000000-001.draft").mkdir()
    report(data, *arguments)
    assert not left.exists()


def test_a_commit_that_a_kill_hid_from_servers_is_announced(data: Path, save: Save) -> None:
    save("a")
    report(data)
    engine = LiveEngine(data / "index")
    assert engine.search(EVERYTHING).total == 1
    save("b")
    current = data / "index" / CURRENT
    before = current.stat()
    report(data)
    # As if a kill came between the commit and the swap.
    draft = current.with_name("before")
    draft.write_bytes(current.read_bytes())
    draft.replace(current)
    os.utime(current, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert report(data)["did"] == "nothing"
    assert current.stat().st_mtime_ns > before.st_mtime_ns


def test_sigterm_ends_the_build_and_leaves_the_index_as_it_was(data: Path, save: Save) -> None:
    for number in range(200):
        save(f"{number}", body=f"Teksts {number}. " * 200)
    command = [*COMMAND, "--config", str(data.parent / "config.toml")]
    with child(command, stderr=subprocess.PIPE) as running:
        assert running.stderr is not None
        assert any("Building" in line for line in iter(running.stderr.readline, ""))
        running.terminate()
        _, stderr = running.communicate(timeout=DEADLINE_S)
    assert (running.returncode, "the index is as it was" in stderr) == (130, True)
    assert not (data / "index" / CURRENT).exists()
