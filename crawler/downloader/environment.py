"""The environment of the fetcher: time, randomness, network, and what earlier runs learnt about hosts."""

import random
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawler.downloader.resolver import Lookup, look_up


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Time, randomness and network; the defaults are the real ones."""

    stop: threading.Event = field(default_factory=threading.Event)
    """When set, all waits end at once and all exchanges within a second."""
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _utc_now
    wait: Callable[[float], bool] | None = None
    """Sleeps between requests and returns whether to stop; None: waits for `stop`."""
    jitter: Callable[[], float] = random.random
    look_up: Lookup = look_up
    tls: ssl.SSLContext | None = None
    """None: certificates are verified by certifi's authorities alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostBackoff:
    """The hosts that must not be contacted yet, and callbacks that record new ones for later runs."""

    retry_after_s: Mapping[str, float] = field(default_factory=dict)
    """Seconds left, by the key of a route that Retry-After closed in an earlier run."""
    on_retry_after: Callable[[str, datetime], None] = lambda _key, _until: None
    robots_failures: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    """Seconds until the next try and the reason, by the origin whose robots.txt failed in an earlier run."""
    on_robots_failure: Callable[[str, datetime, str], None] = lambda _origin, _until, _why: None
