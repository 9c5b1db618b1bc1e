"""Polite and careful HTTP: URL -> Page, by robots.txt, pace, validators and limits."""

import logging
import random
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Self

from crawler import content_encoding
from crawler.config import Limits, Politeness
from crawler.content_encoding import EncodingError
from crawler.downloader import response as answers
from crawler.downloader import robots
from crawler.downloader.resolver import Addresses, Resolve, resolved
from crawler.downloader.response import REDIRECTS, Answer, StatusError
from crawler.downloader.robots import Robots, RobotsAnswer, Rules
from crawler.downloader.route import Way
from crawler.downloader.throttle import CIRCUIT_OPEN_S, ClosedError, Pace
from crawler.downloader.transport import Transport, tls_context
from crawler.page import Page
from crawler.urls import PORTS, Origin, address, canonical_host, origin
from preses_relizes.calendar import RIGA

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"
# Waits between tries double up to here.
BACKOFF_MAX_S = 60.0

# What may be different a moment later, and so is tried again.
RETRIED = frozenset(
    {"timeout", "reset", "no-answer", "cut", "refused"}
    | {f"status-{status}" for status in (408, 425, 429, 500, 502, 503, 504)}
)
# What asking again another day will not change, until someone changes the page or the settings.
LASTING = frozenset(
    {"bad-address", "foreign-host", "robots", "status-404", "status-410"}
    | {"bad-redirect", "redirect-loop", "too-many-redirects", "too-large", "encoding"}
)
# What may be the host's fault rather than the page's; so many in a row open the circuit.
HOST_FAULTS = frozenset(
    {"timeout", "reset", "no-answer", "refused", "unreachable", "dns", "tls", "tls-unverified"}
    | {"status-403", "status-429", *(f"status-{status}" for status in range(500, 600))}
)


class FetchError(Exception):
    """A page that was not got: ``reason`` is a short slug, ``temporary`` whether it may be got later."""

    def __init__(
        self, url: str, reason: str, *, retry_after: datetime | None = None, detail: str = ""
    ) -> None:
        shown = address(url) or ascii(url)[:200]
        super().__init__(f"{shown}: {reason}{f' ({detail})' if detail else ''}")
        self.url = url
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after
        """Before this the host will not be asked; None: not said."""
        self.temporary = reason not in LASTING

    @property
    def status(self) -> int | None:
        """The HTTP status, where that is the reason."""
        return int(self.reason.removeprefix("status-")) if self.reason.startswith("status-") else None


@dataclass(slots=True)
class _Budget:
    """What one fetch may take over all its hops and tries."""

    wire_s: float


class Fetcher:
    """Gets pages, one at a time per host, and only from the hosts it was told. Safe to share between threads.

    Setting ``stop`` ends all waits, and all exchanges within a second. *clock*, *now*, *wait* and *jitter*
    are the time, the pause between requests and the chance in it; *resolve* turns a name into IP addresses;
    *tls* says how certificates are checked. *away* names hosts that earlier asked to be left alone, and the
    seconds left of that; *sent_away* is told which ones ask so now, and until when. *unreachable* names the
    origins whose robots.txt could not be read before, with the seconds for which they are left alone yet,
    and why; *robots_failed* is told of those that cannot be read now.
    """

    def __init__(
        self,
        politeness: Politeness,
        limits: Limits,
        *,
        hosts: Iterable[str],
        allow_origins: Iterable[str] = (),
        delays: Mapping[str, float] = MappingProxyType({}),
        away: Mapping[str, float] = MappingProxyType({}),
        sent_away: Callable[[str, datetime], None] | None = None,
        unreachable: Mapping[str, tuple[float, str]] = MappingProxyType({}),
        robots_failed: Callable[[str, datetime, str], None] | None = None,
        stop: threading.Event | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        wait: Callable[[float], bool] | None = None,
        jitter: Callable[[], float] = random.random,
        resolve: Resolve = resolved,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        # urllib3 logs the oddities of headers with a traceback; here they end as a FetchError or do no harm.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)
        self.stop = stop or threading.Event()
        self._politeness = politeness
        self._limits = limits
        self._hosts = frozenset(canonical_host(f"{scheme}://{host}") for host in hosts for scheme in PORTS)
        self._now = now
        self._jitter = jitter
        self._pace = Pace(
            politeness, limits, delays=delays, wait=wait or self.stop.wait, clock=clock, now=now
        )
        for way, seconds in away.items():
            self._pace.send_away(way.split(" ")[-1], seconds, way=way)
        self._sent_away, self._robots_failed = sent_away, robots_failed
        self._robots = Robots(
            self._robots_answer,
            user_agent=politeness.user_agent,
            ttl_s=politeness.robots_ttl_h * 3600,
            clock=clock,
            unreachable=unreachable,
            failed=self._note_unread,
        )
        self._addresses = Addresses(allow_origins, resolve=resolve)
        self._tls = tls or tls_context()
        self._transports: dict[str, Transport] = {}
        self._well: dict[str, str] = {}  # by origin, the page that answered last
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self.stop.set()
        with self._lock:
            for transport in self._transports.values():
                transport.close()

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        head_bytes: int | None = None,
    ) -> Page:
        """Return the page at *url*, redirects followed; status 304 where the validators still hold.

        With *head_bytes*, the beginning of a page that is too large is enough: so many bytes, or what the
        limits let.

        Raises:
            FetchError: anything else.
        """
        here = address(url)
        if here is None:
            raise FetchError(url, "bad-address")
        budget = self._budget()
        conditions = _conditions(etag, last_modified)
        chain: list[str] = []
        while True:
            chain.append(here)
            way = Way(self._origin(chain[0]), self._origin(here))
            self._obey_robots(here, way)
            got = self._tried(here, way, conditions, budget, head_bytes=head_bytes)
            if got.status not in REDIRECTS:
                break
            here = _target(got, chain, self._limits.redirects)
            conditions.pop("If-Modified-Since", None)  # a date that was another page's
        if got.status == 304 and not conditions:
            raise FetchError(url, "status-304", detail="nothing was asked to be compared")
        self._well[way.here.root] = here
        return Page(
            asked=url,
            url=here,
            status=got.status,
            headers=got.headers,
            body=got.body,
            fetched=self._now(),
            chain=tuple(chain),
            is_whole=got.is_whole,
        )

    # --- what may be asked ---

    def _origin(self, url: str) -> Origin:
        found = origin(url)
        if found is None:
            raise FetchError(url, "bad-address")
        if canonical_host(url) not in self._hosts:
            raise FetchError(url, "foreign-host")
        return found

    def _rules(self, found: Origin) -> Rules:
        found_rules = self._robots.of(found.root)
        self._pace.slow_down(found.name, found_rules.delay_s)
        return found_rules

    def _obey_robots(self, url: str, way: Way) -> None:
        try:
            self._pace.check(*way.both)
        except ClosedError as error:
            raise _closed(url, error) from error
        found_rules = self._rules(way.here)
        if found_rules.allows(url):
            return
        if found_rules.is_reachable:
            raise FetchError(url, "robots")
        until = self._now() + timedelta(seconds=self._robots.retry_in_s(way.here.root))
        raise FetchError(url, "robots-unreachable", retry_after=until, detail=found_rules.why_not)

    def _robots_answer(self, url: str) -> RobotsAnswer:
        budget = self._budget()
        chain = [url]
        try:
            while True:
                way = Way(self._origin(chain[0]), self._origin(chain[-1]))
                got = self._tried(chain[-1], way, {}, budget, head_bytes=robots.BYTES_MAX)
                if got.status not in REDIRECTS:
                    return RobotsAnswer(status=got.status, body=got.body)
                chain.append(_target(got, chain, robots.REDIRECTS_MAX))
        except FetchError as error:
            # RFC 9309, 2.3.1.2: what does not end in five redirects is as good as not there.
            if error.reason in ("too-many-redirects", "redirect-loop"):
                return RobotsAnswer(status=404)
            if error.reason == "stopped" or isinstance(error.__cause__, ClosedError):
                raise  # that says nothing of the host
            return RobotsAnswer(status=error.status, why_not=error.reason)

    def _note_unread(self, root: str, why: str) -> None:
        if self._robots_failed:
            self._robots_failed(root, self._now() + timedelta(seconds=robots.UNREACHABLE_S), why)

    # --- asking ---

    def _budget(self) -> _Budget:
        return _Budget(self._limits.total_s)

    def _tried(
        self,
        url: str,
        way: Way,
        conditions: Mapping[str, str],
        budget: _Budget,
        *,
        head_bytes: int | None = None,
    ) -> Answer:
        """Return the answer for *url*, a page, 304 or redirect, asked for as often as the limits let."""
        name = way.here.name
        tries = 0
        while True:
            try:
                got = self._exchange(way, url, conditions, budget, head_bytes)
            except FetchError as error:
                # A kept connection that was dropped meanwhile: most likely the server never saw the request.
                is_stale = (
                    error.reason in ("no-answer", "reset") and not self._transport(name).bounds.is_fresh
                )
                tries += 1
                if self._is_to_retry(way, error, tries, budget, is_stale=is_stale):
                    continue
                if error.reason in HOST_FAULTS and self._pace.failed(way.to_origin):
                    self._judge(way, url)
                raise
            self._pace.answered(*way.both)
            return got

    def _is_to_retry(
        self, way: Way, error: FetchError, tries: int, budget: _Budget, *, is_stale: bool
    ) -> bool:
        """Whether to ask again; how long to wait before that is noted."""
        if error.reason not in RETRIED:
            return False
        if error.retry_after is not None:
            away_s = max(0.0, (error.retry_after - self._now()).total_seconds())
            if self._sent_away and away_s:
                self._sent_away(way.to_host, error.retry_after)
            if not self._pace.send_away(way.here.name, away_s, way=way.to_host):
                return False
        elif not is_stale:
            backoff_s = min(BACKOFF_MAX_S, self._limits.backoff_s * 2 ** (tries - 1))
            self._pace.hold(way.here.name, backoff_s * (0.5 + self._jitter()))
        # Where one request is all that may be made, it is not the dropped one.
        tries_max = max(2, self._limits.tries) if is_stale else self._limits.tries
        return tries < tries_max and budget.wire_s > 0

    def _judge(self, way: Way, url: str) -> None:
        """Leave the origin alone after too many failures, unless the page that answered last still does.

        Five broken pages in a row do not make a broken host.
        """
        well = self._well.get(way.here.root)
        if well is not None and well != url:
            try:
                self._exchange(way, well, {}, self._budget(), None)
            except FetchError:
                pass  # the host it is
            else:
                self._pace.answered(*way.both)
                return
        self._pace.close(way.to_origin, "circuit-open", CIRCUIT_OPEN_S)

    def _exchange(
        self, way: Way, url: str, conditions: Mapping[str, str], budget: _Budget, head_bytes: int | None
    ) -> Answer:
        """Ask once, when it is the turn of the host."""
        transport = self._transport(way.here.name)
        headers = {
            "User-Agent": self._politeness.user_agent,
            "Accept": ACCEPT,
            "Accept-Encoding": content_encoding.ACCEPTED,
            **conditions,
        }
        try:
            with self._pace.turn(way.here.name, *way.both), _spent(budget):
                response = transport.get(url, headers, total_s=budget.wire_s)
                with closing(response):
                    return answers.read(response, self._limits, head_bytes=head_bytes, now=self._now())
        except ClosedError as error:
            raise _closed(url, error) from error
        except StatusError as error:
            until = None if error.away_s is None else self._now() + timedelta(seconds=error.away_s)
            raise FetchError(url, error.reason, retry_after=until) from error
        except (EncodingError, *answers.TRANSPORT_ERRORS) as error:
            raise FetchError(url, answers.reason_of(error), detail=answers.detail_of(error)) from error

    def _transport(self, name: str) -> Transport:
        with self._lock:
            if name not in self._transports:
                self._transports[name] = Transport(
                    self._addresses, self._limits, stop=self.stop, tls=self._tls
                )
            return self._transports[name]


def _closed(url: str, error: ClosedError) -> FetchError:
    # After a break of our own the next run asks again; what the host or the operator said holds for it, too.
    is_said = error.reason in ("retry-after", "quiet-hours")
    detail = f"until {error.until.astimezone(RIGA):%Y-%m-%d %H:%M}" if is_said and error.until else ""
    return FetchError(url, error.reason, retry_after=error.until, detail=detail)


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    # What a server once sent comes from outside: only what can stand in a header goes back.
    return {key: value for key, value in given.items() if value and value.isascii() and value.isprintable()}


def _target(got: Answer, chain: list[str], redirects_max: int) -> str:
    """Return where a redirect leads that ended *chain*, as browsers resolve it."""
    here = chain[-1]
    # Headers arrive as Latin-1, whatever the bytes; those of addresses are UTF-8.
    location = got.headers.get("location")
    target = location and address(location.encode("latin-1", "replace").decode("utf-8", "replace"), here)
    if not target:
        raise FetchError(here, "bad-redirect", detail=f"status {got.status}")
    if target in chain:
        raise FetchError(here, "redirect-loop")
    if len(chain) > redirects_max:
        raise FetchError(chain[0], "too-many-redirects")
    return target


@contextmanager
def _spent(budget: _Budget) -> Iterator[None]:
    start = time.monotonic()
    try:
        yield
    finally:
        budget.wire_s -= time.monotonic() - start
