"""How often each host is asked: delay, cap over all, Retry-After, quiet hours, circuit breaker."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.config import Limits, Politeness
from crawler.urls import canonical_host
from preses_relizes.calendar import RIGA

# A host whose circuit is open is left for at least this long.
CIRCUIT_OPEN_S = 3600.0
# No host may send us away for longer; the next run asks again anyway.
AWAY_MAX_S = 86_400.0


class ClosedError(Exception):
    """A host may not be asked now: ``reason`` is the slug, ``until`` when it may."""

    def __init__(self, reason: str, until: datetime | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.until = until


@dataclass(slots=True)
class _Host:
    delay_s: float
    turn: threading.Lock = field(default_factory=threading.Lock)
    began: float = float("-inf")
    took_s: float = 0.0
    held_until: float = float("-inf")

    @property
    def next_at(self) -> float:
        """When it may be asked again: who is slow to answer rests as long as they worked, up to the delay."""
        rest_s = max(self.delay_s, self.took_s + min(self.took_s, self.delay_s))
        return max(self.began + rest_s, self.held_until)


@dataclass(slots=True)
class _Way:
    """How it went on one way to a host: what fails on it closes it, and no other way to the same host."""

    failures: int = 0
    away_s: float = 0.0
    closed_until: float = float("-inf")
    closed_by: str = ""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Pace:
    """Gives each host its turns, one at a time. Safe to share between threads.

    A host has one delay, whoever asks it for what. Closed are the ways to it, each by its name: an origin
    (http and https of a host fail apart), an origin that another one redirects to, or the host as a whole.

    *clock* is monotonic seconds, *now* the time of day, *wait* sleeps and says whether to stop.
    """

    def __init__(
        self,
        politeness: Politeness,
        limits: Limits,
        *,
        delays: Mapping[str, float],
        wait: Callable[[float], bool],
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._politeness = politeness
        self._limits = limits
        self._delays = delays
        self._wait = wait
        self._clock = clock
        self._now = now
        self._hosts: dict[str, _Host] = {}
        self._ways: defaultdict[str, _Way] = defaultdict(_Way)
        self._next_of_all = 0.0
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, name: str, *ways: str) -> Iterator[None]:
        """Wait until the host *name* may be asked on these *ways*; the next turn counts from here.

        Raises:
            ClosedError: it may not be asked before long (``circuit-open``, ``retry-after``,
                ``quiet-hours``), or the crawl was told to stop (``stopped``).
        """
        host = self._host(name)
        with host.turn:
            self.check(name, *ways)
            self.pause(host.next_at - self._clock())
            self.pause(self._slot_of_all() - self._clock())
            self.check(name, *ways)
            host.began = self._clock()
            try:
                yield
            finally:
                host.took_s = self._clock() - host.began

    def check(self, *ways: str) -> None:
        """Raise ClosedError if one of *ways* may not be gone before long."""
        for way in map(self._way, ways):
            left = way.closed_until - self._clock()
            if left > 0:
                raise ClosedError(way.closed_by, self._now() + timedelta(seconds=left))
        until = quiet_until(self._now(), self._politeness)
        if until is not None:
            raise ClosedError("quiet-hours", until)

    def pause(self, seconds: float) -> None:
        """Wait for *seconds*, or raise ClosedError if the crawl is told to stop."""
        if self._wait(max(0.0, seconds)):
            raise ClosedError("stopped", None)

    def slow_down(self, name: str, delay_s: float) -> None:
        """Ask the host *name* no oftener than every *delay_s*, up to the cap of the settings."""
        host = self._host(name)
        host.delay_s = max(host.delay_s, min(delay_s, self._politeness.crawl_delay_max_s))

    def hold(self, name: str, seconds: float) -> None:
        """Do not ask the host *name* for *seconds*; its next turn waits so long."""
        host = self._host(name)
        host.held_until = max(host.held_until, self._clock() + seconds)

    def send_away(self, name: str, seconds: float, *, way: str = "") -> bool:
        """Do as the host *name* asks by Retry-After; False if that is left for later, being too long to wait.

        What it asked for before on this *way* (if none is given, on any) counts too, since it last answered.
        """
        went = self._way(way or name)
        went.away_s += seconds
        if went.away_s > self._limits.retry_after_max_s:
            self.close(way or name, "retry-after", seconds)
            return False
        self.hold(name, seconds)
        return True

    def close(self, way: str, reason: str, seconds: float) -> None:
        """Leave *way* for *seconds*: turns on it are refused instead of waited for."""
        closed = self._way(way)
        closed.closed_until = max(closed.closed_until, self._clock() + min(seconds, AWAY_MAX_S))
        closed.closed_by = reason

    def answered(self, *ways: str) -> None:
        """Note that all is well on *ways*."""
        for way in map(self._way, ways):
            way.failures, way.away_s = 0, 0.0

    def failed(self, way: str) -> bool:
        """Note a failure on *way* that may be the host's; whether that makes too many in a row."""
        went = self._way(way)
        went.failures += 1
        return went.failures >= self._limits.failures_in_a_row

    def _host(self, name: str) -> _Host:
        with self._lock:
            if name not in self._hosts:
                self._hosts[name] = _Host(delay_s=self._delay_s(name))
            return self._hosts[name]

    def _delay_s(self, name: str) -> float:
        host = canonical_host(f"https://{name}") or name
        return self._delays.get(host, self._politeness.delay_s)

    def _way(self, name: str) -> _Way:
        with self._lock:
            return self._ways[name]

    def _slot_of_all(self) -> float:
        with self._lock:
            slot = max(self._clock(), self._next_of_all)
            self._next_of_all = slot + 1 / self._politeness.requests_per_s
            return slot


def quiet_until(now: datetime, politeness: Politeness) -> datetime | None:
    """Return when the quiet hours end in which *now* lies, None outside of them."""
    begin, end = politeness.quiet_from, politeness.quiet_until
    if begin is None or end is None or begin == end:
        return None
    local = now.astimezone(RIGA)
    at = local.time()
    is_quiet = begin <= at < end if begin < end else at >= begin or at < end
    if not is_quiet:
        return None
    day = local.date() if at < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=RIGA).astimezone(UTC)


def retry_after_s(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, in either form; None where it makes no sense.

    >>> retry_after_s("120", datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:20]), AWAY_MAX_S)
    at = http_date(text)
    return None if at is None else min(max(0.0, (at - now).total_seconds()), AWAY_MAX_S)


def http_date(text: str) -> datetime | None:
    """Return the time that a header names, None where it names none."""
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
