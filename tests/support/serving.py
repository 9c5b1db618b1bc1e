"""Runs `serve` as a user does."""

import json
import math
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.awaiting import DEADLINE_S
from tests.support.children import child, first_line

PROGRAM = Path(sys.executable).parent / "serve"


def free_port() -> int:
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def ask(address: str, path: str = "/api/v1/search?q=ministrija") -> socket.socket:
    """Return a client that has sent a request for *path*, and read nothing."""
    place = urlsplit(address)
    client = socket.create_connection((place.hostname, place.port), DEADLINE_S)
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    return client


def status(client: socket.socket) -> bytes:
    """Return the status line that *client* receives; raise if its connection was reset."""
    return client.recv(4096).partition(b"\r\n")[0]


def children_of(process: int) -> list[int]:
    """Return the processes that *process* has started."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def programs_of(keeper: "subprocess.Popen[str]") -> list[int]:
    """Return the first process of each program that a `serve` keeps."""
    return children_of(keeper.pid)


def workers_of(keeper: "subprocess.Popen[str]") -> list[int]:
    """Return the processes that answer for a `serve`."""
    return [worker for program in programs_of(keeper) for worker in children_of(program)]


@contextmanager
def started(
    config: Path, *options: str, own_group: bool = False
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `serve` as its user does until the block ends; yield its address and process."""
    command = [PROGRAM, "--json", "--config", config, "--port", str(free_port()), *options]
    with child(command, lives_s=math.inf, stdout=subprocess.PIPE, start_new_session=own_group) as process:
        try:
            yield json.loads(first_line(process))["url"], process
        finally:
            process.kill()


@contextmanager
def serving(config: Path, *options: str) -> Iterator[str]:
    """Run `serve`, and end it as systemd does when the block ends; yield its address."""
    with started(config, *options) as (address, process):
        yield address
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0  # a busy machine takes long to end threads
