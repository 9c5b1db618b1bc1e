"""Which readings of one crawl show the same page, as a login, a consent or an error page does?"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from crawler.store import Release

# A reading is a shared page if more than this share of its text is at other addresses, too.
SHARE_MAX = 0.5

# An error page may show the number of the request.
_TOKEN = re.compile(r"\b\w*\d{4}\w*\b")


def shared_pages(readings: Iterable[tuple[str, Release, Release | None]]) -> frozenset[str]:
    """Return the addresses whose text is mostly that of another address.

    Each reading is its address, what it shows, and the release stored there, whose own paragraphs do not
    count: two editions of one release may share them.
    """
    fresh = {url: _paragraphs(shown) - _paragraphs(stored) for url, shown, stored in readings}
    owners: dict[str, set[str]] = defaultdict(set)
    for url, paragraphs in fresh.items():
        for paragraph in paragraphs:
            owners[paragraph].add(url)
    whole = {url: _size(paragraphs) for url, paragraphs in fresh.items()}
    return frozenset(
        url for url, paragraphs in fresh.items() if _is_shared(paragraphs, owners, SHARE_MAX * whole[url])
    )


def shared_titles(readings: Iterable[tuple[str, Release, Release | None]]) -> frozenset[str]:
    """Return the addresses that show the same new title as another one."""
    urls: dict[str, list[str]] = defaultdict(list)
    for url, shown, stored in readings:
        if stored is not None and stored.title != shown.title:
            urls[shown.title].append(url)
    return frozenset(url for same in urls.values() if len(same) > 1 for url in same)


def _is_shared(paragraphs: frozenset[str], owners: Mapping[str, set[str]], least: float) -> bool:
    shared = [paragraph for paragraph in paragraphs if len(owners[paragraph]) > 1]
    return bool(shared) and _size(frozenset(shared)) > least


def _paragraphs(release: Release | None) -> frozenset[str]:
    if release is None:
        return frozenset()
    text = f"{release.lead}\n\n{release.body}"
    return frozenset(_TOKEN.sub("#", part) for part in text.split("\n\n") if part)


def _size(paragraphs: frozenset[str]) -> int:
    return sum(map(len, paragraphs))
