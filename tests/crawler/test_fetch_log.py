"""The log of a crawl, rotated while it is written."""

import fcntl
import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.fetch_log import FetchLog, event_line, fetch_line
from crawler.scheduler import FetchRecord
from crawler.scheduler.plan import FetchOutcome, FrontierUrl
from tests.support.children import child
from tests.support.crawl_command import command


def test_rotated_log_is_opened_again_on_sighup(tmp_path: Path) -> None:
    path, rotated = tmp_path / "crawl.jsonl", tmp_path / "crawl.jsonl.1"
    with FetchLog(path) as log:
        log.append(["1\n"])
        path.rename(rotated)
        log.append(["2\n"])
        os.kill(os.getpid(), signal.SIGHUP)
        log.append(["3\n", "4\n"])
    assert (rotated.read_text(), path.read_text()) == ("1\n2\n", "3\n4\n")


def test_sighup_has_its_usual_effect_after_the_crawl(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGHUP)
    with FetchLog(tmp_path / "crawl.jsonl"):
        assert signal.getsignal(signal.SIGHUP) is not before
    assert signal.getsignal(signal.SIGHUP) is before


def test_line_is_ascii_whatever_a_site_sends() -> None:
    line = event_line("visit", url="https://a.lv/ā\u2028\n")
    assert line.isascii()
    assert line.count("\n") == 1
    assert json.loads(line)["url"] == "https://a.lv/ā\u2028\n"


@pytest.mark.sweep
def test_crawl_goes_on_in_a_new_log_when_all_its_processes_get_sighup(sample_config: Path) -> None:
    log = sample_config.parent / "log"
    os.mkfifo(log)
    with child(command(sample_config, "--log", str(log)), start_new_session=True) as process:
        pipe = os.open(log, os.O_RDONLY)
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 4096)  # less than the crawl writes, so it waits for us
        os.read(pipe, 1)
        log.rename(log.with_name("log.1"))
        os.killpg(process.pid, signal.SIGHUP)
        with os.fdopen(pipe) as rotated:
            rotated.read()
        assert process.wait(120) == 0  # seconds; a few on an idle machine
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [event for event in events if event.get("reason") == "fault of the extractor"] == []
    assert {event["event"] for event in events} >= {"site"}


def test_a_line_says_what_was_fetched_and_how_it_ended() -> None:
    entry = FrontierUrl(
        url="https://iem.example/a",
        request_url="https://www.iem.example/a/",
        site="iem",
        kind="release",
        depth=1,
        hints=None,
        changed=0,
    )
    end = FetchOutcome(outcome="failed", reason="status-404")
    line = json.loads(fetch_line(FetchRecord(entry=entry, end=end, is_304=True)))
    at = datetime.fromisoformat(line.pop("time"))
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=10)
    assert line == {
        "event": "visit",
        "site": "iem",
        "kind": "release",
        "url": "https://www.iem.example/a/",
        "outcome": "failed",
        "reason": "status-404",
        "not_modified": True,
    }


def test_a_log_is_continued_and_written_at_once(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("0\n", encoding="ascii")
    with FetchLog(path) as log:
        log.append(["1\n"])
        assert path.read_text(encoding="ascii") == "0\n1\n"
    with pytest.raises(ValueError, match="closed file"):
        log.append(["2\n"])
