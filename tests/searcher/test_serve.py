import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.conftest import Walk, run_command
from tests.support.serving import PROGRAM, serving, started

pytestmark = pytest.mark.sweep

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: reads child processes from /proc")


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the processes that answer for *process*."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(child) for child in children.read_text().split()]


def sockets_of(process: int) -> int:
    """Return how many sockets a process has open."""
    return sum("socket:" in str(opened.readlink()) for opened in Path(f"/proc/{process}/fd").iterdir())


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


@linux
def test_processes_that_are_killed_are_replaced(walked: Walk) -> None:
    with started(walked.config, "--processes", "2") as (address, process):
        requests.get(f"{address}/healthz").raise_for_status()
        killed = workers_of(process)
        for worker in killed:
            os.kill(worker, signal.SIGKILL)
        assert requests.get(f"{address}/healthz", timeout=20).status_code == 200
        assert len(killed) == 2
        assert not {*killed} & {*workers_of(process)}


@linux
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_all_processes_end_with_the_one_that_was_started(walked: Walk, ending: signal.Signals) -> None:
    with started(walked.config, "--processes", "2") as (address, process):
        requests.get(f"{address}/healthz").raise_for_status()
        process.send_signal(ending)
        assert process.stdout is not None
        assert process.stdout.read() == ""  # the end of file comes when the last of them has ended
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{address}/healthz")


def test_all_processes_take_a_new_index(walked: Walk) -> None:
    with serving(walked.config, "--processes", "4") as address:
        run_command("reindex", "--config", str(walked.config), "--full")
        current = (walked.config.parent / "index" / "CURRENT").read_text().split()[0]
        generations = {requests.get(f"{address}/healthz").json()["generation"] for _ in range(40)}
    assert generations == {current}


@linux
def test_processes_share_connections_evenly(walked: Walk) -> None:
    with started(walked.config, "--processes", "2") as (address, process), ExitStack() as opened:
        for _ in range(40):
            session = opened.enter_context(requests.Session())
            session.get(f"{address}/healthz").raise_for_status()
        one, other = (sockets_of(worker) for worker in workers_of(process))
        assert abs(one - other) <= 2


def test_connections_that_say_nothing_keep_nobody_waiting(walked: Walk) -> None:
    with serving(walked.config, "--processes", "1") as address, ExitStack() as opened:
        place = urlsplit(address)
        for _ in range(150):
            silent = opened.enter_context(socket.create_connection((place.hostname, place.port)))
            silent.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert requests.get(f"{address}/api/v1/search?q=ministrija", timeout=5).status_code == 200


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
