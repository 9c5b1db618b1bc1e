"""Compares how the newest pages of a site were read with how earlier ones were: did its markup change?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import comb
from typing import Literal

from crawler.store import Release
from crawler.store.database import Database
from crawler.store.statistics import Reading, newest_readings

# Maximum number of pages read; bounds of the number of newest pages, and of those they are compared with.
PAGES_MAX, FRESH_MIN, FRESH_MAX, EARLIER_MIN, EARLIER_MAX = 100, 3, 20, 5, 40
# An alarm needs a rise of the share by RISE_MIN or more, from BEFORE_MAX or less. Its probability by chance
# must be below CHANCE_MAX.
RISE_MIN, BEFORE_MAX, CHANCE_MAX = 0.5, 0.25, 0.001
PAGES_SHOWN = 5

# The rules that find a title or a text without the selectors of a template.
_FALLBACKS = {
    "title": {
        "og:title",
        "title element",
        "line that is the title element",
        "line at the date",
        "list",
        "feed",
        "first words",
        "none",
    },
    "body": {"densest text", "trafilatura", "none"},
}


def is_by_fallback(field: Literal["title", "body"], release: Release) -> bool:
    """Whether no selector of the template found the title or text of *release*."""
    return dict(release.rules).get(field) in _FALLBACKS[field]


_UNREAD = "cannot be read"
_LACKS: Mapping[str, Callable[[Release], bool]] = {
    "no date": lambda release: release.published is None,
    "date only in the list": lambda release: release.published_source in ("list", "feed"),
    "no lead": lambda release: not release.lead,
    "no text": lambda release: not release.body,
    "title not found by the template": partial(is_by_fallback, "title"),
    "text not found by the template": partial(is_by_fallback, "body"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LackCount:
    """How many of the newest pages of a site lack a field, and how many of the pages before them."""

    lack: str
    fresh: int
    fresh_pages: int
    """Number of the newest pages; *fresh* of them lack the field."""
    earlier: int
    earlier_pages: int
    is_sudden: bool
    urls: tuple[str, ...]
    """Pages that an operator should look at; empty unless the lack is sudden."""

    def __str__(self) -> str:
        """Return the counts as a sentence."""
        return (
            f"{self.fresh} of the newest {self.fresh_pages} pages: {self.lack} "
            f"(before: {self.earlier} of {self.earlier_pages})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkupComparison:
    """The fields that the newest pages of a site lack, compared with the pages before them."""

    lacks: tuple[LackCount, ...]
    """One count per kind of lack; kinds that no page has are left out."""

    @property
    def pages_to_look_at(self) -> tuple[str, ...]:
        """The pages that an operator should look at, over all sudden lacks."""
        return tuple(dict.fromkeys(url for count in self.lacks for url in count.urls))

    @property
    def alarms(self) -> tuple[str, ...]:
        """A line for each sudden lack."""
        return tuple(
            f"{count}; new markup? Try `crawl preview {count.urls[0]}`"
            for count in self.lacks
            if count.is_sudden
        )


def compare_markup(store: Database, site: str, run: int) -> MarkupComparison:
    """Compare the pages of *site* that were new or different in *run* with those before.

    If the run has few such pages, the newest of earlier runs are added. So an alarm lasts until the template
    fits again (`crawl reextract`), or most of the earlier pages have the new markup too.
    """
    readings = newest_readings(store, site, run, at_most=PAGES_MAX)
    pages = (*readings.fresh, *readings.earlier)
    counts = (_count(lack, pages, len(readings.fresh)) for lack in (_UNREAD, *_LACKS))
    return MarkupComparison(lacks=tuple(count for count in counts if count.fresh or count.earlier))


def _count(lack: str, pages: Sequence[Reading], of_run: int) -> LackCount:
    """Count the *pages* with a *lack*; they are sorted newest first, the first *of_run* are of the run."""
    lacking = [_is_lacking(lack, page) for page in pages]
    least = max(FRESH_MIN, of_run)
    sudden = next((at for at in range(least, least + FRESH_MAX) if _is_sudden(lacking, at)), None)
    at = sudden or least
    earlier = lacking[at : at + EARLIER_MAX]
    urls = [page.url for page, lacks in zip(pages[:at], lacking, strict=False) if lacks]
    return LackCount(
        lack=lack,
        fresh=len(urls),
        fresh_pages=min(at, len(pages)),
        earlier=sum(earlier),
        earlier_pages=len(earlier),
        is_sudden=sudden is not None,
        urls=tuple(urls[:PAGES_SHOWN]) if sudden else (),
    )


def _is_lacking(lack: str, reading: Reading) -> bool:
    if reading.release is None:
        return lack == _UNREAD
    return lack != _UNREAD and _LACKS[lack](reading.release)


def _is_sudden(lacking: Sequence[bool], at: int) -> bool:
    """Whether the pages before *at* lack the field far more often than those after, and not by chance.

    >>> _is_sudden([True] * 3 + [False] * 10, 3), _is_sudden([True] * 3 + [True, False] * 5, 3)
    (True, False)
    """
    fresh, earlier = lacking[:at], lacking[at : at + EARLIER_MAX]
    # If the very newest have the field, the site has repaired itself.
    if len(earlier) < EARLIER_MIN or sum(fresh[:FRESH_MIN]) < FRESH_MIN - 1:
        return False
    count, total, before = sum(fresh), len(fresh), sum(earlier) / len(earlier)
    # Laplace's rule of succession, because 0 of 10 pages does not mean that the share is 0.
    share = (sum(earlier) + 1) / (len(earlier) + 2)
    chance = sum(comb(total, n) * share**n * (1 - share) ** (total - n) for n in range(count, total + 1))
    return count / total - before >= RISE_MIN and before <= BEFORE_MAX and chance < CHANCE_MAX
