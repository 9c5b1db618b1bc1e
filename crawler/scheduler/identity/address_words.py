"""Does a page say what its address says? On many sites the address has the words of the title."""

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from crawler.scheduler.identity.resemblance import words
from crawler.store import Release

MISNAMED = "does not say what its address says, as other releases of the site do"
# Shorter words ("par", "un") are in any text, and a few words may be a name that an editor gave.
CHARS_MIN, WORDS_MIN = 4, 4
# Forms of a word begin alike.
STEM_CHARS = 5
# The words of an address are those of the title if so many releases have half of them in their titles.
RELEASES_MIN, RELEASES_SHARE = 5, 0.9


def is_misnamed(release: Release, url: str) -> bool:
    """Whether *release* lacks most of the words in the name of *url*; a short name says nothing."""
    named = _stems(_name(url))
    # Nearly all titles have them, and reading the whole text takes time.
    texts = (release.title, f"{release.title} {release.lead} {release.body}")
    return len(named) >= WORDS_MIN and all(3 * len(named & _stems(text)) < len(named) for text in texts)


def addresses_tell(releases: Iterable[tuple[str, str]]) -> bool:
    """Whether the addresses of a site's releases, given as URL and title, have the words of the titles."""
    named = [(_stems(_name(url)), _stems(title)) for url, title in releases]
    telling = [2 * len(name & title) >= len(name) for name, title in named if len(name) >= WORDS_MIN]
    return len(telling) >= RELEASES_MIN and sum(telling) >= RELEASES_SHARE * len(telling)


def _name(url: str) -> str:
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]).replace("_", " ")


def _stems(text: str) -> frozenset[str]:
    return frozenset(
        word[:STEM_CHARS] for word in words(text) if len(word) >= CHARS_MIN and not word.isdigit()
    )
