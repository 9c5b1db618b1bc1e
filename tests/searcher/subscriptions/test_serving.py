"""Several serving processes take forms at once, and one of them dies; or they may not write."""

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from searcher.subscriptions.database import FILE
from searcher.subscriptions.subscription_file import SubscriptionFile
from tests.support.post_office import DROSIBA, open_folder
from tests.support.read_only import read_only
from tests.support.serving import PROGRAM, free_port, started, workers_of
from tests.support.shelf import Shelf

pytestmark = pytest.mark.sweep

FORMS = 200


def send(address: str, number: int) -> int:
    """Send a form; return the status of the answer, 0 if there is none."""
    typed = {"about": DROSIBA, "address": f"a{number}@example.lv", "rhythm": "daily"}
    try:
        return requests.post(f"{address}/abonet", data=typed, timeout=60).status_code
    except requests.ConnectionError:
        return 0


def test_what_was_answered_is_kept_although_a_process_is_killed(shelf: Shelf, tmp_path: Path) -> None:
    own = open_folder(shelf, tmp_path / "office", 25, per_network=10_000)
    with started(own.config, "--processes", "2") as (address, process), ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(send, address, number) for number in range(FORMS)]
        assert sent[FORMS // 4].result() in (0, 200)
        os.kill(workers_of(process)[0], signal.SIGKILL)
        statuses = [one.result() for one in sent]
    [(kept,)] = SubscriptionFile(own.store.with_name(FILE)).rows("SELECT count(*) FROM subscription")
    assert statuses.count(200) <= kept <= FORMS
    assert statuses.count(200) > FORMS // 2
    assert {*statuses} <= {0, 200}


def test_on_a_read_only_folder_it_does_not_start_and_says_why(shelf: Shelf, tmp_path: Path) -> None:
    own = open_folder(shelf, tmp_path / "office", 25)
    try:
        subprocess.run(read_only(tmp_path, "true"), check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs permission to create a mount namespace")
    command = [str(PROGRAM), "--config", str(own.config), "--port", str(free_port())]
    done = subprocess.run(
        read_only(own.store.parent, *command), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 2
    assert "subscriptions.sqlite3: Read-only file system; its folder must be writable" in done.stderr
