"""A throttle under a clock that jumps instead of waiting."""

from datetime import UTC, datetime, timedelta

from crawler.config import Limits, Politeness
from crawler.downloader.throttle import Throttle

FAST = 1e9
"""Requests per second that never make a host wait."""
DEFAULT = Limits()
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that jumps when it is waited for."""

    def __init__(self) -> None:
        self.s = 1000.0
        self.waits: list[float] = []
        self.is_stopped = False

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.s += seconds
        return self.is_stopped

    def throttle(self, politeness: Politeness, limits: Limits = DEFAULT, **delays: float) -> Throttle:
        return Throttle(
            politeness,
            limits,
            delays=delays,
            wait=self.wait,
            clock=lambda: self.s,
            now=lambda: NOON + timedelta(seconds=self.s - 1000),
        )

    def starts(self, throttle: Throttle, *hosts: str, took_s: float = 0.0) -> list[float]:
        """Return when the turns of *hosts* began."""
        begun = []
        for host in hosts:
            with throttle.turn(host):
                begun.append(round(self.s - 1000, 3))
                self.s += took_s
        return begun
