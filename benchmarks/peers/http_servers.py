"""The servers of ``benchmarks.http --compare``: ours, gunicorn and granian, with two workers each."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.build import ROOT, family
from benchmarks.http_clients import ClientConnection

WORKERS = 2
# By default granian accepts 512 connections per worker; then half-sent requests block it.
CONNECTIONS_MAX = "20000"
OURS = {
    "ours": "from searcher.serve import main; main()",
    "ours with waitress's dispatcher": "from benchmarks.peers.http_app import serve_by_all; serve_by_all()",
}
"""Programs of our server: as it is, and with waitress's own dispatcher, all of whose threads answer."""
START_S, STOP_S = 60.0, 10.0


@dataclass(frozen=True, slots=True)
class Setup:
    """A server and its number of threads per worker; None: its default."""

    server: str
    threads: int | None

    def __str__(self) -> str:
        return f"{self.server}, {self.threads or 'default'}"

    def command(self, config: Path, port: int) -> Sequence[str]:
        """Return the command that starts it; for ours, *config* has the number of threads."""
        python = [sys.executable, "-m"]
        threads = str(self.threads)
        if self.server in OURS:
            options = ("--config", str(config), "--port", str(port), "--processes", str(WORKERS))
            return [sys.executable, "-c", OURS[self.server], *options]
        if self.server == "gunicorn":
            return [
                *(*python, "gunicorn", "-k", "gthread", "--preload", "-w", str(WORKERS)),
                *("-b", f"127.0.0.1:{port}", "--keep-alive", "60", "--log-level", "critical"),
                *(("--threads", threads) if self.threads else ()),
                *("-c", "python:benchmarks.peers.http_app", "benchmarks.peers.http_app:create()"),
            ]
        return [
            *(*python, "granian", "--interface", "wsgi", "--http", "1", "--workers", str(WORKERS)),
            *("--respawn-failed-workers", "--port", str(port), "--log-level", "critical"),
            *(("--blocking-threads", threads, "--backpressure", CONNECTIONS_MAX) if self.threads else ()),
            *("--factory", "benchmarks.peers.http_app:create_warm"),
        ]


# Ours has one answering thread and spare ones, by default three.
SETUPS = (
    *(Setup("ours", 1), Setup("gunicorn", 1), Setup("granian", 1)),
    *(Setup("ours", 4), Setup("gunicorn", 4), Setup("granian", 4)),
    *(Setup("granian", None), Setup("ours with waitress's dispatcher", 4)),
)
"""Each server with one thread, four, and its default: 4 for ours, 1 for gunicorn, 256 for granian."""
EQUAL = SETUPS[3:6]
"""The servers with four threads each."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    setup: Setup
    address: str
    process: subprocess.Popen[bytes]

    @property
    def target(self) -> tuple[str, int]:
        """Host and port, to connect to."""
        return "127.0.0.1", int(self.address.rpartition(":")[2])

    def worker_of(self, connection: ClientConnection) -> int | None:
        """Return the process that holds the other end of *connection*."""
        ends = [f":{connection.socket.getpeername()[1]:04X}", f":{connection.socket.getsockname()[1]:04X}"]
        sockets = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines())
        inode = next((row[9] for row in sockets if [row[1][-5:], row[2][-5:]] == ends), None)
        for worker in family(self.process.pid):
            for opened in Path(f"/proc/{worker}/fd").iterdir():
                with suppress(OSError):
                    if str(opened.readlink()) == f"socket:[{inode}]":
                        return worker
        return None


@contextmanager
def run_servers(setups: Sequence[Setup], config: Path) -> Iterator[dict[Setup, Server]]:
    """Run all of *setups* side by side until the block ends."""
    with ExitStack() as stack:
        yield {setup: stack.enter_context(_run_server(setup, config)) for setup in setups}


@contextmanager
def _run_server(setup: Setup, config: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if setup.server in OURS:
        config = config.with_name(f"threads-{setup.threads}.toml")
        config.write_text(f'data_dir = "."\n[searcher]\nthreads = {setup.threads}\n', encoding="utf-8")
    process = subprocess.Popen(
        setup.command(config, port),
        cwd=ROOT,
        env={**os.environ, "HTTP_CONFIG": str(config)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        server = Server(setup, f"http://127.0.0.1:{port}", process)
        _wait_until_up(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_until_up(server: Server) -> None:
    deadline = time.monotonic() + START_S
    while not _is_up(server):
        assert time.monotonic() < deadline, f"{server.setup} does not start"
        assert server.process.poll() is None, f"{server.setup} has ended"
        time.sleep(0.1)


def _is_up(server: Server) -> bool:
    with suppress(OSError):
        connection = ClientConnection(server.address)
        status, _ = connection.get("/healthz")
        connection.close()
        return status == 200
    return False
