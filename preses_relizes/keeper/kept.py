"""A program's side of the channel to its keeper.

The program may be newer than the keeper, so what is said here must stay understood: see `program.py`.
"""

import json
import os
import socket
from collections.abc import Sequence

OPTION = "--kept-by"
"""The option of a program that names its descriptor of the channel."""
BYTES_MAX, SOCKETS_MAX = 1000, 64
LISTENING, READY, PULSE, LEAVE = b"listening", b"ready", b"pulse", b"leave"


class Kept:
    """The channel of this program to its keeper, at *descriptor*."""

    should_leave = False
    """Whether another program has taken over: this one accepts nobody more, and ends with its connections."""
    is_orphan = False
    """Whether the keeper has ended."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self._channel = socket.socket(fileno=descriptor)
        text, descriptors, *_ = socket.recv_fds(self._channel, BYTES_MAX, SOCKETS_MAX)
        terms = json.loads(text)
        self.sockets = [socket.socket(fileno=descriptor) for descriptor in descriptors]
        """The sockets that the keeper has."""
        self.is_activated = bool(terms["activated"])
        """Whether they are not ours to choose, nor to close: they outlive the service."""
        self.follows = bool(terms["follows"])
        """Whether another program answers until this one is ready."""

    def fileno(self) -> int:
        """Return the descriptor that is readable when the keeper says something."""
        return self._channel.fileno()

    def listen(self, sockets: Sequence[socket.socket]) -> None:
        """Report the sockets that this program answers."""
        socket.send_fds(self._channel, [LISTENING], [one.fileno() for one in sockets])

    def ready(self) -> None:
        """Report that whoever asks is answered at once."""
        self._channel.send(READY)

    def pulse(self) -> None:
        """Report that this program is alive."""
        self._channel.send(PULSE, socket.MSG_DONTWAIT)

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()

    def hear(self) -> None:
        """Take what the keeper says; wait for it."""
        message = self._channel.recv(BYTES_MAX)
        self.is_orphan = not message
        self.should_leave = self.should_leave or message == LEAVE
