import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests

from tests.conftest import Walk, run_command

PROGRAM = Path(sys.executable).parent / "serve"


def free_port() -> int:
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def serving(config: Path) -> Iterator[str]:
    """Run `serve` as its user does until the block ends; yield its address."""
    with subprocess.Popen(
        [PROGRAM, "--json", "--config", config, "--port", str(free_port())], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0


def test_a_running_server_takes_a_new_index_without_a_failed_request(walked: Walk) -> None:
    with serving(walked.config) as address, requests.Session() as session:
        first = session.get(f"{address}/healthz").json()["generation"]
        statuses, totals, stop = set(), set(), threading.Event()

        def ask() -> None:
            with requests.Session() as asking:
                while not stop.is_set():
                    answer = asking.get(f"{address}/api/v1/search", params={"q": "budžets"})
                    statuses.add(answer.status_code)
                    totals.add(answer.json()["total"])

        asking = [threading.Thread(target=ask) for _ in range(3)]
        for thread in asking:
            thread.start()
        run_command("reindex", "--config", str(walked.config), "--full")
        second = session.get(f"{address}/healthz").json()["generation"]
        stop.set()
        for thread in asking:
            thread.join()
        assert second != first
        assert (statuses, len(totals)) == ({200}, 1)


@pytest.mark.parametrize("option", [["--config", "nowhere.toml"]])
def test_a_missing_settings_file_is_one_line(option: list[str]) -> None:
    done = subprocess.run([PROGRAM, *option], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "serve: nowhere.toml: cannot be read: No such file or directory\n"


def test_a_taken_port_is_told(walked: Walk) -> None:
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = str(held.getsockname()[1])
        done = subprocess.run(
            [PROGRAM, "--config", walked.config, "--port", port], capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
