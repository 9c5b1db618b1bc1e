"""What a socket holds that no process has taken yet: connections to accept, bytes to read."""

import ctypes
import select
import socket
import struct
import sys
from contextlib import suppress

_SO_ATTACH_FILTER = 26
_TCP_FLAGS_AT, _SYN = 13, 0x02
# A filter of the Berkeley packet filter: instructions of code, jump if true, jump if false, operand.
_NO_SYN = (
    (0x30, 0, 0, _TCP_FLAGS_AT),  # load the byte
    (0x45, 0, 1, _SYN),  # any of these bits?
    (0x06, 0, 0, 0),  # drop the packet
    (0x06, 0, 0, 0xFFFFFFFF),  # keep all of it
)


def has_input(waiting: socket.socket) -> bool:
    """Return whether *waiting* has a connection to accept or bytes to read, or its client has closed it."""
    poll = select.poll()
    poll.register(waiting, select.POLLIN)
    return bool(poll.poll(0))


def hold_back(listening: socket.socket) -> bool:
    """Let nobody connect to *listening* any more; connections that are made wait to be accepted.

    Returns whether the system can do this.

    A client that tries gets no answer, and tries again a second later; by then a new service may listen.
    Closing the socket instead would reset the connections made since the last one was accepted. Only Linux
    can do this; elsewhere these are reset.
    """
    if sys.platform != "linux":
        return False
    filters = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in _NO_SYN))
    program = struct.pack("HP", len(_NO_SYN), ctypes.addressof(filters))
    with suppress(OSError):  # a sandbox may forbid it
        listening.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)
        return True
    return False
