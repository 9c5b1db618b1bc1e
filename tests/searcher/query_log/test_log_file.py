import multiprocessing
import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from index.query import Filters
from searcher.config import SearcherConfig
from searcher.query_log import QueryFileError
from searcher.query_log.log_file import DAY_QUERIES_MAX, QueryLogFile, query_log_file
from searcher.query_log.query_counts import Thresholds
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


def test_the_last_places_of_a_day_are_not_exceeded_by_one_batch(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries")
    for begin in range(0, DAY_QUERIES_MAX, 500):
        file.add(counts(FIRST, *(search(f"plūdi {number}") for number in range(begin, begin + 499))))
    file.add(counts(FIRST, *(search(f"jauni {number}") for number in range(100))))
    assert file.count_queries() == DAY_QUERIES_MAX


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


def test_what_was_counted_is_reported(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries", days=2, searches=3)
    filters = Filters(languages=("lv",))
    file.add(counts(FIRST, search("bieži", seconds=0.1, filters=filters), search("bieži", seconds=0.3)))
    file.add(
        counts(
            FIRST + timedelta(1),
            search("bieži", seconds=0.2, has_match=False, filters=filters),
            search("reti", filters=Filters(languages=("ru",))),
        )
    )
    assert file.sums() == ("2026-03-01", "2026-03-02", 4, 1)
    [(text, searches, days, unmatched, mean_ms, slowest_ms)] = file.common_queries()
    assert (text, searches, days, unmatched) == ("bieži", 3, 2, 1)
    assert (mean_ms, slowest_ms) == (pytest.approx(200), pytest.approx(300))
    assert file.count_queries() == 2
    assert file.filters() == [("language=lv", 2), ("language=ru", 1)]


def test_equally_common_queries_are_in_the_order_of_their_letters(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries", days=1, searches=1)
    file.add(counts(FIRST, *map(search, ("b", "a", "c", "c"))))
    assert [row[0] for row in file.common_queries()] == ["c", "a", "b"]


def test_a_day_is_kept_for_as_long_as_configured(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries", days=1, searches=1, kept_d=10)
    for day in (0, 10):
        file.add(counts(FIRST + timedelta(day), search(f"diena {day}", filters=Filters(languages=("lv",)))))
    assert file.sums()[:1] == ("2026-03-01",)
    file.add(counts(FIRST + timedelta(11), search("beigas")))
    assert file.sums() == ("2026-03-11", "2026-03-12", 2, 0)
    assert file.rows("SELECT day FROM filters") == [("2026-03-11",)]
    assert sorted(file.rows("SELECT text FROM texts")) == [("beigas",), ("diena 10",)]


def test_a_query_that_is_known_counts_on_a_full_day(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries")
    for begin in range(0, DAY_QUERIES_MAX, 500):
        file.add(counts(FIRST, *(search(f"plūdi {number}") for number in range(begin, begin + 500))))
    assert (DAY_QUERIES_MAX, file.count_queries()) == (5_000, 5_000)
    file.add(counts(FIRST + timedelta(1), search("citā dienā")))
    assert file.count_queries() == 5_001


def test_an_empty_file_has_no_days(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries")
    assert file.sums() == (None, None, 0, 0)
    assert (file.common_queries(), file.filters(), file.count_queries()) == ([], [], 0)


def test_a_file_that_was_never_made_is_named(tmp_path: Path) -> None:
    path = tmp_path / "queries"
    with pytest.raises(QueryFileError) as caught:
        QueryLogFile(path, Thresholds(3, 5), kept_d=90).sums()
    assert str(caught.value) == f"{path}: no such file; `serve` makes it when it starts"


def test_the_settings_name_the_file_beside_them_and_its_thresholds(tmp_path: Path) -> None:
    settings = SearcherConfig.model_validate(
        {"query_log": "q", "queries_shown_after_d": 4, "queries_shown_after": 6, "queries_kept_d": 7}
    )
    file = query_log_file(tmp_path / "config.toml", settings)
    assert file is not None
    assert (file.path, file.thresholds) == (tmp_path / "q", Thresholds(4, 6))
    file.create()
    for day in (0, 7, 8):
        file.add(counts(FIRST + timedelta(day), search("a")))
    assert file.sums()[:3] == ("2026-03-08", "2026-03-09", 2)
    assert query_log_file(tmp_path / "config.toml", SearcherConfig()) is None
