"""Limits how often each host is contacted: delay, overall rate, Retry-After, quiet hours, circuit breaker."""

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
from preses_relizes.shared.calendar import RIGA

# An open circuit stays open for at least this long.
CIRCUIT_OPEN_S = 3600.0
# Longer waits are cut to this; the next run tries again anyway.
BACKOFF_MAX_S = 86_400.0


class ClosedError(Exception):
    """A host must not be contacted now: ``reason`` is a slug, ``until`` the time when it may be."""

    def __init__(self, reason: str, until: datetime | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.until = until


@dataclass(slots=True)
class _HostState:
    delay_s: float
    turn: threading.Lock = field(default_factory=threading.Lock)
    began: float = float("-inf")
    took_s: float = 0.0
    held_until: float = float("-inf")

    @property
    def next_at(self) -> float:
        """When the next request may begin: after the delay, or later if the last response was slow."""
        rest_s = max(self.delay_s, self.took_s + min(self.took_s, self.delay_s))
        return max(self.began + rest_s, self.held_until)


@dataclass(slots=True)
class _RouteState:
    """The failures and waits on one route; routes to the same host are closed independently."""

    failures: int = 0
    backoff_s: float = 0.0
    closed_until: float = float("-inf")
    closed_by: str = ""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Throttle:
    """Gives each host its turns, one at a time. Safe to share between threads.

    A host has one delay, whatever the route. Routes are closed by their keys: an origin (http and https of a
    host fail apart), an origin reached through a redirect, or the host as a whole.

    *delays* are seconds by canonical host; *clock* is monotonic seconds, *now* the time of day; *wait* sleeps
    and returns whether to stop.
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
        self._hosts: dict[str, _HostState] = {}
        self._routes: defaultdict[str, _RouteState] = defaultdict(_RouteState)
        self._next_slot = 0.0
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, name: str, *keys: str) -> Iterator[None]:
        """Wait for the turn of the host *name* on the route of these *keys*, and hold it.

        Raises:
            ClosedError: the route is closed (``circuit-open``, ``retry-after``, ``quiet-hours``), or the
                crawl is stopping (``stopped``).
        """
        host = self._host(name)
        with host.turn:
            self.check(name, *keys)
            self.pause(host.next_at - self._clock())
            self.pause(self._take_slot() - self._clock())
            self.check(name, *keys)
            host.began = self._clock()
            try:
                yield
            finally:
                host.took_s = self._clock() - host.began

    def check(self, *keys: str) -> None:
        """Raise ClosedError if a route is closed under one of *keys*, or during quiet hours."""
        for state in map(self._state, keys):
            left = state.closed_until - self._clock()
            if left > 0:
                raise ClosedError(state.closed_by, self._now() + timedelta(seconds=left))
        until = quiet_hours_end(self._now(), self._politeness)
        if until is not None:
            raise ClosedError("quiet-hours", until)

    def pause(self, seconds: float) -> None:
        """Wait for *seconds*; raise ClosedError if the crawl is stopping."""
        if self._wait(max(0.0, seconds)):
            raise ClosedError("stopped", None)

    def slow_down(self, name: str, delay_s: float) -> None:
        """Raise the delay of the host *name* to *delay_s*, capped by the settings."""
        host = self._host(name)
        host.delay_s = max(host.delay_s, min(delay_s, self._politeness.crawl_delay_max_s))

    def hold(self, name: str, seconds: float) -> None:
        """Let the next turn of the host *name* wait for *seconds*."""
        host = self._host(name)
        host.held_until = max(host.held_until, self._clock() + seconds)

    def back_off(self, name: str, seconds: float, *, key: str = "") -> bool:
        """Obey a Retry-After of the host *name*; return False if that is too long to wait in this run.

        Earlier waits on the route *key* (by default the host) are added up until it answers.
        """
        state = self._state(key or name)
        state.backoff_s += seconds
        if state.backoff_s > self._limits.retry_after_max_s:
            self.close(key or name, "retry-after", seconds)
            return False
        self.hold(name, seconds)
        return True

    def close(self, key: str, reason: str, seconds: float) -> None:
        """Close the route *key* for *seconds*: its turns are refused instead of waited for."""
        state, until = self._state(key), self._clock() + min(seconds, BACKOFF_MAX_S)
        if until > state.closed_until:
            state.closed_until, state.closed_by = until, reason

    def record_success(self, *keys: str) -> None:
        """Forget the failures and waits on the route of these *keys*."""
        for state in map(self._state, keys):
            state.failures, state.backoff_s = 0, 0.0

    def record_failure(self, key: str) -> bool:
        """Count a failure on the route *key*; return whether it has had too many in a row."""
        state = self._state(key)
        state.failures += 1
        return state.failures >= self._limits.failures_in_a_row

    def _host(self, name: str) -> _HostState:
        with self._lock:
            if name not in self._hosts:
                self._hosts[name] = _HostState(delay_s=self._configured_delay_s(name))
            return self._hosts[name]

    def _configured_delay_s(self, name: str) -> float:
        host = canonical_host(f"https://{name}") or name
        return self._delays.get(host, self._politeness.delay_s)

    def _state(self, key: str) -> _RouteState:
        with self._lock:
            return self._routes[key]

    def _take_slot(self) -> float:
        """Return when the next request to any host may begin."""
        with self._lock:
            slot = max(self._clock(), self._next_slot)
            self._next_slot = slot + 1 / self._politeness.requests_per_s
            return slot


def quiet_hours_end(now: datetime, politeness: Politeness) -> datetime | None:
    """Return the end of the quiet hours around *now*; None outside of them."""
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


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header, given as a number or a date; None if it is neither.

    >>> parse_retry_after("120", datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:20]), BACKOFF_MAX_S)
    at = parse_http_date(text)
    return None if at is None else min(max(0.0, (at - now).total_seconds()), BACKOFF_MAX_S)


def parse_http_date(text: str) -> datetime | None:
    """Return the time in a header, None if it holds none."""
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
