"""The command as a user runs it, against the sample sites over real HTTP.

Also the tests of `crawler.run` and `crawler.scheduler.host_workers`.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from crawler.store import Store
from samples.server import Sites
from tests.conftest import Walk
from tests.support.children import child, open_pipe, run_bounded
from tests.support.crawl_command import (
    TWO_SITES,
    command,
    contents,
    crawl,
    last_number,
    report_of,
)
from tests.support.near_copies import near_copies

pytestmark = pytest.mark.sweep


@pytest.fixture
def config(sample_config: Path) -> Path:
    return sample_config


def test_second_crawl_of_unchanged_sites_rewrites_nothing(config: Path) -> None:
    first = report_of(config)
    number = last_number(config)
    done = crawl(config, "--json")
    report = json.loads(done.stdout)
    assert all(site["outcomes"]["new"] == 0 for site in report["sites"])
    assert report["not_modified_share"] >= 0.95
    assert (last_number(config), first["iem"]["new"] > 5) == (number, True)


def test_second_day_shows_what_is_new_edited_and_removed(config: Path, sample_sites: Sites) -> None:
    report_of(config)
    sample_sites.day = 2
    second = report_of(config)
    assert second["vugd"]["new"] == second["vugd"]["changed"] == 1
    assert second["mfa"]["missing"] == 1
    assert sum(len(entry[4]) for entry in contents(config).values()) == 2  # type: ignore[index]  # of a tuple


def crawl_and_kill(config: Path, after_visits: int) -> int:
    """Crawl, kill -9 after the given number of fetches, return the exit code."""
    log = config.parent / "log"
    if not log.exists():
        os.mkfifo(log)
    with (
        child(
            command(config, *TWO_SITES, "--log", str(log)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process,
        open_pipe(log) as lines,
    ):
        for number, _ in enumerate(lines, start=1):
            if number == after_visits:
                process.kill()
    return process.returncode


def events(config: Path) -> list[tuple[str, int, str]]:
    """Return the events by release: their order differs if pages are asked for in another."""
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        return sorted((event.release, event.version, event.kind) for event in store.events())


@pytest.mark.long_sweep
@pytest.mark.parametrize("seed", [7])
def test_killed_crawl_resumes_and_ends_like_an_undisturbed_one(
    config: Path, sample_sites: Sites, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    undisturbed = tmp_path_factory.mktemp("undisturbed") / "config.toml"
    undisturbed.write_text(config.read_text().replace(str(config.parent), str(undisturbed.parent)))
    for day in (1, 2):
        sample_sites.day = day  # type: ignore[assignment]  # mypy widens the literals of a loop
        assert crawl(undisturbed, *TWO_SITES).returncode == 0
        assert crawl_and_kill(config, chance.randint(1, 20)) == -signal.SIGKILL
        assert crawl_and_kill(config, chance.randint(1, 10)) == -signal.SIGKILL
        assert crawl(config, *TWO_SITES).returncode == 0
        assert contents(config) == contents(undisturbed)
        assert events(config) == events(undisturbed)


@pytest.mark.parametrize(
    ("number", "hosts_at_once"), [(signal.SIGINT, 8), (signal.SIGTERM, 8), (signal.SIGINT, 1)]
)
def test_interrupted_crawl_says_so_and_resumes(
    config: Path, number: signal.Signals, hosts_at_once: int
) -> None:
    politeness = "requests_per_s = 1000\n"
    settings = config.read_text().replace(politeness, f"{politeness}hosts_at_once = {hosts_at_once}\n")
    config.write_text(settings)
    log = config.parent / "log"
    os.mkfifo(log)
    with (
        child(
            command(config, "--log", str(log)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process,
        open_pipe(log) as lines,
    ):
        next(lines)
        process.send_signal(number)
        shown, _ = process.communicate(timeout=30)  # seconds; two on an idle machine
    assert (process.returncode, "not complete" in shown) == (130, True)
    assert crawl(config).returncode == 0


def test_crawl_ends_when_systemd_signals_all_its_processes(config: Path) -> None:
    log = config.parent / "log"
    os.mkfifo(log)
    with (
        child(command(config, "--log", str(log)), stderr=subprocess.PIPE, start_new_session=True) as process,
        open_pipe(log) as lines,
    ):
        next(lines)
        os.killpg(process.pid, signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in errors) == (130, False)
    assert crawl(config).returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_the_search_for_near_duplicates(config: Path, number: signal.Signals) -> None:
    report_of(config, "--site", "vugd")
    path = config.parent / "data" / "releases.sqlite3"
    with Store(path) as store:
        near_copies(store, 3000)
        known = store.rows("SELECT count(*) FROM band")[0][0]
    with (
        sqlite3.connect(path) as looking,
        child(command(config, "--site", "vugd"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
    ):
        while looking.execute("SELECT count(*) FROM band").fetchone()[0] <= known:
            assert process.poll() is None
        process.send_signal(number)
        shown, errors = process.communicate(timeout=10)
    looking.close()
    assert (process.returncode, "not complete" in shown, "Traceback" in errors) == (130, True, False)


def test_concurrent_crawl_is_refused(config: Path) -> None:
    (config.parent / "data").mkdir()
    with FileLock(config.parent / "data" / "crawl.lock"):
        done = crawl(config)
    assert (done.returncode, done.stderr) == (3, "crawl: another crawl is running on the same data\n")


@pytest.mark.parametrize(
    ("settings", "arguments", "message"),
    [
        ("", (), "no sites in the settings: name some in built_in_sites"),
        ("[crawler.politeness]\ndelay_s = 'x'", (), "crawler.politeness.delay_s = 'x': "),
        ("[crawler]\nspeed = 1", (), "crawler.speed: unknown key"),
        ("[[crawler.sites]]\nministry = 'A'\ntemplate = 't'\nstart = []", (), "crawler.sites.0.id: missing"),
        ("[crawler", (), "not a TOML file"),
    ],
)
def test_wrong_settings_are_one_clear_line(
    tmp_path: Path, settings: str, arguments: tuple[str, ...], message: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(settings)
    done = crawl(path, *arguments)
    assert (done.returncode, done.stderr.count("\n"), message in done.stderr) == (2, 1, True), done.stderr


def test_missing_settings_are_named(tmp_path: Path) -> None:
    done = crawl(tmp_path / "none.toml")
    reason = f"cannot be read: No such file or directory; `crawl init --folder {tmp_path}` writes a new one"
    assert done.stderr == f"crawl: {tmp_path / 'none.toml'}: {reason}\n"


def test_unknown_site_is_named_with_the_known_ones(config: Path) -> None:
    done = crawl(config, "--site", "nav")
    assert (done.returncode, done.stderr) == (
        2,
        "crawl: no site 'nav' in the settings; there are iem, em, vugd, mfa\n",
    )


def test_dry_run_stores_nothing(config: Path) -> None:
    assert report_of(config, "--dry-run", "--site", "vugd")["vugd"]["new"] > 0
    assert not (config.parent / "data" / "releases.sqlite3").exists()


def test_unreachable_site_is_named_and_fails(config: Path, sample_sites: Sites) -> None:
    config.write_text(config.read_text().replace(sample_sites["vugd"], "http://127.0.0.1:9"))
    done = crawl(config, "--site", "vugd")
    assert done.returncode == 1
    assert "vugd" in done.stdout
    assert "nothing stored for this site" in done.stdout


def test_log_has_json_lines_without_control_characters(config: Path) -> None:
    log = config.parent / "log.jsonl"
    report_of(config, "--site", "vugd", "--log", str(log))
    lines = log.read_bytes().splitlines()
    assert all(json.loads(line)["site"] == "vugd" for line in lines)
    assert not any(byte < 32 for line in lines for byte in line)


@pytest.mark.parametrize("size_kib", [40, 150])
def test_full_disk_is_reported_and_the_next_crawl_resumes(config: Path, size_kib: int) -> None:
    limited = ["sh", "-c", f'ulimit -f {size_kib * 2} && exec "$@"', "sh"]
    full = run_bounded(
        [*limited, *command(config, "--site", "vugd", "--site", "em")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert full.returncode == 4, full.stderr
    assert "releases.sqlite3: " in full.stderr
    assert "Traceback" not in full.stderr
    assert report_of(config, "--site", "vugd", "--site", "em").keys() == {"vugd", "em"}


def test_first_crawl_reports_each_site_by_itself(walked: Walk) -> None:
    report: Any = walked.crawled
    assert (report["run"], report["is_complete"], report["is_sound"], report["advice"]) == (1, True, True, "")
    for site in report["sites"]:
        assert site["stored"] == site["outcomes"]["new"] > 0
        assert site["requests"] > site["stored"]  # lists, and robots.txt
        assert (site["left"], site["not_modified"], site["objections"]) == (0, 0, [])
    assert sum(site["stored"] for site in report["sites"]) == walked.indexed["documents"]
    assert len({site["site"] for site in report["sites"]}) == len(report["sites"]) > 10
    assert report["hosts"]
