"""Fetchers for tests: quick limits, a clock that jumps, and the errors they raise."""

import ssl
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from crawler.config import Limits, Politeness
from crawler.downloader import Environment, Fetcher, FetchError
from crawler.downloader.transport import tls_context
from tests.support.hostile_site import HostileSite, Script, Visit, page

AGENT = "preses-relizes/0.1 (+https://example.org/bot; bot@example.org)"
QUICK = Limits(
    connect_s=1, read_s=0.4, total_s=0.8, wire_bytes=200_000, page_bytes=400_000, tries=2, backoff_s=0
)
POLITE = Politeness(user_agent=AGENT, delay_s=0, requests_per_s=10_000)
NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class Waits:
    """Stands in for the pauses of the fetcher: notes them, and lets the clock jump instead of waiting."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.clock_s = 1000.0

    def __call__(self, seconds: float) -> bool:
        if seconds > 0:
            self.taken.append(seconds)
            self.clock_s += seconds
        return False

    def clock(self) -> float:
        return self.clock_s

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.clock_s - 1000)


@cache
def usual_tls() -> ssl.SSLContext:
    """Return the context that a fetcher makes if it is given none: each one reads a hundred certificates."""
    return tls_context()


def fetcher_of(
    *sites: HostileSite, limits: Limits = QUICK, politeness: Politeness = POLITE, waits: Waits | None = None
) -> Fetcher:
    origins = [site.origin for site in sites]
    waits = waits or Waits()
    return Fetcher(
        politeness,
        limits,
        hosts=origins,
        allow_origins=origins,
        environment=Environment(
            wait=waits, clock=waits.clock, now=waits.now, jitter=lambda: 0.5, tls=usual_tls()
        ),
    )


def failure(site: HostileSite, path: str, **options: Limits) -> FetchError:
    with fetcher_of(site, **options) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.fetch(site.url(path))
    return caught.value


def reason_of(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    return caught.value.reason


def knowing(*addresses: str) -> Environment:
    """Return an environment in which every name has these *addresses*."""
    return Environment(look_up=lambda _host, _port: list(addresses))


def serving(text: str | bytes, **headers: str) -> Script:
    return page(text, content_type="text/plain", **headers)


def never_answer(visit: Visit) -> None:
    visit.stall()
