"""Polite and bounded HTTP: URL -> Page, under robots.txt, throttle, validators and limits."""

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Self

from crawler import content_encoding
from crawler.config import Limits, Politeness
from crawler.content_encoding import EncodingError
from crawler.downloader import robots
from crawler.downloader.cookies import Cookies
from crawler.downloader.environment import Environment, HostBackoff
from crawler.downloader.fetch_error import HOST_FAULTS, NO_REQUEST, RETRIED, FetchError
from crawler.downloader.redirects import Redirects
from crawler.downloader.resolver import Resolver
from crawler.downloader.response import (
    TRANSPORT_ERRORS,
    Response,
    StatusError,
    detail_of,
    read_response,
    reason_of,
)
from crawler.downloader.robots import Robots, RobotsResponse, RobotsRules
from crawler.downloader.route import Route
from crawler.downloader.session import Session
from crawler.downloader.throttle import CIRCUIT_OPEN_S, ClosedError, Throttle
from crawler.downloader.transport import Transport, tls_context
from crawler.page import Page
from crawler.urls import PORTS, Origin, address, canonical_host, origin
from preses_relizes.shared.calendar import RIGA

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"
# Waits between tries double up to this many seconds.
RETRY_WAIT_MAX_S = 60.0

_NO_BACKOFF = HostBackoff()


@dataclass(slots=True)
class _Budget:
    """The seconds on the wire left for one fetch, over all its redirects and tries."""

    wire_s: float


class Fetcher:
    """Fetches pages, one at a time per host, and only from *hosts*. Safe to share between threads.

    *allow_origins* (``host:port``) may have addresses that are not public; *delays* are seconds between two
    requests by canonical host.
    """

    def __init__(
        self,
        politeness: Politeness,
        limits: Limits,
        *,
        hosts: Iterable[str],
        allow_origins: Iterable[str] = (),
        delays: Mapping[str, float] = MappingProxyType({}),
        backoff: HostBackoff = _NO_BACKOFF,
        environment: Environment | None = None,
    ) -> None:
        environment = environment or Environment()
        # urllib3 logs odd headers with a traceback; here they end as a FetchError or do no harm.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)
        self.stop = environment.stop
        self._politeness = politeness
        self._limits = limits
        self._hosts = frozenset(canonical_host(f"{scheme}://{host}") for host in hosts for scheme in PORTS)
        self._backoff = backoff
        self._now = environment.now
        self._jitter = environment.jitter
        self._throttle = Throttle(
            politeness,
            limits,
            delays=delays,
            wait=environment.wait or self.stop.wait,
            clock=environment.clock,
            now=environment.now,
        )
        for key, seconds in backoff.retry_after_s.items():
            self._throttle.back_off(key.split(" ")[-1], seconds, key=key)
        self._robots = Robots(
            self._fetch_robots,
            user_agent=politeness.user_agent,
            ttl_s=politeness.robots_ttl_h * 3600,
            clock=environment.clock,
            unreachable=backoff.robots_failures,
            on_failure=self._note_robots_failure,
        )
        self._resolver = Resolver(allow_origins, look_up=environment.look_up)
        self._tls = environment.tls or tls_context()
        self._transports: dict[str, Transport] = {}
        self._last_good: dict[str, str] = {}  # by origin, the page that was fetched last
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
        session: Session | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        head_bytes: int | None = None,
    ) -> Page:
        """Return the page at *url* after redirects; status 304 if the validators still match.

        *session* is that of the site for which it is fetched; None: one for this page alone. With
        *head_bytes*, a longer page is cut there instead of being refused, even if the limits are lower.

        Raises:
            FetchError: there is no page; the error says why.
        """
        current_url = address(url)
        if current_url is None:
            raise FetchError(url, "bad-address")
        session = session or Session()
        budget = self._budget()
        conditions = _conditional_headers(etag, last_modified)
        redirects = Redirects(current_url, session.cookies, at_most=self._limits.redirects)
        while True:
            current_url = redirects.url
            route = Route(self._origin(redirects.chain[0]), self._origin(current_url))
            if not session.admits(current_url):
                raise FetchError(current_url, "denied")
            self._obey_robots(current_url, route)
            headers = {**conditions, **redirects.headers()}
            response = self._request(current_url, route, headers, budget, head_bytes=head_bytes)
            if not redirects.follow(response):
                break
            conditions.pop("If-Modified-Since", None)  # the date belongs to another page
        if response.status == 304 and not conditions:
            raise FetchError(url, "status-304", detail="sent without a validator to compare")
        self._last_good[route.target.root] = current_url
        return Page(
            requested_url=url,
            url=current_url,
            status=response.status,
            headers=response.headers,
            body=response.body,
            fetched=self._now(),
            chain=tuple(redirects.chain),
            is_whole=response.is_whole,
            seconds=self._limits.total_s - budget.wire_s,
        )

    # --- What may be fetched -----------------------------------------------------------------

    def _origin(self, url: str) -> Origin:
        allowed = origin(url)
        if allowed is None:
            raise FetchError(url, "bad-address")
        if canonical_host(url) not in self._hosts:
            raise FetchError(url, "foreign-host")
        return allowed

    def _rules_of(self, target: Origin) -> RobotsRules:
        rules = self._robots.of(target.root)
        self._throttle.slow_down(target.name, rules.delay_s)
        return rules

    def _obey_robots(self, url: str, route: Route) -> None:
        """Raise FetchError unless *url* may be fetched now."""
        try:
            self._throttle.check(*route.keys)
        except ClosedError as error:
            raise _closed_error(url, error) from error
        rules = self._rules_of(route.target)
        if rules.allows(url):
            return
        if rules.is_reachable:
            raise FetchError(url, "robots")
        until = self._now() + timedelta(seconds=self._robots.retry_in_s(route.target.root))
        raise FetchError(url, "robots-unreachable", retry_after=until, detail=rules.failure)

    def _fetch_robots(self, url: str) -> RobotsResponse:
        budget = self._budget()
        redirects = Redirects(url, Cookies(), at_most=robots.REDIRECTS_MAX)
        try:
            while True:
                route = Route(self._origin(redirects.chain[0]), self._origin(redirects.url))
                response = self._request(
                    redirects.url, route, redirects.headers(), budget, head_bytes=robots.BYTES_MAX
                )
                if not redirects.follow(response):
                    return RobotsResponse(status=response.status, body=response.body)
        except FetchError as error:
            # RFC 9309, 2.3.1.2: after more than five redirects, robots.txt is taken to be missing.
            if error.reason in ("too-many-redirects", "redirect-loop"):
                return RobotsResponse(status=404)
            if error.reason == "stopped" or isinstance(error.__cause__, ClosedError):
                raise  # our own decision, not the host's
            return RobotsResponse(status=error.status, failure=error.reason)

    def _note_robots_failure(self, root: str, why: str) -> None:
        if why in NO_REQUEST:
            return  # no host was bothered, so the next run need not wait
        until = self._now() + timedelta(seconds=robots.UNREACHABLE_S)
        self._backoff.on_robots_failure(root, until, why)

    # --- Requests ----------------------------------------------------------------------------

    def _budget(self) -> _Budget:
        return _Budget(self._limits.total_s)

    def _request(
        self,
        url: str,
        route: Route,
        headers: Mapping[str, str],
        budget: _Budget,
        *,
        head_bytes: int | None = None,
    ) -> Response:
        """Return a page, 304 or redirect, retrying as often as the limits allow."""
        tries = 0
        while True:
            try:
                response = self._exchange(route, url, headers, budget, head_bytes)
            except FetchError as error:
                # A reused connection that was closed meanwhile: most likely the server never saw the request.
                is_stale = (
                    error.reason in ("no-answer", "reset")
                    and not self._transport(route.target.name).bounds.is_fresh
                )
                tries += 1
                if self._should_retry(route, error, tries, budget, is_stale=is_stale):
                    continue
                if error.reason in HOST_FAULTS and self._throttle.record_failure(route.origin_key):
                    self._open_circuit_if_down(route, url)
                raise
            self._throttle.record_success(*route.keys)
            return response

    def _should_retry(
        self, route: Route, error: FetchError, tries: int, budget: _Budget, *, is_stale: bool
    ) -> bool:
        """Whether to try again; sets the wait before the next try in the throttle."""
        if error.reason not in RETRIED:
            return False
        if error.retry_after is not None:
            wait_s = max(0.0, (error.retry_after - self._now()).total_seconds())
            if wait_s:
                self._backoff.on_retry_after(route.host_key, error.retry_after)
            if not self._throttle.back_off(route.target.name, wait_s, key=route.host_key):
                return False
        elif not is_stale:
            wait_s = min(RETRY_WAIT_MAX_S, self._limits.backoff_s * 2 ** (tries - 1))
            self._throttle.hold(route.target.name, wait_s * (0.5 + self._jitter()))
        # A try on a connection that was already closed is repeated, even if only one try is allowed.
        tries_max = max(2, self._limits.tries) if is_stale else self._limits.tries
        return tries < tries_max and budget.wire_s > 0

    def _open_circuit_if_down(self, route: Route, url: str) -> None:
        """Open the circuit after too many failures, unless the last good page can still be fetched.

        Five broken pages in a row do not make a broken host.
        """
        last_good = self._last_good.get(route.target.root)
        if last_good is not None and last_good != url:
            try:
                self._exchange(route, last_good, {}, self._budget(), None)
            except FetchError:
                pass  # the host is at fault
            else:
                self._throttle.record_success(*route.keys)
                return
        self._throttle.close(route.origin_key, "circuit-open", CIRCUIT_OPEN_S)

    def _exchange(
        self, route: Route, url: str, headers: Mapping[str, str], budget: _Budget, head_bytes: int | None
    ) -> Response:
        """Send one request in the host's turn."""
        transport = self._transport(route.target.name)
        sent = {
            "User-Agent": self._politeness.user_agent,
            "Accept": ACCEPT,
            "Accept-Encoding": content_encoding.ACCEPTED,
            **headers,
        }
        try:
            with self._throttle.turn(route.target.name, *route.keys), _charge(budget):
                response = transport.get(url, sent, total_s=budget.wire_s, wire_bytes=head_bytes or 0)
                with closing(response):
                    return read_response(response, self._limits, head_bytes=head_bytes, now=self._now())
        except ClosedError as error:
            raise _closed_error(url, error) from error
        except StatusError as error:
            wait_s = error.retry_after_s
            until = None if wait_s is None else self._now() + timedelta(seconds=wait_s)
            raise FetchError(url, error.reason, retry_after=until) from error
        except (EncodingError, *TRANSPORT_ERRORS) as error:
            raise FetchError(url, reason_of(error), detail=detail_of(error)) from error

    def _transport(self, name: str) -> Transport:
        with self._lock:
            if name not in self._transports:
                self._transports[name] = Transport(
                    self._resolver, self._limits, stop=self.stop, tls=self._tls
                )
            return self._transports[name]


def _closed_error(url: str, error: ClosedError) -> FetchError:
    # An open circuit ends with the run; Retry-After and quiet hours bind the next run as well.
    is_binding = error.reason in ("retry-after", "quiet-hours")
    detail = f"until {error.until.astimezone(RIGA):%Y-%m-%d %H:%M}" if is_binding and error.until else ""
    return FetchError(url, error.reason, retry_after=error.until, detail=detail)


def _conditional_headers(etag: str | None, last_modified: str | None) -> dict[str, str]:
    given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    # Validators come from outside: only those that fit into a header are sent back.
    return {key: value for key, value in given.items() if value and value.isascii() and value.isprintable()}


@contextmanager
def _charge(budget: _Budget) -> Iterator[None]:
    """Subtract the time spent inside from *budget*."""
    start = time.monotonic()
    try:
        yield
    finally:
        budget.wire_s -= time.monotonic() - start
