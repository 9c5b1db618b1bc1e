"""Child processes that end with their test: one that hangs is killed, and its output fails the test."""

import os
import select
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from tests.support.awaiting import DEADLINE_S

LIVES_S = 600.0
"""The longest life of a command: the longest takes a minute on an idle machine."""
# A busy machine takes long to end threads.
STOPS_WITHIN_S = 60.0
Command = Sequence[str | Path] | Sequence[str]


@contextmanager
def child(command: Command, *, lives_s: float = LIVES_S, **options: Any) -> Iterator["subprocess.Popen[str]"]:
    """Run *command* with the *options* of Popen; it must end in the block, or by SIGTERM after it.

    It is killed after *lives_s* seconds, which ends all waiting for it; infinite for a server.
    """
    with (
        subprocess.Popen(command, text=True, **options) as process,
        killed_after(lives_s, process),
    ):
        try:
            yield process
        except BaseException as error:
            error.add_note(f"{command}: {_end(process)[1]}")
            raise
        stop(process)


@contextmanager
def killed_after(seconds: float, process: "subprocess.Popen[str]") -> Iterator[None]:
    """Kill *process* and fail the test if the block takes longer: reading and waiting end with it."""
    expired: list[bool] = []

    def kill() -> None:
        expired.append(True)
        process.kill()

    timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    except BaseException as error:
        if expired:
            error.add_note(f"{process.args}: killed after {seconds:.0f} s")
        raise
    finally:
        timer.cancel()
    if expired:
        pytest.fail(f"{process.args}: killed after {seconds:.0f} s")


def stop(process: "subprocess.Popen[str]") -> None:
    """End *process* by SIGTERM unless it has ended; fail the test if it has to be killed."""
    if process.poll() is None:
        is_killed, shown = _end(process)
        if is_killed:
            pytest.fail(f"{process.args}: not ended by SIGTERM within {STOPS_WITHIN_S:.0f} s: {shown}")


def _end(process: "subprocess.Popen[str]") -> tuple[bool, str]:
    """End *process* by SIGTERM; return whether it had to be killed, and what of its output was left."""
    process.terminate()
    process.send_signal(signal.SIGCONT)  # a stopped process ends only when it continues
    if process.stdin and process.stdin.closed:
        process.stdin = None  # else it would be flushed
    try:
        return False, str(process.communicate(timeout=STOPS_WITHIN_S))
    except subprocess.TimeoutExpired as error:
        has_ended = process.poll() is not None  # and another process holds its output
        process.kill()
        process.wait(STOPS_WITHIN_S)
        return not has_ended, str((error.stdout, error.stderr))


def first_line(process: "subprocess.Popen[str]") -> str:
    """Return the first line that *process* writes."""
    assert process.stdout is not None
    with killed_after(DEADLINE_S, process):
        return process.stdout.readline()


def run_bounded(command: Command, **options: Any) -> "subprocess.CompletedProcess[Any]":
    """Run *command* as `subprocess.run` does; fail the test with its output after `LIVES_S`."""
    try:
        return subprocess.run(command, timeout=LIVES_S, **options)  # noqa: PLW1510 - the caller says
    except subprocess.TimeoutExpired as error:
        pytest.fail(f"{command}: killed after {LIVES_S:.0f} s: {(error.stdout, error.stderr)}")


def open_pipe(path: Path) -> IO[str]:
    """Open the named pipe at *path* to read it as soon as something is in it; fail if nothing ever is.

    A plain `open` waits forever if the child ended before it opened the other end.
    """
    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not select.select([pipe], [], [], DEADLINE_S)[0]:
        os.close(pipe)
        pytest.fail(f"{path}: nothing written within {DEADLINE_S:.0f} s")
    os.set_blocking(pipe, True)
    return os.fdopen(pipe, encoding="utf-8")
