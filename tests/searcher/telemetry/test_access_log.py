import json
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from index.config import ConfigError
from searcher import create_app
from searcher.telemetry.access_log import AccessLog
from searcher.telemetry.exchange import Exchange
from tests.conftest import Walk
from tests.support.awaiting import wait_until
from tests.support.searches import search
from tests.support.serving import started

KEYS = {"time", "id", "method", "path", "endpoint", "status", "bytes", "ms"}


def exchange(path: str = "/") -> Exchange:
    return Exchange(
        ended=datetime(2026, 3, 1, 9, tzinfo=UTC),
        request_id="r-1",
        method="GET",
        path=path,
        endpoint="views.search",
        status=200,
        bytes=10,
        seconds=0.0123,
    )


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_line_is_json_and_identifies_nobody(tmp_path: Path) -> None:
    AccessLog(tmp_path, "log").record(exchange())
    assert lines(tmp_path / "log") == [
        {
            "time": "2026-03-01T09:00:00.000+00:00",
            "id": "r-1",
            "method": "GET",
            "path": "/",
            "endpoint": "views.search",
            "status": 200,
            "bytes": 10,
            "ms": 12.3,
        }
    ]
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("path", ['/a"\n', "/\xc5\xbe", "/\xff", "/" + "x" * 10_000, "/\x00"])
def test_any_path_is_one_line(tmp_path: Path, path: str) -> None:
    AccessLog(tmp_path, "log").record(exchange(path))
    [line] = lines(tmp_path / "log")
    assert len(str(line["path"])) <= 300


def test_a_moved_file_is_left_on_request_and_no_line_is_lost(tmp_path: Path) -> None:
    log = AccessLog(tmp_path, "log")
    clients = [threading.Thread(target=lambda: [log.record(exchange()) for _ in range(200)]) for _ in "abcd"]
    for client in clients:
        client.start()
    (tmp_path / "log").rename(tmp_path / "log.1")
    log.reopen()
    for client in clients:
        client.join()
    log.record(exchange("/last"))
    assert len(lines(tmp_path / "log.1")) + len(lines(tmp_path / "log")) == 801
    assert lines(tmp_path / "log")[-1]["path"] == "/last"


def test_a_full_disk_fails_no_request() -> None:
    AccessLog(Path("/dev"), "full").record(exchange())


def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[searcher]\naccess_log = "nowhere/log"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"searcher\.access_log = 'nowhere/log': No such file"):
        create_app(config)


@pytest.mark.sweep
def test_all_processes_leave_the_moved_file_after_a_hangup(walked: Walk, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    settings = walked.lean_config.read_text(encoding="utf-8")
    config.write_text(f'{settings}access_log = "access.log"\n', encoding="utf-8")
    log = tmp_path / "access.log"
    moved = tmp_path / "access.log.1"
    ids = set()

    def ask(path: str) -> str:
        answer = requests.get(f"{address}{path}", timeout=60)
        ids.add(answer.headers["X-Request-ID"])
        return answer.headers["X-Request-ID"]

    with started(config, "--processes", "2") as (address, process):
        first = ask("/?q=valsts")
        # A line is written when its answer has been sent.
        wait_until(lambda: first in log.read_text(encoding="utf-8"))
        log.rename(moved)
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: bool(ask("/api/v1/search?q=valsts")) and log.exists())
        for _ in range(20):
            ask("/")
        refused = requests.get(address, headers={"X": "x" * 300_000}, timeout=60).headers["X-Request-ID"]
        wait_until(lambda: {*ids, refused} <= {str(line["id"]) for line in (*lines(moved), *lines(log))})
        written = [*lines(moved), *lines(log)]
        assert process.poll() is None
    assert next(line for line in written if line["id"] == first)["hits"]
    assert {line["endpoint"] for line in written} == {"views.search", "api.search", "server"}
    assert all(set(line) >= KEYS for line in written)
    assert "valsts" not in log.read_text(encoding="utf-8")


def test_a_path_is_cut_to_300_characters(tmp_path: Path) -> None:
    log = AccessLog(tmp_path, "log")
    for chars in (300, 301):
        log.record(exchange("/" + "x" * (chars - 1)))
    assert [len(str(line["path"])) for line in lines(tmp_path / "log")] == [300, 300]


def test_a_search_is_logged_by_its_hits_alone(tmp_path: Path) -> None:
    AccessLog(tmp_path, "log").record(search("noslēpums", total=12))
    (line,) = lines(tmp_path / "log")
    assert line["hits"] == 12
    assert {*line} == KEYS | {"hits"}
    assert "noslēpums" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_letters_of_a_path_are_readable(tmp_path: Path) -> None:
    AccessLog(tmp_path, "log").record(exchange("/žurka".encode().decode("latin-1")))
    assert '"path": "/žurka"' in (tmp_path / "log").read_text(encoding="utf-8")


def test_standard_output_is_no_file_to_reopen(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with capfd.disabled():
        assert AccessLog(tmp_path, "log").has_file is True
    log = AccessLog(tmp_path, "-")
    assert log.has_file is False
    log.reopen()
    assert not (tmp_path / "-").exists()


def test_a_folder_that_is_gone_leaves_the_old_file_in_use(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    log = AccessLog(folder, "log")
    folder.rename(tmp_path / "moved")
    log.reopen()
    log.record(exchange("/kept"))
    assert [line["path"] for line in lines(tmp_path / "moved" / "log")] == ["/kept"]


def test_a_file_that_was_left_is_closed(tmp_path: Path) -> None:
    log = AccessLog(tmp_path, "log")
    before = len([*Path("/proc/self/fd").iterdir()])
    for _ in range(3):
        log.reopen()
        log.record(exchange())
    assert len([*Path("/proc/self/fd").iterdir()]) == before


def test_standard_output_stays_open(capfd: pytest.CaptureFixture[str]) -> None:
    log = AccessLog(Path(), "-")
    for path in ("/a", "/b", "/c"):
        log.record(exchange(path))
        log.reopen()
    written = [json.loads(line)["path"] for line in capfd.readouterr().out.splitlines()]
    assert written == ["/a", "/b", "/c"]
