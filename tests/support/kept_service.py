"""A keeper over `kept_program`, started as a service manager does."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import kept_program
from tests.support.awaiting import DEADLINE_S, wait_until
from tests.support.children import child, run_bounded

KEEP = "import sys; from preses_relizes.keeper import keep; sys.exit(keep(sys.argv[1:]))"
# As systemd does: the first passed descriptor is 3, and the variable names the process that gets it.
ACTIVATE = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@dataclass
class KeptService:
    """A keeper whose program answers with the text of a file."""

    folder: Path
    process: "subprocess.Popen[str]"

    def say(self, text: str) -> None:
        """Let programs that start from now on answer with *text*."""
        (self.folder / "text").write_text(text, encoding="utf-8")

    def connect(self) -> socket.socket:
        """Return a client that has connected."""
        port = int((self.folder / "address").read_text(encoding="utf-8"))
        return socket.create_connection(("127.0.0.1", port), DEADLINE_S)

    def answer(self) -> str:
        """Return what a new client is answered."""
        with self.connect() as client:
            return answer_of(client)

    def reload(self) -> str:
        """Reload as `systemctl reload` does; return what this prints, nothing if it succeeds."""
        command = [sys.executable, "-m", "preses_relizes.keeper", str(self.process.pid)]
        done = run_bounded(command, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == (done.stderr == "")
        return str(done.stderr)

    def wait_for_hangups(self, *texts: str) -> None:
        """Wait until the programs with *texts* have had SIGHUP."""
        file = self.folder / "hangups"
        wait_until(lambda: file.exists() and file.read_text().split() == [*texts])

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it by a signal; return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(DEADLINE_S)


def answer_of(client: socket.socket) -> str:
    """Return what *client* is answered."""
    client.sendall(b"\n")
    return b"".join(iter(lambda: client.recv(100), b"")).decode()


@contextmanager
def kept_service(
    folder: Path,
    text: str = "first",
    *,
    activated: socket.socket | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[KeptService]:
    """Run a keeper until the block ends; its program has begun to answer unless *text* has it fail."""
    (folder / "text").write_text(text, encoding="utf-8")
    program = [
        sys.executable,
        kept_program.__file__,
        *(folder / name for name in ("text", "address", "hangups")),
    ]
    command: Sequence[str | Path] = [sys.executable, "-c", KEEP, *program]
    passed = [activated.fileno()] if activated else []
    if activated:
        command = [sys.executable, "-c", ACTIVATE, str(passed[0]), *command[1:]]
    with child(
        command,
        pass_fds=passed,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **(environment or {})},
        stderr=subprocess.PIPE,
    ) as process:
        wait_until(lambda: (folder / "address").exists() or process.poll() is not None)
        yield KeptService(folder, process)
