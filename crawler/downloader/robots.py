"""robots.txt by RFC 9309: what a response means, which URLs it allows, how long it is cached."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import quote

from protego import Protego

# Source: RFC 9309, sections 2.3.1.2 and 2.5.
REDIRECTS_MAX = 5
BYTES_MAX = 500 * 1024
# If robots.txt cannot be fetched, it is fetched again after this many seconds.
UNREACHABLE_S = 600.0

_LINE_END = re.compile(r"\r\n?|\n")
# Line ends for str.splitlines, but not for RFC 9309.
_OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
# A byte order mark, or what an editor left of one.
_MARK = re.compile(rb"\xef(?:\xbb\xbf?)?")
# Misspellings that common parsers accept. Source: the open-source parsers of Google (which compares only the
# beginning of a name, so "disallowed" counts) and of Nutch (crawler-commons).
_SPELLINGS = {
    "Disallow": (
        "disallow",
        "dissallow",
        "dissalow",
        "disalow",
        "diasllow",
        "disallaw",
        "desallow",
        "dssalow",
        "dsallow",
    ),
    "Allow": ("allow",),
    "User-agent": (
        "user-agent",
        "user-agents",
        "useragent",
        "user agent",
        "user-agnet",
        "useg-agent",
        "ser-agent",
        "users-agent",
    ),
    "Crawl-delay": ("crawl-delay", "crawl delay"),
    "Request-rate": ("request-rate", "request rate"),
}
_DIRECTIVES = {spelling: directive for directive, spellings in _SPELLINGS.items() for spelling in spellings}
_LINE = re.compile(rf"\s*+({'|'.join(_DIRECTIVES)})(?:[^:\s#]*+\s*+:|\s++(?=[^:]*+$|/))", re.IGNORECASE)
_AGENT_LINE = re.compile(r"(User-agent:\s*)[^\s/#]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsResponse:
    """The response to a request for robots.txt; ``status`` is None if there was none."""

    status: int | None
    body: bytes = b""
    failure: str = ""
    """Why there was no usable response."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRules:
    """The rules of a host for this crawler."""

    is_reachable: bool
    failure: str = ""
    _parsed: Protego | None = None
    _product: str = ""

    def allows(self, url: str) -> bool:
        """Whether *url* may be fetched."""
        if self._parsed is None:
            return self.is_reachable
        return bool(self._parsed.can_fetch(url, self._product))

    @property
    def delay_s(self) -> float:
        """Seconds between two requests, by Crawl-delay or Request-rate; 0: neither is given."""
        if self._parsed is None:
            return 0.0
        rate = self._parsed.request_rate(self._product)
        return max(
            self._parsed.crawl_delay(self._product) or 0.0, rate.seconds / rate.requests if rate else 0.0
        )


ALL_ALLOWED = RobotsRules(is_reachable=True)
UNREACHABLE = RobotsRules(is_reachable=False)


def product_token(user_agent: str) -> str:
    """Return the name by which robots.txt addresses this crawler.

    >>> product_token("preses-relizes/0.1 (+https://example.org/bot)")
    'preses-relizes'
    """
    match = re.search(r"compatible;\s*([^\s/;)]+)", user_agent) or re.match(r"([^\s/(]+)", user_agent)
    return match[1].lower() if match else "*"


def parse_rules(response: RobotsResponse, product: str) -> RobotsRules:
    """Return the rules in *response* for the crawler named *product*.

    4xx except 429: no rules, everything is allowed. 5xx, 429 or no response: nothing is allowed until the
    next try.
    """
    if response.status == 200:
        return RobotsRules(
            is_reachable=True, _parsed=Protego.parse(_normalize(response.body)), _product=product
        )
    if response.status is not None and 400 <= response.status < 500 and response.status != 429:
        return ALL_ALLOWED
    return RobotsRules(is_reachable=False, failure=response.failure)


def _normalize(body: bytes) -> str:
    """Return *body* for Protego: directives in their standard spelling, agents as product tokens."""
    whole = body[:BYTES_MAX]
    if len(body) >= BYTES_MAX:
        whole = whole[: max(whole.rfind(b"\n"), whole.rfind(b"\r")) + 1]  # a truncated rule is another rule
    text = whole[mark.end() if (mark := _MARK.match(whole)) else 0 :].decode("utf-8", "replace")
    text = _OTHER_LINE_ENDS.sub(lambda match: quote(match[0]), text)
    return "\n".join(line for line in map(_normalize_line, _LINE_END.split(text)) if line)


def _normalize_line(line: str) -> str:
    """Return *line* in its standard spelling; empty if it is no rule, where Protego would end a group."""
    match = _LINE.match(line)
    if match is None:
        return ""
    normal = f"{_DIRECTIVES[match[1].lower()]}: {line[match.end() :].lstrip()}"
    agent = _AGENT_LINE.match(normal)
    return agent[0] if agent else normal


@dataclass(slots=True)
class _CachedRules:
    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: RobotsRules = UNREACHABLE
    until: float = float("-inf")


class Robots:
    """The rules of each origin, fetched once and cached.

    *unreachable* holds the origins whose robots.txt failed in an earlier run: the seconds until the next try,
    and why it failed. *on_failure* is called with each origin that fails now, and why.
    """

    def __init__(
        self,
        fetch: Callable[[str], RobotsResponse],
        *,
        user_agent: str,
        ttl_s: float,
        clock: Callable[[], float],
        unreachable: Mapping[str, tuple[float, str]] = MappingProxyType({}),
        on_failure: Callable[[str, str], None] = lambda _root, _why: None,
    ) -> None:
        self._fetch = fetch
        self._product = product_token(user_agent)
        self._ttl_s = ttl_s
        self._clock = clock
        self._on_failure = on_failure
        self._cache = {
            root: _CachedRules(rules=RobotsRules(is_reachable=False, failure=why), until=clock() + seconds)
            for root, (seconds, why) in unreachable.items()
        }
        self._lock = threading.Lock()

    def of(self, root: str) -> RobotsRules:
        """Return the rules of the origin at *root* (``https://example.org``)."""
        with self._lock:
            cached = self._cache.setdefault(root, _CachedRules())
        with cached.lock:
            if self._clock() >= cached.until:
                cached.rules = parse_rules(self._fetch(f"{root}/robots.txt"), self._product)
                cached.until = self._clock() + (self._ttl_s if cached.rules.is_reachable else UNREACHABLE_S)
                if not cached.rules.is_reachable:
                    self._on_failure(root, cached.rules.failure)
            return cached.rules

    def retry_in_s(self, root: str) -> float:
        """Return the seconds until the robots.txt at *root* is fetched again."""
        return max(0.0, self._cache[root].until - self._clock())
