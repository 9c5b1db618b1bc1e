"""robots.txt as RFC 9309 reads it: what an answer means, which addresses it allows, how long that holds."""

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
# A host whose robots.txt does not answer is asked again after this.
UNREACHABLE_S = 600.0

_LINE_END = re.compile(r"\r\n?|\n")
# What str.splitlines would take for the end of a line, and RFC 9309 does not.
_OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
# A byte order mark, or what a careless editor left of one.
_MARK = re.compile(rb"\xef(?:\xbb\xbf?)?")
# How lines are spelled by people and read by those who wrote the parsers that most sites are tried with.
# Source: the open-source parsers of Google (which looks only at how a name begins, so "disallowed" counts)
# and of Nutch (crawler-commons).
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
    "Visit-time": ("visit-time", "visit time"),
    "Sitemap": ("sitemap", "site-map"),
    "Host": ("host",),
}
_MEANT = {spelling: meant for meant, spellings in _SPELLINGS.items() for spelling in spellings}
_LINE = re.compile(rf"\s*+({'|'.join(_MEANT)})(?:[^:\s#]*+\s*+:|\s++(?=[^:]*+$|/))", re.IGNORECASE)
_AGENT_LINE = re.compile(r"(User-agent:\s*)[^\s/#]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsAnswer:
    """How a host answered for its robots.txt; ``status`` None: it did not, or told us off to elsewhere."""

    status: int | None
    body: bytes = b""
    why_not: str = ""
    """What stood in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a host lets this crawler ask."""

    is_reachable: bool
    why_not: str = ""
    _parsed: Protego | None = None
    _product: str = ""

    def allows(self, url: str) -> bool:
        """Whether *url* may be asked."""
        if self._parsed is None:
            return self.is_reachable
        return bool(self._parsed.can_fetch(url, self._product))

    @property
    def delay_s(self) -> float:
        """How long to wait between two requests, by Crawl-delay or Request-rate; 0: not said."""
        if self._parsed is None:
            return 0.0
        rate = self._parsed.request_rate(self._product)
        return max(
            self._parsed.crawl_delay(self._product) or 0.0, rate.seconds / rate.requests if rate else 0.0
        )


ALL_ALLOWED = Rules(is_reachable=True)
UNREACHABLE = Rules(is_reachable=False)


def product_token(user_agent: str) -> str:
    """Return the name by which robots.txt calls us.

    >>> product_token("preses-relizes/0.1 (+https://example.org/bot)")
    'preses-relizes'
    """
    match = re.search(r"compatible;\s*([^\s/;)]+)", user_agent) or re.match(r"([^\s/(]+)", user_agent)
    return match[1].lower() if match else "*"


def rules(answer: RobotsAnswer, product: str) -> Rules:
    """Return what *answer* means to the crawler called *product*.

    4xx but 429: no rules, all is allowed. 5xx, 429 and no answer: nothing is, until it answers again.
    """
    if answer.status == 200:
        return Rules(is_reachable=True, _parsed=Protego.parse(_tidied(answer.body)), _product=product)
    if answer.status is not None and 400 <= answer.status < 500 and answer.status != 429:
        return ALL_ALLOWED
    return Rules(is_reachable=False, why_not=answer.why_not)


def _tidied(body: bytes) -> str:
    """Return the lines of *body* as Protego should see them: spelled right, agents by product token alone."""
    whole = body[:BYTES_MAX]
    if len(body) >= BYTES_MAX:
        whole = whole[: max(whole.rfind(b"\n"), whole.rfind(b"\r")) + 1]  # half a rule is another rule
    text = whole[mark.end() if (mark := _MARK.match(whole)) else 0 :].decode("utf-8", "replace")
    text = _OTHER_LINE_ENDS.sub(lambda match: quote(match[0]), text)
    return "\n".join(line for line in map(_spelled, _LINE_END.split(text)) if line)


def _spelled(line: str) -> str:
    """Return *line* as it is meant; nothing where it means nothing: Protego takes that for a group's end."""
    match = _LINE.match(line)
    if match is None:
        return ""
    meant = f"{_MEANT[match[1].lower()]}: {line[match.end() :].lstrip()}"
    agent = _AGENT_LINE.match(meant)
    return agent[0] if agent else meant


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Rules = UNREACHABLE
    until: float = float("-inf")


class Robots:
    """The rules of each origin, asked once and kept for a while.

    *unreachable* names the origins that did not answer an earlier run, the seconds for which they are not
    asked again, and what stood in the way; *failed* is told of those that do not answer now, and why.
    """

    def __init__(
        self,
        ask: Callable[[str], RobotsAnswer],
        *,
        user_agent: str,
        ttl_s: float,
        clock: Callable[[], float],
        unreachable: Mapping[str, tuple[float, str]] = MappingProxyType({}),
        failed: Callable[[str, str], None] = lambda _root, _why: None,
    ) -> None:
        self._ask = ask
        self._product = product_token(user_agent)
        self._ttl_s = ttl_s
        self._clock = clock
        self._failed = failed
        self._kept = {
            root: _Kept(rules=Rules(is_reachable=False, why_not=why), until=clock() + seconds)
            for root, (seconds, why) in unreachable.items()
        }
        self._lock = threading.Lock()

    def of(self, root: str) -> Rules:
        """Return the rules of the origin at *root* (``https://example.org``)."""
        with self._lock:
            kept = self._kept.setdefault(root, _Kept())
        with kept.lock:
            if self._clock() >= kept.until:
                kept.rules = rules(self._ask(f"{root}/robots.txt"), self._product)
                kept.until = self._clock() + (self._ttl_s if kept.rules.is_reachable else UNREACHABLE_S)
                if not kept.rules.is_reachable:
                    self._failed(root, kept.rules.why_not)
            return kept.rules

    def retry_in_s(self, root: str) -> float:
        """Return in how many seconds the robots.txt at *root* will be asked again."""
        return max(0.0, self._kept[root].until - self._clock())
