"""Session parameters, learnt: their values change from list to list, and no page depends on them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Self

from crawler.store.sightings import QueriedUrl

# As many releases must have been found again under another value.
RELEASES_MIN = 3


class SessionParameters:
    """Maps each URL to the one under which its page is known.

    A release keeps the address under which it was found first, so its identity does not depend on what is
    learnt here.
    """

    def __init__(self, names: frozenset[str] = frozenset(), known: Iterable[str] = ()) -> None:
        self.names = names
        self._known: dict[str, str] = {}
        for url in known:
            self._known.setdefault(self._page_of(url), url)

    @classmethod
    def learn(cls, rows: Sequence[QueriedUrl]) -> Self:
        """Learn from the URLs with a query that a site has, in the order of their discovery."""
        uses: defaultdict[str, list[_Use]] = defaultdict(list)
        for row in rows:
            for name, value, page in _parameters_of(row.url):
                uses[name].append((page, value, row))
        names = frozenset(name for name, used in uses.items() if _is_of_a_session(used))
        return cls(names, (row.url for row in rows if not row.has_failed) if names else ())

    def known_url(self, url: str) -> str:
        """Return the URL under which the page at the canonical *url* is known; *url* itself if it is not."""
        return self._known.get(self._page_of(url), url) if self.names and "?" in url else url

    def known_urls(self, urls: Iterable[str]) -> dict[str, str]:
        """Return the known URL of each of the canonical *urls* on one page.

        If a page links to two of them, they are two pages: there the parameter tells them apart.
        """
        distinct = dict.fromkeys(urls)
        pages = Counter(map(self._page_of, distinct))
        known = {url: self.known_url(url) if pages[self._page_of(url)] == 1 else url for url in distinct}
        for url in known.values():
            self._known.setdefault(self._page_of(url), url)
        return known

    def _page_of(self, url: str) -> str:
        path, _, query = url.partition("?")
        kept = [pair for pair in query.split("&") if pair.partition("=")[0] not in self.names]
        return f"{path}?{'&'.join(kept)}"


_Use = tuple[str, str, QueriedUrl]


def _parameters_of(url: str) -> Iterable[tuple[str, str, str]]:
    """Yield the name and value of each parameter of *url*, with the rest of the URL."""
    path, _, query = url.partition("?")
    pairs = query.split("&")
    for at, pair in enumerate(pairs):
        name, _, value = pair.partition("=")
        yield name, value, f"{path}?{'&'.join(pairs[:at] + pairs[at + 1 :])}"


def _is_of_a_session(uses: Sequence[_Use]) -> bool:
    """Whether a parameter, used so, changed from crawl to crawl while releases stayed the same."""
    by_page: defaultdict[str, list[tuple[str, QueriedUrl]]] = defaultdict(list)
    for page, value, row in uses:
        by_page[page].append((value, row))
    again = 0
    for found in by_page.values():
        releases = {row.release for _, row in found if row.release}
        if len(releases) > 1:
            return False  # it tells releases apart
        runs = {row.found for _, row in found if row.release}
        again += len(releases) == 1 and len(runs) > 1
    return again >= RELEASES_MIN and not _do_values_return(uses)


def _do_values_return(uses: Sequence[_Use]) -> bool:
    """Whether a value was found both before and after another one, as the code of a language is."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for _, value, row in uses:
        first[value] = min(first.get(value, row.found), row.found)
        last[value] = max(last.get(value, row.found), row.found)
    starts = sorted(set(first.values()))
    return any(
        first[value] < start <= last[value]
        for value in first
        if first[value] < last[value]
        for start in starts
    )
