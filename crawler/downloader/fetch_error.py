"""The reasons why a page could not be fetched, and which of them are temporary."""

from datetime import datetime

from crawler.urls import address

# Transient reasons: the request is retried.
RETRIED = frozenset(
    {"timeout", "reset", "no-answer", "cut", "refused"}
    | {f"status-{status}" for status in (408, 425, 429, 500, 502, 503, 504)}
)
# Permanent reasons: they last until someone changes the page or the settings.
LASTING = frozenset(
    {"bad-address", "denied", "foreign-host", "robots", "status-404", "status-410"}
    | {"bad-redirect", "redirect-loop", "too-many-redirects", "too-large", "encoding"}
)
# Reasons that may be the host's fault rather than the page's; too many in a row open the circuit.
HOST_FAULTS = frozenset(
    {"timeout", "reset", "no-answer", "refused", "unreachable", "dns", "tls", "tls-unverified"}
    | {"status-403", "status-429", *(f"status-{status}" for status in range(500, 600))}
)
# Reasons that mean no response, and those that mean no request was even sent.
NO_ANSWER = frozenset(
    {"timeout", "reset", "no-answer", "refused", "unreachable", "dns", "tls", "tls-unverified"}
    | {"forbidden-address"}
)
NO_REQUEST = frozenset({"unreachable", "dns"})
# The reasons in plain words, for people; programs compare the slugs.
_WORDS = {
    "bad-address": "not a web address",
    "bad-http": "the answer is not valid HTTP",
    "bad-redirect": "redirects to no web address",
    "circuit-open": "the host does not answer",
    "cut": "the answer ended too early",
    "denied": "behind `deny` in the settings, no longer asked for",
    "dns": "the host name has no address",
    "encoding": "the answer cannot be decompressed",
    "forbidden-address": "the address of the host is not public",
    "foreign-host": "on a host that is not in the settings",
    "no-answer": "the host closed the connection without an answer",
    "quiet-hours": "quiet hours have begun",
    "redirect-loop": "redirects in a circle",
    "refused": "the host refuses connections",
    "reset": "the host broke the connection",
    "retry-after": "the host asked for a long pause",
    "robots": "robots.txt forbids it",
    "robots-unreachable": "robots.txt cannot be read",
    "stopped": "the crawl was stopped",
    "timeout": "no answer in time",
    "tls": "no secure connection",
    "tls-unverified": "the certificate is not valid",
    "too-large": "too large",
    "too-many-redirects": "redirects too often",
    "unreachable": "the host cannot be reached",
}


def in_words(reason: str) -> str:
    """Return *reason* in plain words; any text but our slugs is returned unchanged.

    >>> in_words("dns"), in_words("status-503"), in_words("no release")
    ('the host name has no address', 'status 503', 'no release')
    """
    return _WORDS.get(reason, f"status {reason[7:]}" if reason.startswith("status-") else reason)


class FetchError(Exception):
    """A page could not be fetched: ``reason`` is a slug; ``temporary`` means that a later day may succeed."""

    def __init__(
        self, url: str, reason: str, *, retry_after: datetime | None = None, detail: str = ""
    ) -> None:
        shown = address(url) or ascii(url)[:200]
        self.words = in_words(reason) + (f" ({in_words(detail)})" if detail not in ("", reason) else "")
        """The reason in plain words, with its detail."""
        super().__init__(f"{shown}: {self.words}")
        self.url = url
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after
        """The host is not contacted before this time; None: unknown."""
        self.temporary = reason not in LASTING

    @property
    def status(self) -> int | None:
        """The HTTP status, if that is the reason."""
        return int(self.reason.removeprefix("status-")) if self.reason.startswith("status-") else None
