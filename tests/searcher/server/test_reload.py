"""`serve` exchanges its program while clients ask: it is reloaded, and started with an activated socket."""

import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
import requests

from tests.conftest import Walk
from tests.support.awaiting import DEADLINE_S, wait_until
from tests.support.children import child, run_bounded
from tests.support.kept_service import ACTIVATE
from tests.support.serving import PROGRAM, ask, programs_of, started, status

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.long_sweep,
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: abstract sockets, /proc"),
]

CLIENTS, RELOADS = 4, 3
SEARCH = "/api/v1/search?q=ministrija"


@pytest.fixture
def config(walked: Walk, tmp_path: Path) -> Path:
    """Return settings of our own over the data of all."""
    own = tmp_path / "config.toml"
    name_it("Nosaukums 0", walked.lean_config, own)
    return own


def name_it(name: str, settings: Path, own: Path) -> None:
    """Write *settings* to *own* with another name of the service."""
    lines = settings.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("service_name")]
    at = kept.index("[searcher]") + 1
    own.write_text("\n".join([*kept[:at], f'service_name = "{name}"', *kept[at:]]), encoding="utf-8")


def reload(process: "subprocess.Popen[str]") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "preses_relizes.keeper", str(process.pid)]
    return run_bounded(command, capture_output=True, text=True, check=False)


class Clients:
    """Clients that ask on, half of them on connections that they keep."""

    def __init__(self, address: str) -> None:
        self.answers: Counter[tuple[int, int]] = Counter()
        """The number of answers by status and hits."""
        self.lost: list[requests.RequestException] = []
        self._url, self._stopped = address + SEARCH, threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(at % 2 == 0,)) for at in range(CLIENTS)]

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _run(self, is_kept: bool) -> None:
        with requests.Session() as session:
            while not self._stopped.is_set():
                try:
                    answer = (session if is_kept else requests).get(self._url, timeout=DEADLINE_S)
                    self.answers[answer.status_code, answer.json()["total"]] += 1
                except requests.RequestException as error:
                    self.lost.append(error)


def test_no_request_is_lost_while_it_is_reloaded_with_other_settings(config: Path) -> None:
    with started(config, "--processes", "2") as (address, process):
        with Clients(address) as clients:
            wait_until(lambda: clients.answers.total() > CLIENTS)
            for number in range(1, RELOADS + 1):
                name_it(f"Nosaukums {number}", config, config)
                assert (reload(process).stderr, clients.lost) == ("", [])
            before = clients.answers.total()
            wait_until(lambda: clients.answers.total() > before + CLIENTS)
        page = requests.get(address, timeout=DEADLINE_S).text
        wait_until(lambda: len(programs_of(process)) == 1)  # the former ones have left
    assert clients.lost == []
    [(code, hits)] = clients.answers
    assert (code, hits > 0) == (200, True)
    assert f"Nosaukums {RELOADS}" in page
    assert "Nosaukums 0" not in page


def test_broken_settings_leave_the_former_ones_in_force(config: Path) -> None:
    with started(config, "--processes", "1") as (address, process):
        name_it("Nosaukums 1", config, config)
        config.write_text(config.read_text(encoding="utf-8").replace("service_name", "servise_name"))
        done = reload(process)
        assert (done.returncode, "not reloaded (exit status 2)" in done.stderr) == (1, True)
        assert "Nosaukums 0" in requests.get(address, timeout=DEADLINE_S).text


def test_a_changed_port_is_listened_on_and_the_former_one_is_not(config: Path) -> None:
    # The port is not given as an option.
    with socket.socket() as first, socket.socket() as second:
        for one in (first, second):
            one.bind(("127.0.0.1", 0))
        ports = [one.getsockname()[1] for one in (first, second)]
    text = config.read_text(encoding="utf-8")
    former, new = (text.replace("[searcher]", f"[searcher]\nport = {port}") for port in ports)
    config.write_text(former, encoding="utf-8")
    with child([PROGRAM, "--config", config, "--processes", "1"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"Serving on http://127.0.0.1:{ports[0]} (Ctrl-C stops)\n"
        config.write_text(new, encoding="utf-8")
        assert reload(process).stderr == ""
        assert requests.get(f"http://127.0.0.1:{ports[1]}{SEARCH}", timeout=DEADLINE_S).ok
        wait_until(lambda: len(programs_of(process)) == 1)
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://127.0.0.1:{ports[0]}{SEARCH}", timeout=DEADLINE_S)


def test_with_an_activated_socket_a_restart_loses_nobody(config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        command = [sys.executable, "-c", ACTIVATE, str(listening.fileno()), PROGRAM, "--config", config]
        with child(command, pass_fds=[listening.fileno()], stdout=subprocess.PIPE) as process:
            assert requests.get(address + SEARCH, timeout=DEADLINE_S).ok
            process.send_signal(signal.SIGTERM)
            with ask(address) as late:
                assert process.wait(DEADLINE_S) == 0
                with child(command, pass_fds=[listening.fileno()], stdout=subprocess.PIPE):
                    assert status(late) == b"HTTP/1.1 200 OK"
