"""A child that hangs is killed, and fails its test in words that show what it wrote."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import children
from tests.support.children import child, open_pipe, run_bounded, stop

pytestmark = pytest.mark.sweep

MUTE = [sys.executable, "-c", "import sys; print('ready', flush=True); sys.stdin.read()"]
IGNORING = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
while True: signal.pause()
"""
PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}


def test_a_child_ends_with_its_block() -> None:
    with child(MUTE, **PIPES) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    assert process.returncode == -15


def test_a_child_that_lives_too_long_is_killed() -> None:
    def read_all() -> None:
        with child(MUTE, lives_s=1, **PIPES) as process:
            assert process.stdout is not None
            process.stdout.read()

    with pytest.raises(pytest.fail.Exception, match="killed after 1 s"):
        read_all()


def test_a_child_that_ignores_sigterm_fails_the_test_with_its_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "STOPS_WITHIN_S", 1)
    with subprocess.Popen([sys.executable, "-c", IGNORING], text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(pytest.fail.Exception, match="not ended by SIGTERM within 1 s"):
            stop(process)
    assert process.returncode == -9


def test_a_failing_block_shows_what_its_child_wrote() -> None:
    code = "import sys; print('cause', file=sys.stderr); print('ready', flush=True); sys.stdin.read()"

    def fail() -> None:
        with child([sys.executable, "-c", code], stderr=subprocess.PIPE, **PIPES) as process:
            assert process.stdout is not None
            process.stdout.readline()
            raise AssertionError

    with pytest.raises(AssertionError) as caught:
        fail()
    assert "cause" in caught.value.__notes__[0]


def test_a_command_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LIVES_S", 1)
    with pytest.raises(pytest.fail.Exception, match="killed after 1 s"):
        run_bounded([sys.executable, "-c", "import signal; signal.pause()"])


def test_a_pipe_that_nothing_is_written_to_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "DEADLINE_S", 0.1)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(pytest.fail.Exception, match="nothing written"):
        open_pipe(tmp_path / "pipe")
