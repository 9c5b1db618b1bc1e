"""The worker processes of `serve`."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.conftest import Walk, run_command
from tests.support.awaiting import DEADLINE_S, wait_until
from tests.support.children import killed_after
from tests.support.serving import serving, started

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: reads child processes from /proc"),
]


WAITERS = 40


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the worker processes of *process*."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(child) for child in children.read_text().split()]


def sockets_of(process: int) -> int:
    """Return the number of open sockets of a process."""
    return sum("socket:" in str(opened.readlink()) for opened in Path(f"/proc/{process}/fd").iterdir())


def test_killed_workers_are_replaced(walked: Walk) -> None:
    with started(walked.lean_config, "--processes", "2") as (address, process):
        requests.get(f"{address}/healthz").raise_for_status()
        killed = workers_of(process)
        for worker in killed:
            os.kill(worker, signal.SIGKILL)
        assert requests.get(f"{address}/healthz", timeout=20).status_code == 200
        assert len(killed) == 2
        assert not {*killed} & {*workers_of(process)}


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_their_parent(walked: Walk, ending: signal.Signals) -> None:
    with started(walked.lean_config, "--processes", "2") as (address, process):
        requests.get(f"{address}/healthz").raise_for_status()
        process.send_signal(ending)
        assert process.stdout is not None
        with killed_after(DEADLINE_S, process):
            assert process.stdout.read() == ""  # the pipe closes when the last of them has ended
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{address}/healthz")


@pytest.mark.parametrize("processes", ["1", "2"])
def test_an_answer_under_way_is_finished_before_serve_ends(walked: Walk, processes: str) -> None:
    with (
        started(walked.lean_config, "--processes", processes) as (address, process),
        closing(HTTPConnection(address.removeprefix("http://"))) as connection,
    ):
        connection.sock = socket.socket()
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # most waits for us
        connection.sock.connect((connection.host, connection.port))
        connection.request("GET", "/api/v1/search.ndjson?q=")
        answer = connection.getresponse()
        process.send_signal(signal.SIGTERM)
        hits = answer.read().splitlines()  # raises IncompleteRead if it is cut
        assert len(hits) > 100
        json.loads(hits[-1])
        assert process.wait(60) == 0


@pytest.mark.parametrize("processes", ["1", "2"])
def test_requests_sent_before_the_end_are_answered(walked: Walk, processes: str) -> None:
    request = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with started(walked.lean_config, "--processes", processes) as (address, process), ExitStack() as opened:
        requests.get(f"{address}/healthz").raise_for_status()
        place = urlsplit(address)
        clients = [
            opened.enter_context(socket.create_connection((place.hostname, place.port), timeout=60))
            for _ in range(WAITERS)
        ]
        for client in clients:
            client.sendall(request)
        process.send_signal(signal.SIGTERM)
        answers = [client.recv(4096) for client in clients]  # raises if the connection is reset
        assert [answer.partition(b"\r\n")[0] for answer in answers] == [b"HTTP/1.1 200 OK"] * WAITERS
        assert process.wait(60) == 0


def test_all_workers_use_a_new_index(walked: Walk) -> None:
    with serving(walked.lean_config, "--processes", "4") as address:
        run_command("reindex", "--config", str(walked.config), "--full")
        current = (walked.config.parent / "index" / "CURRENT").read_text().split()[0]

        def generations() -> set[str]:
            return {requests.get(f"{address}/healthz").json()["generation"] for _ in range(40)}

        wait_until(lambda: generations() == {current})  # requests go on while each process opens it


def test_workers_share_connections_evenly(walked: Walk) -> None:
    with started(walked.lean_config, "--processes", "2") as (address, process), ExitStack() as opened:
        for _ in range(40):
            session = opened.enter_context(requests.Session())
            session.get(f"{address}/healthz").raise_for_status()
        first, second = (sockets_of(worker) for worker in workers_of(process))
        assert abs(first - second) <= 2


SIGNAL_IN_THE_HOOK_OF_A_FORK = """
import os, signal, sys, time
from contextlib import suppress
from preses_relizes.shared.signals import sigterm_as_ctrl_c
from searcher.server.processes import supervise
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), int(sys.argv[1])))
with sigterm_as_ctrl_c(), suppress(KeyboardInterrupt):
    supervise(2, lambda place: time.sleep(60))
print("ended", flush=True)
"""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_signal_during_a_fork_is_not_lost(ending: signal.Signals) -> None:
    command = [sys.executable, "-c", SIGNAL_IN_THE_HOOK_OF_A_FORK, str(int(ending))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
    assert (done.stdout, done.stderr) == ("ended\n", "")
