"""The worker processes of `serve`."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.conftest import Walk, run_command
from tests.support.serving import serving, started

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: reads child processes from /proc"),
]


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the worker processes of *process*."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(child) for child in children.read_text().split()]


def sockets_of(process: int) -> int:
    """Return the number of open sockets of a process."""
    return sum("socket:" in str(opened.readlink()) for opened in Path(f"/proc/{process}/fd").iterdir())


def test_killed_workers_are_replaced(walked: Walk) -> None:
    with started(walked.config, "--processes", "2") as (address, process):
        requests.get(f"{address}/healthz").raise_for_status()
        killed = workers_of(process)
        for worker in killed:
            os.kill(worker, signal.SIGKILL)
        assert requests.get(f"{address}/healthz", timeout=20).status_code == 200
        assert len(killed) == 2
        assert not {*killed} & {*workers_of(process)}


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_their_parent(walked: Walk, ending: signal.Signals) -> None:
    with started(walked.config, "--processes", "2") as (address, process):
        requests.get(f"{address}/healthz").raise_for_status()
        process.send_signal(ending)
        assert process.stdout is not None
        assert process.stdout.read() == ""  # the pipe closes when the last of them has ended
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{address}/healthz")


def test_all_workers_use_a_new_index(walked: Walk) -> None:
    with serving(walked.config, "--processes", "4") as address:
        run_command("reindex", "--config", str(walked.config), "--full")
        current = (walked.config.parent / "index" / "CURRENT").read_text().split()[0]
        generations = {requests.get(f"{address}/healthz").json()["generation"] for _ in range(40)}
    assert generations == {current}


def test_workers_share_connections_evenly(walked: Walk) -> None:
    with started(walked.config, "--processes", "2") as (address, process), ExitStack() as opened:
        for _ in range(40):
            session = opened.enter_context(requests.Session())
            session.get(f"{address}/healthz").raise_for_status()
        first, second = (sockets_of(worker) for worker in workers_of(process))
        assert abs(first - second) <= 2


SIGNAL_IN_THE_HOOK_OF_A_FORK = """
import os, signal, sys, time
from contextlib import suppress
from preses_relizes.signals import sigterm_as_ctrl_c
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
