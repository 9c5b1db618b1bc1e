"""`serve`, halted before each line that it executes from when its port is taken until it serves."""

import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from searcher import serve
from searcher.server import processes
from tests.support.serving import ask, free_port, status
from tests.support.warm_command import warm

_HALTED_IN = {serve.__file__, processes.__file__}
# Between two looks whether it has ended.
_PAUSE_S = 0.05


def main() -> None:
    """Run `serve`; at each line, connect to the socket that is named first, and wait until that is closed."""
    gate, is_bound = sys.argv.pop(1), False

    def note(event: str, _: object) -> None:
        nonlocal is_bound
        is_bound = is_bound or event == "socket.bind"

    def enter(frame: FrameType, _event: str, _: Any) -> Any:
        return halt if frame.f_code.co_filename in _HALTED_IN else None

    def halt(_frame: FrameType, event: str, _: Any) -> Any:
        if is_bound and event == "line":
            with socket.socket(socket.AF_UNIX) as halted:
                halted.connect(gate)
                halted.sendall(b"%d" % os.getpid())
                halted.recv(1)
        return halt

    sys.addaudithook(note)
    sys.settrace(enter)
    serve.main()


@dataclass(frozen=True)
class Ended:
    """A start that was ended."""

    was_starting: bool
    code: int
    stderr: str
    answers: list[bytes]
    """The status line of each."""


def end_at(moment: int, config: Path, *, clients: int) -> Ended:
    """End a start by SIGTERM when it halts for the *moment*-th time, or else when it has answered.

    When it halts first, *clients* connect and send a request.
    """
    with ExitStack() as opened:
        # Not in a nested folder of tests: the path of a socket has at most 107 bytes.
        folder = opened.enter_context(TemporaryDirectory(dir="/tmp"))
        gate = f"{folder}/gate"
        halting = opened.enter_context(socket.create_server(gate, family=socket.AF_UNIX))
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        pool = opened.enter_context(ThreadPoolExecutor(1))
        run = pool.submit(
            warm(__name__).run, gate, "--config", str(config), "--port", str(port), "--processes", "1"
        )
        waiting: list[socket.socket] = []
        parent = halts = 0
        was_starting = True
        while not run.done():
            awaited = [halting, *waiting[:1]] if halts < moment else [halting]
            for ready in wait(awaited, _PAUSE_S):
                if ready is not halting:
                    was_starting, halts = False, moment
                    os.kill(parent, signal.SIGTERM)
                    continue
                with halting.accept()[0] as halted:
                    process = int(halted.recv(20))
                    parent = parent or process
                    waiting = waiting or [opened.enter_context(ask(address)) for _ in range(clients)]
                    halts += 1
                    if halts == moment:
                        os.kill(parent, signal.SIGTERM)
        done = run.result()
        return Ended(was_starting, done.returncode, done.stderr, list(map(status, waiting)))
