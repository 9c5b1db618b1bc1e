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

from tests.support.children import child, first_line

PROGRAM = Path(sys.executable).parent / "serve"


def free_port() -> int:
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def started(config: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `serve` as its user does until the block ends; yield its address and process."""
    command = [PROGRAM, "--json", "--config", config, "--port", str(free_port()), *options]
    with child(command, lives_s=math.inf, stdout=subprocess.PIPE) as process:
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
