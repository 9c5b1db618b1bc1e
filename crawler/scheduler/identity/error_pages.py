"""What a site answers, with status 200, at addresses that do not exist: no release.

A crawl learns it by asking for an address in the shape of one that it doubts. Known pages of firewalls,
servers and systems are refused earlier: see `crawler.extraction.error_pages`.
"""

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.extraction import Extraction
from crawler.scheduler.identity.resemblance import overlap
from crawler.store import Release

# A page that has less text of its own than this beside a known error page is that page.
OWN_CHARS_MAX = 60
# Two texts of an error page may differ by an address or a number.
SHARE_MIN = 0.8
# A name that no editor gives, in the letters of one.
NONSENSE_SLUG = "nav-tadas-lapas"

_CHANGING = re.compile(r"https?://\S+|\b\w*\d\w*\b")


class ErrorPages:
    """The error pages of a site, as learnt in one crawl."""

    def __init__(self) -> None:
        self._releases: list[Release] = []
        self._outlines: list[frozenset[str]] = []

    def add(self, extraction: Extraction) -> None:
        """Add what an address that does not exist answers."""
        if extraction.release is not None:
            self._releases.append(extraction.release)
        elif extraction.page_text:
            self._outlines.append(_steady_blocks(extraction.page_text))

    def __bool__(self) -> bool:
        """Whether any were learnt."""
        return bool(self._releases or self._outlines)

    def have(self, release: Release) -> bool:
        """Whether the text of *release* is that of an error page."""
        return any(_is_same_page(page, release) for page in self._releases)

    def have_outline(self, blocks: Iterable[str]) -> bool:
        """Whether a page with this text has next to nothing that an error page lacks."""
        own = _steady_blocks(blocks)
        return bool(own) and any(
            own & page and sum(map(len, own - page)) <= OWN_CHARS_MAX for page in self._outlines
        )


def nonsense_url(url: str) -> str:
    """Return an address in the shape of *url* at which there is no release: other number, name or query.

    >>> nonsense_url("https://www.iem.gov.lv/lv/jaunums/ministrs-tiekas")
    'https://www.iem.gov.lv/lv/jaunums/nav-tadas-lapas-0e95edd2'
    """
    parts = urlsplit(url)
    if parts.query:
        pairs = [(name, _nonsense(value, url)) for name, value in parse_qsl(parts.query)]
        return urlunsplit(parts._replace(query=urlencode(pairs)))
    folder, slash, name = parts.path.rstrip("/").rpartition("/")
    stem, dot, suffix = name.partition(".")
    end = "/" if parts.path.endswith("/") else ""
    return urlunsplit(parts._replace(path=f"{folder}{slash}{_nonsense(stem, url)}{dot}{suffix}{end}"))


def shape_of(url: str) -> str:
    """Return the folder of *url* and the shape of its name: addresses of one shape are answered alike."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rstrip("/").rpartition("/")
    shape = "number" if name.isdigit() else "name"
    query = "&".join(sorted(key for key, _ in parse_qsl(parts.query)))
    return f"{parts.netloc}{parts.path if query else folder} {shape} {query}"


def _nonsense(value: str, url: str) -> str:
    digest = hashlib.sha256(url.encode()).hexdigest()
    return f"9{int(digest[:7], 16):09}" if value.isdigit() else f"{NONSENSE_SLUG}-{digest[:8]}"


def _is_same_page(page: Release, release: Release) -> bool:
    shared = overlap(page, release)
    return min(shared.kept, shared.taken) >= SHARE_MIN


def _steady_blocks(blocks: Iterable[str]) -> frozenset[str]:
    """Return *blocks* without what changes from request to request: addresses and numbers."""
    return frozenset(_CHANGING.sub("#", block) for block in blocks)
