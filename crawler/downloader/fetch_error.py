"""The reasons why a page could not be fetched, and which of them may pass."""

from datetime import datetime

from crawler.urls import address

# Reasons that may be gone a moment later: the request is tried again.
RETRIED = frozenset(
    {"timeout", "reset", "no-answer", "cut", "refused"}
    | {f"status-{status}" for status in (408, 425, 429, 500, 502, 503, 504)}
)
# Reasons that last until someone changes the page or the settings.
LASTING = frozenset(
    {"bad-address", "foreign-host", "robots", "status-404", "status-410"}
    | {"bad-redirect", "redirect-loop", "too-many-redirects", "too-large", "encoding"}
)
# Reasons that may be the host's fault rather than the page's; too many in a row open the circuit.
HOST_FAULTS = frozenset(
    {"timeout", "reset", "no-answer", "refused", "unreachable", "dns", "tls", "tls-unverified"}
    | {"status-403", "status-429", *(f"status-{status}" for status in range(500, 600))}
)


class FetchError(Exception):
    """A page could not be fetched: ``reason`` is a slug, ``temporary`` whether another day may help."""

    def __init__(
        self, url: str, reason: str, *, retry_after: datetime | None = None, detail: str = ""
    ) -> None:
        shown = address(url) or ascii(url)[:200]
        super().__init__(f"{shown}: {reason}{f' ({detail})' if detail else ''}")
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
