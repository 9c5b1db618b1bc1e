"""What systemd passes to a service, and hears of it: see sd_listen_fds(3) and sd_notify(3)."""

import os
import socket
import time
from collections.abc import MutableMapping
from contextlib import suppress

_FIRST_DESCRIPTOR = 3


class ServiceManager:
    """The service manager that *environment* names, if any; removes its variables, not meant for children."""

    def __init__(self, environment: MutableMapping[str, str]) -> None:
        given = {
            name: environment.pop(name, "")
            for name in (
                *("LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"),
                *("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"),
            )
        }
        is_ours = given["LISTEN_PID"] == str(os.getpid())
        self.sockets = _take(int(given["LISTEN_FDS"] or 0)) if is_ours else []
        """The sockets that were opened for this process."""
        is_watched = given["WATCHDOG_PID"] in ("", str(os.getpid()))
        self.watchdog_s = int(given["WATCHDOG_USEC"] or 0) / 1e6 if is_watched else 0.0
        """The process is ended if it sends no pulse for so long; 0: it is not."""
        name = given["NOTIFY_SOCKET"]
        self._address = f"\0{name[1:]}" if name.startswith("@") else name

    def ready(self, status: str) -> None:
        """Report that the service answers, or that a reload is over."""
        self._tell("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """Report that a reload begins."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._tell("RELOADING=1", f"MONOTONIC_USEC={now}", "STATUS=starting the new program")

    def stopping(self) -> None:
        """Report that the service ends."""
        self._tell("STOPPING=1")

    def pulse(self) -> None:
        """Report that the service is alive."""
        self._tell("WATCHDOG=1")

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices, suppress(OSError):
            notices.sendto("\n".join(lines).encode(), self._address)


def _take(count: int) -> list[socket.socket]:
    """Return the sockets at the first *count* descriptors that were passed; children do not inherit them."""
    passed = range(_FIRST_DESCRIPTOR, _FIRST_DESCRIPTOR + count)
    for descriptor in passed:
        os.set_inheritable(descriptor, False)
    return [socket.socket(fileno=descriptor) for descriptor in passed]
