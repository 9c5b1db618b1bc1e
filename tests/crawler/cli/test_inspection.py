"""`crawl check` and `crawl stats`; also the tests of `crawler.check`."""

import json
import sys
from pathlib import Path

import pytest

from crawler.store import Store
from tests.support.children import run_bounded
from tests.support.crawl_command import (
    crawl,
    report_of,
)

pytestmark = pytest.mark.sweep


def test_check_and_stats_of_a_sound_store(config: Path) -> None:
    report_of(config, "--site", "vugd")
    checked = json.loads(crawl(config, "check", "--site", "vugd", "--json").stdout)
    assert all(finding["is_well"] for finding in checked)
    [stats] = json.loads(crawl(config, "stats", "--site", "vugd", "--json").stdout)
    assert (stats["present"], stats["left"]) == (6, 0)


def test_settings_file_may_be_named_before_the_subcommand(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere.toml"
    command = [sys.executable, "-c", "from crawler.crawl import main; main()", "--config", missing, "stats"]
    done = run_bounded(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "nowhere.toml" in "".join(done.stderr.split())) == (2, True)


def test_damaged_file_is_reported(config: Path) -> None:
    report_of(config, "--site", "vugd")
    path = config.parent / "data" / "releases.sqlite3"
    whole = bytearray(path.read_bytes())
    whole[8192:20480] = bytes(12288)
    path.write_bytes(whole)
    done = crawl(config, "check", "--offline")
    assert done.returncode in (1, 4)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("damage", "arguments", "code", "message"),
    [
        (
            "UPDATE release SET record = replace(record, ' ', ' q') WHERE number = 3",
            ("check", "--offline"),
            1,
            "1 are damaged",
        ),
        (
            "UPDATE release SET changed = '20r6-01-01' WHERE number = 3",
            ("check", "--offline"),
            1,
            "1 are damaged",
        ),
        ("UPDATE page SET body = x'00'", ("reextract",), 4, "is damaged; restore"),
    ],
)
def test_damaged_row_in_a_sound_file_is_reported(
    config: Path, damage: str, arguments: tuple[str, ...], code: int, message: str
) -> None:
    report_of(config, "--site", "vugd")
    with Store(config.parent / "data" / "releases.sqlite3") as store:
        store.execute(damage)
    done = crawl(config, *arguments)
    assert (done.returncode, message in done.stdout + done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr
