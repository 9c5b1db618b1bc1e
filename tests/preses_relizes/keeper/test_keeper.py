"""The keeper over a small program: what `serve` and systemd may ask of it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from preses_relizes.keeper.reload_desk import ReloadDesk
from tests.support.awaiting import DEADLINE_S, wait_until
from tests.support.children import child
from tests.support.kept_service import KEEP, answer_of, kept_service
from tests.support.serving import programs_of

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: abstract sockets, /proc"),
]


def read(notices: socket.socket) -> dict[str, str]:
    """Return the next notice of a service as a mapping."""
    notices.settimeout(DEADLINE_S)
    return dict(line.split("=", 1) for line in notices.recv(1000).decode().splitlines())


def test_a_reload_starts_the_program_anew_with_the_same_socket(tmp_path: Path) -> None:
    with kept_service(tmp_path) as service:
        assert service.answer() == "first"
        before = programs_of(service.process)
        service.say("second")
        assert service.reload() == ""
        assert service.answer() == "second"
        wait_until(lambda: len(programs_of(service.process)) == 1)
        assert programs_of(service.process) != before
        assert service.end() == 0


def test_a_signal_reloads_too(tmp_path: Path) -> None:
    with kept_service(tmp_path) as service:
        service.say("second")
        service.process.send_signal(signal.SIGUSR2)
        wait_until(lambda: service.answer() == "second")


def test_whoever_connected_before_a_reload_is_answered(tmp_path: Path) -> None:
    with kept_service(tmp_path) as service, service.connect() as first, service.connect() as waiting:
        # The first holds the program, so nobody has accepted the other.
        service.say("second")
        service.process.send_signal(signal.SIGUSR2)
        assert answer_of(waiting) == "second"
        assert answer_of(first) == "first"


def test_a_program_that_fails_leaves_the_former_one(tmp_path: Path) -> None:
    with kept_service(tmp_path) as service:
        service.say("exit 2")
        assert service.reload() == "serve: not reloaded (exit status 2); the log says why\n"
        assert service.answer() == "first"
        service.say("third")
        assert service.reload() == ""
        assert service.answer() == "third"
        service.end()
        assert service.process.stderr is not None
        log = service.process.stderr.read()
    assert "the reason\nserve: not reloaded (exit status 2); the former program goes on\n" in log


def test_a_first_program_that_fails_ends_the_service(tmp_path: Path) -> None:
    with kept_service(tmp_path, "exit 2") as service:
        assert service.process.wait(DEADLINE_S) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_its_program(tmp_path: Path, number: signal.Signals) -> None:
    with kept_service(tmp_path) as service:
        assert service.end(number) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_program_that_takes_no_signals_yet_is_interrupted(number: signal.Signals) -> None:
    begin = [sys.executable, "-c", KEEP, "sh", "-c", "echo begun; read line"]
    with child(begin, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(number)
        assert process.wait(DEADLINE_S) == 130


def test_programs_end_though_it_is_killed(tmp_path: Path) -> None:
    with kept_service(tmp_path) as service:
        [program] = programs_of(service.process)
        assert service.end(signal.SIGKILL) == -signal.SIGKILL
        wait_until(lambda: not Path(f"/proc/{program}/exe").exists())


def test_a_program_that_dies_is_started_anew_and_its_clients_wait(tmp_path: Path) -> None:
    with kept_service(tmp_path) as service:
        os.kill(programs_of(service.process)[0], signal.SIGKILL)
        service.say("second")
        assert service.answer() == "second"


def test_a_hangup_is_passed_on(tmp_path: Path) -> None:
    with kept_service(tmp_path) as service:
        assert service.answer() == "first"
        service.process.send_signal(signal.SIGHUP)
        service.wait_for_hangups("first")


def test_a_reload_of_a_process_that_is_none_fails(tmp_path: Path) -> None:
    with kept_service(tmp_path) as service:
        service.end()
        assert "takes no requests to reload: Connection refused" in service.reload()


def test_a_desk_whose_name_is_taken_is_closed_and_asks_for_no_attention() -> None:
    first, second = ReloadDesk(), ReloadDesk()
    assert (first.is_open, second.is_open) == (True, False)
    assert not second.has_request()
    second.close()
    first.close()


# --- As systemd starts it ---


def test_the_service_manager_hears_of_each_state(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        notices.bind(str(tmp_path / "notify"))
        told = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
        with kept_service(tmp_path, environment=told) as service:
            assert read(notices) == {"READY": "1", "STATUS": "answering"}
            service.reload()
            assert read(notices)["RELOADING"] == "1"
            assert read(notices)["READY"] == "1"
            service.say("exit 1")
            service.reload()
            assert read(notices)["RELOADING"] == "1"
            assert read(notices) == {"READY": "1", "STATUS": "not reloaded; the former program goes on"}
            service.end()
            assert read(notices) == {"STOPPING": "1"}


def test_the_watchdog_hears_a_pulse_while_the_program_lives(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        name = f"preses-relizes-test-{os.getpid()}"
        notices.bind(f"\0{name}")
        told = {"NOTIFY_SOCKET": f"@{name}", "WATCHDOG_USEC": "8000000"}
        with kept_service(tmp_path, environment=told):
            assert read(notices)["READY"] == "1"
            assert read(notices) == {"WATCHDOG": "1"}


def test_an_activated_socket_outlives_the_service(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with kept_service(tmp_path, activated=listening) as service:
            assert service.answer() == "first"
            service.say("second")
            service.reload()
            assert service.answer() == "second"
            service.end()
        with service.connect() as waiting, kept_service(tmp_path, "third", activated=listening):
            assert answer_of(waiting) == "third"
