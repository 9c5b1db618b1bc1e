import multiprocessing
import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from searcher.query_log import QueryFileError
from searcher.query_log.log_file import DAY_QUERIES_MAX
from searcher.query_log.query_report import read_report
from tests.support.searches import FIRST, counts, log_file, search

SECRET = "slepens vaicājums"


def ask(path: Path, day: int, times: int = 1) -> None:
    log_file(path).add(counts(FIRST + timedelta(day), *[search(SECRET)] * times))


@pytest.mark.parametrize(
    ("days", "is_known"),
    [({0: 50}, False), ({0: 1, 1: 49}, False), ({0: 1, 1: 1, 2: 1}, False), ({0: 2, 1: 2, 2: 1}, True)],
)
def test_a_text_is_on_disk_only_after_several_days_and_searches(
    tmp_path: Path, days: dict[int, int], *, is_known: bool
) -> None:
    for day, times in days.items():
        ask(tmp_path / "queries", day, times)
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert (SECRET.encode() in on_disk) == is_known
    report = read_report(log_file(tmp_path / "queries"), at_most=10)
    assert [one.text for one in report.top] == ([SECRET] if is_known else [])
    assert (report.searches, report.rare) == (sum(days.values()), not is_known)


def test_other_users_cannot_read_it(tmp_path: Path) -> None:
    assert log_file(tmp_path / "queries").path.stat().st_mode & 0o777 == 0o640


def test_two_installations_have_different_digests(tmp_path: Path) -> None:
    digests = set()
    for name in "ab":
        ask(tmp_path / name, 0)
        digests.add(log_file(tmp_path / name).rows("SELECT digest FROM queries")[0][0])
    assert len(digests) == 2


def test_old_days_are_forgotten_with_their_texts(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries", days=2, searches=2, kept_d=30)
    for day in (0, 1, 40):
        file.add(counts(FIRST + timedelta(day), search(SECRET if day < 40 else "cits")))
    report = read_report(file, at_most=10)
    assert (report.first, report.searches, report.top) == ("2026-04-10", 1, ())
    assert SECRET.encode() not in file.path.read_bytes()


def test_a_text_that_is_no_longer_common_is_forgotten(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries", days=2, searches=2, kept_d=30)
    for day in (0, 1, 31, 32):
        file.add(counts(FIRST + timedelta(day), search(SECRET if day < 2 else "cits")))
    assert file.rows("SELECT text FROM texts") == [("cits",)]
    assert SECRET.encode() not in file.path.read_bytes()


def test_a_file_that_was_removed_is_made_again(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries")
    ask(file.path, 0)
    file.path.unlink()
    file.add(counts(FIRST, search("cits")))
    assert file.rows("SELECT searches FROM days") == [(1,)]
    assert file.path.stat().st_mode & 0o777 == 0o640


def test_a_flood_of_different_queries_fills_no_disk(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries")
    flood = [search(f"plūdi {number}") for number in range(DAY_QUERIES_MAX + 500)]
    for begin in range(0, len(flood), 500):
        file.add(counts(FIRST, *flood[begin : begin + 500]))
    size = file.path.stat().st_size
    file.add(counts(FIRST, *(search(f"jauni {number}") for number in range(500)), search("plūdi 0")))
    assert file.path.stat().st_size <= size + 4096
    assert file.rows("SELECT count(*), max(searches) FROM queries") == [(DAY_QUERIES_MAX, 2)]
    assert file.rows("SELECT searches FROM days") == [(DAY_QUERIES_MAX + 1_001,)]


def test_several_processes_add_to_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "queries"
    log_file(path)

    def serve() -> None:
        for _ in range(20):
            log_file(path).add(counts(FIRST, search("budžets"), search("pensija")))

    processes = [multiprocessing.get_context("fork").Process(target=serve) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert log_file(path).rows("SELECT searches FROM queries") == [(60,), (60,)]


def test_a_process_that_is_killed_leaves_whole_counts(tmp_path: Path) -> None:
    path = tmp_path / "queries"
    log_file(path)
    reading, writing = os.pipe()

    def serve() -> None:
        while True:
            log_file(path).add(counts(FIRST, *[search("budžets")] * 7))
            os.write(writing, b".")

    for _ in range(5):
        process = multiprocessing.get_context("fork").Process(target=serve)
        process.start()
        os.read(reading, 3)  # it is at work
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        [(searches,)] = log_file(path).rows("SELECT searches FROM days")
        assert int(searches) % 7 == 0
        assert log_file(path).rows("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("content", [b"no database at all, but long enough to look like one" * 100, None])
def test_a_file_that_is_no_query_log_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "queries"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(QueryFileError, match=str(path)):
        log_file(path)
