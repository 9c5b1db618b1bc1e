"""What lists say of one release, without what they say of several."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from crawler.extraction import DiscoveredUrl
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.identity import fits, has_exact_title, has_other_day, has_title, is_titled
from crawler.store import Release

# A list that gives one title ("Lasīt vairāk") to more addresses than this gives it to all.
TITLE_REPEATS_MAX = 2
# A trap gives a URL ever new titles.
SAYINGS_MAX = 4
# A text of which so much is titles of other releases, this many at least, is a list.
LIST_SHARE, LIST_ROWS_MIN = 0.5, 3
ROW_CHARS = range(15, 250)
SHOWS_LIST = "shows a list of releases"


class Sayings:
    """All that the pages of a crawl say of the addresses of releases: one list may name them wrongly."""

    def __init__(self) -> None:
        self._by_url: dict[str, list[DiscoveredUrl]] = {}
        self._uses: Counter[int] = Counter()
        """To how many addresses each title is given, by its hash: a trap has very many."""

    def add(self, url: str, discovered: DiscoveredUrl) -> None:
        """Add what a page says of the canonical *url*; a title of several addresses gives way."""
        given = self._by_url.setdefault(url, [])
        if not discovered.title or discovered in given:
            return
        if all(each.title != discovered.title for each in given):
            self._uses[hash(discovered.title)] += 1
        if len(given) == SAYINGS_MAX:
            common = (each for each in given if self._uses[hash(each.title)] > TITLE_REPEATS_MAX)
            if (useless := next(common, None)) is None:
                return
            given.remove(useless)
        given.append(discovered)

    def right_of(self, url: str, release: Release) -> DiscoveredUrl | None:
        """Return what fits *release* of all that was said of *url*; None: nothing does."""
        return next((each for each in self._by_url.get(url, ()) if fits(each, release)), None)

    def give_title(self, url: str, release: Release, *, exactly: bool = False) -> bool:
        """Whether a list gives the title of *release* for *url*, with no word that it lacks if *exactly*."""
        titled = [each for each in self._by_url.get(url, ()) if is_titled(each, release)]
        return any(not exactly or has_exact_title(each, release) for each in titled)


def right_mention(
    urls: Iterable[str], release: Release, mentions: Sayings, frontier: Frontier
) -> DiscoveredUrl | None:
    """Return what fits *release* of all that lists say of its *urls*; None: nothing does."""
    said = (mentions.right_of(url, release) or frontier.hints(url) for url in urls)
    return next((each for each in said if fits(each, release)), None)


def is_of_another(
    url: str, release: Release, mention: DiscoveredUrl | None, mentions: Sayings, frontier: Frontier
) -> bool:
    """Whether lists give *url* another title or day than *release* has, and those to another address.

    Such a page is not the release of *url* although its text begins as the list says (*mention*): a text may
    begin with the title of another release, and a series has one title.
    """
    if mention is None or not has_title(mention):
        return False
    if is_titled(mention, release):
        return _is_rivalled(url, release, mention, mentions, frontier)
    others = () if mentions.give_title(url, release) else frontier.mentions_like(release.site, release.title)
    return any(is_titled(other, release) for other in others if other.url != url)


def _is_rivalled(
    url: str, release: Release, mention: DiscoveredUrl, mentions: Sayings, frontier: Frontier
) -> bool:
    """Whether lists give the exact title or day of *release* to another address, and a like one to *url*."""
    is_near = not (has_exact_title(mention, release) or mentions.give_title(url, release, exactly=True))
    is_dated = has_other_day(mention, release)
    if not (is_near or is_dated):
        return False  # nearly all pages
    return any(
        (is_near and has_exact_title(other, release))
        or (is_dated and _is_of_day(frontier.hints(other.url), release))
        for other in frontier.mentions_like(release.site, release.title)
        if other.url != url and is_titled(other, release)
    )


def _is_of_day(mention: DiscoveredUrl | None, release: Release) -> bool:
    return mention is not None and mention.published == release.published


def shows_list(release: Release, site: str, frontier: Frontier) -> bool:
    """Whether the text of *release* is mostly titles that *site* gives to other releases."""
    lines = f"{release.lead}\n{release.body}".split("\n")
    least = LIST_SHARE * sum(map(len, lines))
    short = [line for line in lines if len(line) < ROW_CHARS.stop]
    if sum(map(len, short)) <= least:
        return False
    cells = {cell for line in short for cell in line.split(" | ")} - {release.title}
    rows = frontier.count_titles(site, [cell for cell in cells if len(cell) in ROW_CHARS])
    return len(rows) >= LIST_ROWS_MIN and sum(map(len, rows)) > least


def mention_of(
    release: Release, hints: DiscoveredUrl | None, site: str, frontier: Frontier
) -> DiscoveredUrl | None:
    """Return what *hints* say of the address of *release*, without a title that *site* gives to others."""
    if hints is None or not hints.title or fits(hints, release) is not False:
        return hints
    is_common = frontier.count_titles(site, [hints.title]).get(hints.title, 0) > TITLE_REPEATS_MAX
    return replace(hints, title=None) if is_common else hints
