"""Takes requests to reload, and tells each its outcome; a signal cannot."""

import os
import socket
import struct
from collections.abc import Sequence
from contextlib import suppress

_DONE = b"done"
_MESSAGE_BYTES = 1000
_CREDENTIALS = struct.Struct("3i")  # process, user, group: `struct ucred`


class ReloadDesk:
    """Takes requests from root and from the user of this process, at an abstract socket: it needs no file."""

    def __init__(self) -> None:
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._door.setblocking(False)
        self.is_open = False
        """Whether it takes requests; a sandbox may forbid that, or another process have its name."""
        with suppress(OSError):
            self._door.bind(_address(os.getpid()))
            self._door.listen()
            self.is_open = True
        self._waiting: list[socket.socket] = []
        self._served: list[socket.socket] = []

    def fileno(self) -> int:
        """Return the descriptor that is readable when somebody asks."""
        return self._door.fileno()

    def has_request(self) -> bool:
        """Accept who has asked since the last call; return whether anybody waits for a reload to begin."""
        with suppress(OSError):  # none is left, or there is no door
            while True:
                client, _ = self._door.accept()
                if _user_of(client) in (0, os.geteuid()):
                    self._waiting.append(client)
                else:
                    client.close()
        return bool(self._waiting)

    def begin(self) -> None:
        """Note that a reload begins, whose outcome all get who have asked by now."""
        self._served += self._waiting
        self._waiting = []

    def report(self, failure: str = "") -> None:
        """Tell the outcome of the reload that has begun: why it failed, if it did."""
        for client in self._served:
            with client, suppress(OSError):  # it may not have waited
                client.send(failure.encode()[:_MESSAGE_BYTES] or _DONE)
        self._served = []

    def close(self) -> None:
        """Answer nobody any more."""
        for opened in (self._door, *self._waiting, *self._served):
            opened.close()


def ask_to_reload(process: int) -> str:
    """Have the `serve` that is *process* reload; return why this failed, or nothing when it has."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as desk:
        try:
            desk.connect(_address(process))
            answer = desk.recv(_MESSAGE_BYTES)
        except OSError as error:
            return f"process {process} takes no requests to reload: {error.strerror}"
    if answer == _DONE:
        return ""
    return answer.decode(errors="replace") or "it ended, or this user may not reload it"


def _address(process: int) -> str:
    return f"\0preses-relizes/serve/{process}"


def _user_of(client: socket.socket) -> int:
    credentials: Sequence[int] = _CREDENTIALS.unpack(
        client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    )
    return credentials[1]
