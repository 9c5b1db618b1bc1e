import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from index.config import ConfigError
from searcher import create_app
from searcher.query_log import QueryLog
from tests.conftest import Walk
from tests.support.awaiting import wait_until
from tests.support.releases_command import run
from tests.support.searches import log_file, search
from tests.support.serving import serving


def test_searches_of_all_threads_are_written(tmp_path: Path) -> None:
    file = log_file(tmp_path / "queries")
    log = QueryLog(file)
    threads = [threading.Thread(target=lambda: [log.record(search("a")) for _ in range(100)]) for _ in "abc"]
    for thread in threads:
        thread.start()
    log.write()
    for thread in threads:
        thread.join()
    log.write()
    assert file.rows("SELECT sum(searches) FROM days") == [(300,)]


@pytest.mark.parametrize("change", [{"search": None}, {"status": 503}, {"status": 304}])
def test_only_answered_searches_count(tmp_path: Path, change: dict[str, object]) -> None:
    file = log_file(tmp_path / "queries")
    log = QueryLog(file)
    log.record(replace(search("a"), **change))  # type: ignore[arg-type]  # the values have the types of the fields
    log.write()
    assert file.rows("SELECT * FROM days") == []


def test_a_file_that_is_damaged_fails_no_search(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = log_file(tmp_path / "queries")
    log = QueryLog(file)
    file.path.write_bytes(b"x" * 10_000)
    log.record(search("a"))
    log.write()
    assert "queries: file is not a database; 1 searches are not counted" in caplog.text


def test_a_file_that_cannot_be_made_is_named_before_anything_is_served(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[searcher]\nquery_log = "nowhere/queries"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"query_log: .*nowhere/queries: No such file"):
        create_app(config)


def test_by_default_nothing_is_counted(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    assert "query_log" not in create_app(config).extensions


@pytest.mark.sweep
def test_all_processes_count_what_they_answer(walked: Walk, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    settings = walked.lean_config.read_text(encoding="utf-8")
    config.write_text(f'{settings}query_log = "queries.sqlite3"\n', encoding="utf-8")

    def report() -> dict[str, object]:
        told: dict[str, object] = json.loads(run("queries", "--json", "--config", str(config)).output)
        return told

    with serving(config, "--processes", "2") as address:
        for _ in range(6):
            requests.get(f"{address}/?q=valsts&language=lv", timeout=60).raise_for_status()
        requests.get(f"{address}/api/v1/search?q=qxzwqxzw", timeout=60).raise_for_status()
        wait_until(lambda: report()["searches"] == 7)
    told = report()
    assert (told["unmatched"], told["rare"], told["top"]) == (1, 2, [])
    assert told["filters"] == [["language=lv", 6]]


@pytest.mark.sweep
def test_a_service_that_ends_writes_what_it_counted(walked: Walk, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    settings = walked.lean_config.read_text(encoding="utf-8")
    config.write_text(f'{settings}query_log = "queries.sqlite3"\naccess_log = "log"\n', encoding="utf-8")
    with serving(config, "--processes", "1") as address:
        requests.get(f"{address}/?q=valsts", timeout=60).raise_for_status()
        # A search is counted when its answer has been sent, and logged after that.
        wait_until(lambda: "views.search" in (tmp_path / "log").read_text(encoding="utf-8"))
    told = json.loads(run("queries", "--json", "--config", str(config)).output)
    assert told["searches"] == 1
