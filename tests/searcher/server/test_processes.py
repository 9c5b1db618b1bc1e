"""The worker processes of `serve`."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from itertools import count, takewhile
from pathlib import Path

import pytest
import requests

from tests.conftest import Walk, run_command
from tests.support.awaiting import DEADLINE_S, wait_until
from tests.support.children import child, first_line, killed_after
from tests.support.halting_serve import end_at
from tests.support.serving import ask, programs_of, serving, started, status, workers_of

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.long_sweep,
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: reads child processes from /proc"),
]


WAITERS = 40
OK = b"HTTP/1.1 200 OK"


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
    with started(walked.lean_config, "--processes", processes) as (address, process), ExitStack() as opened:
        requests.get(f"{address}/healthz").raise_for_status()
        clients = [opened.enter_context(ask(address)) for _ in range(WAITERS)]
        process.send_signal(signal.SIGTERM)
        assert list(map(status, clients)) == [OK] * WAITERS
        assert process.wait(60) == 0


@pytest.mark.parametrize("moment", [1, 20, 45])
def test_requests_are_answered_though_the_end_comes_during_the_start(walked: Walk, moment: int) -> None:
    ended = end_at(moment, walked.lean_config, clients=WAITERS)
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.answers == [OK] * WAITERS


def test_requests_are_answered_at_any_sixth_line_of_the_start_at_which_the_end_comes(walked: Walk) -> None:
    # Each start takes seconds.
    ends = takewhile(
        lambda ended: ended.was_starting, (end_at(at, walked.lean_config, clients=3) for at in count(1, 6))
    )
    ended = [(end.code, end.stderr, end.answers) for end in ends]
    assert len(ended) > 6
    assert ended == [(0, "", [OK] * 3)] * len(ended)


def test_requests_are_answered_though_all_workers_have_died_before_the_end(walked: Walk) -> None:
    with started(walked.lean_config, "--processes", "2") as (address, process), ExitStack() as opened:
        requests.get(f"{address}/healthz").raise_for_status()
        [program] = programs_of(process)
        os.kill(program, signal.SIGSTOP)  # else it replaces them first
        for worker in workers_of(process):
            os.kill(worker, signal.SIGKILL)
        clients = [opened.enter_context(ask(address)) for _ in range(WAITERS)]
        process.send_signal(signal.SIGTERM)
        os.kill(program, signal.SIGCONT)
        assert list(map(status, clients)) == [OK] * WAITERS
        assert process.wait(60) == 0


def test_a_signal_to_the_whole_group_ends_it_as_one_to_the_parent(walked: Walk) -> None:
    with (
        started(walked.lean_config, "--processes", "2", own_group=True) as (address, process),
        ExitStack() as opened,
    ):
        requests.get(f"{address}/healthz").raise_for_status()
        clients = [opened.enter_context(ask(address)) for _ in range(WAITERS)]
        for _ in range(2):  # as `timeout` does
            os.killpg(process.pid, signal.SIGTERM)
        assert list(map(status, clients)) == [OK] * WAITERS
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


def test_a_signal_to_a_worker_alone_ends_nothing(walked: Walk) -> None:
    with started(walked.lean_config, "--processes", "2") as (address, process):
        requests.get(f"{address}/healthz").raise_for_status()
        workers = workers_of(process)
        os.kill(workers[0], signal.SIGTERM)
        for _ in range(WAITERS):
            with ask(address) as client:
                assert status(client) == OK
        assert workers_of(process) == workers


ENDLESS_WORK = """
import signal
from contextlib import suppress
from multiprocessing.connection import wait
from preses_relizes.shared.signals import Ending
from searcher.server.processes import supervise
def work(place):
    print("works", flush=True)
    wait([ending.fileno()])
    print("ending", flush=True)
    signal.pause()
with suppress(KeyboardInterrupt), Ending() as ending:
    supervise(1, work, ending)
"""


def test_a_second_ctrl_c_kills_the_workers() -> None:
    with child([sys.executable, "-c", ENDLESS_WORK], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for line in ("works\n", "ending\n"):
            assert first_line(process) == line
            process.send_signal(signal.SIGINT)
        with killed_after(DEADLINE_S, process):
            assert process.stdout.read() == ""  # no process holds the pipe
        assert process.wait(60) == 0


WORK_THAT_DIES_ONCE = """
import os, sys
from multiprocessing.connection import wait
from preses_relizes.shared.signals import Ending
from searcher.server.processes import supervise
def work(place):
    print("works", flush=True)
    wait([ending.fileno()])
    if not os.path.exists(sys.argv[1]):
        open(sys.argv[1], "w").close()
        os._exit(1)
    print("ends", flush=True)
with Ending() as ending:
    supervise(1, work, ending)
"""


def test_a_worker_that_dies_at_the_end_is_replaced_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORK_THAT_DIES_ONCE, str(tmp_path / "died")]
    with child(command, stdout=subprocess.PIPE) as process:
        assert first_line(process) == "works\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        with killed_after(DEADLINE_S, process):
            assert process.stdout.read() == "works\nends\n"


SIGNAL_IN_THE_HOOK_OF_A_FORK = """
import os, sys, time
from multiprocessing.connection import wait
from preses_relizes.shared.signals import Ending
from searcher.server.processes import supervise
numbers = [int(sys.argv[1])]
os.register_at_fork(after_in_parent=lambda: numbers and os.kill(os.getpid(), numbers.pop()))
with Ending() as ending:
    supervise(2, lambda place: wait([ending.fileno()]), ending)
print("ended", flush=True)
"""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_signal_during_a_fork_is_not_lost(ending: signal.Signals) -> None:
    command = [sys.executable, "-c", SIGNAL_IN_THE_HOOK_OF_A_FORK, str(int(ending))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
    assert (done.stdout, done.stderr) == ("ended\n", "")
