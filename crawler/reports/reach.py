"""Whether a crawl reached any host; if it reached none, the fault may be on this machine."""

import threading
from collections import Counter

from crawler.downloader import NO_ANSWER, FetchError, Session, in_words
from crawler.page import Page
from crawler.scheduler import Fetch

# These say nothing about the network, since no request was made.
_SILENT = frozenset({"stopped", "circuit-open", "retry-after", "quiet-hours", "denied"})


class Reach:
    """Fetches by *fetch*, and counts the answers and the reasons why there was none; thread-safe."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._answers = 0
        self._failures: Counter[str] = Counter()

    def fetch(
        self,
        url: str,
        *,
        session: Session | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        head_bytes: int | None = None,
    ) -> Page:
        """Return the response, or raise FetchError."""
        try:
            page = self._fetch(
                url, session=session, etag=etag, last_modified=last_modified, head_bytes=head_bytes
            )
        except FetchError as error:
            self._count_failure(error.detail if error.reason == "robots-unreachable" else error.reason)
            raise
        with self._lock:
            self._answers += 1
        return page

    def _count_failure(self, reason: str) -> None:
        with self._lock:
            if reason in NO_ANSWER:
                self._failures[reason] += 1
            elif reason not in _SILENT:  # an answer, if not a page
                self._answers += 1

    def advice(self, sites: int) -> str:
        """Return what to do if none of the *sites* (their number) answered; empty: nothing."""
        if self._answers or not self._failures:
            return ""
        [(reason, _)] = self._failures.most_common(1)
        who = "The site did not answer" if sites == 1 else f"None of the {sites} sites answered"
        return (
            f"{who}: {in_words(reason)}. Check the network, name server and firewall of this machine with "
            "`releases check`, then crawl again."
        )
