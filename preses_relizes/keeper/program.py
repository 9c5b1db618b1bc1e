"""A program that the keeper started, and what is said on the channel to it.

The keeper first sends its sockets, and says as JSON whether they were activated, and whether another program
answers until this one is ready. The program sends those that it answers with ``listening``, then ``ready``,
and ``pulse`` now and then; the keeper says ``leave``. A keeper starts programs that are newer than itself:
add words, but change none.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from preses_relizes.keeper.kept import BYTES_MAX, LEAVE, LISTENING, OPTION, PULSE, READY, SOCKETS_MAX


class Program:
    """*command*, started with *sockets*; *follows* says whether another program answers until it is ready."""

    is_ready = False
    """Whether it answers at once."""

    def __init__(
        self,
        command: Sequence[str],
        sockets: Sequence[socket.socket],
        *,
        activated: bool,
        follows: bool,
        environment: Mapping[str, str],
    ) -> None:
        self.sockets: list[socket.socket] = []
        """The sockets that it answers."""
        self.started = self.pulse = time.monotonic()
        """When it was started, and when it last said that it is alive."""
        self.missed_hangup = False
        """Whether SIGHUP came before it was ready; by default, it would end a program."""
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            # The command is that of this process.
            self._process = subprocess.Popen(  # noqa: S603
                [*command, OPTION, str(number)], pass_fds=[number], env=environment
            )
        terms = json.dumps({"activated": activated, "follows": follows}).encode()
        with suppress(OSError):  # it has ended already
            socket.send_fds(self._channel, [terms], [one.fileno() for one in sockets])
        self._channel.setblocking(False)

    def fileno(self) -> int:
        """Return the descriptor that is readable when the program says something."""
        return self._channel.fileno()

    def hear(self) -> None:
        """Take what the program has said since."""
        with suppress(OSError):  # it said no more
            while True:
                message, descriptors, *_ = socket.recv_fds(self._channel, BYTES_MAX, SOCKETS_MAX)
                if not message:
                    return
                if message == LISTENING:
                    self._replace_sockets(descriptors)
                if message in (READY, PULSE):
                    self.pulse = time.monotonic()
                self.is_ready = self.is_ready or message == READY

    def leave(self) -> None:
        """Have it accept nobody more, and end when its connections have."""
        with suppress(OSError):
            self._channel.send(LEAVE)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def exit_code(self) -> int | None:
        """Return its exit code, negative if a signal ended it; None if it runs."""
        return self._process.poll()

    def close(self) -> None:
        """Close the channel and the sockets."""
        self._channel.close()
        self._replace_sockets([])

    def _replace_sockets(self, descriptors: Sequence[int]) -> None:
        for one in self.sockets:
            one.close()
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
        self.sockets = [socket.socket(fileno=descriptor) for descriptor in descriptors]
