"""What lists say of one release, without what they say of several."""

from dataclasses import replace

from crawler.extraction import DiscoveredUrl
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.identity import fits
from crawler.store import Release

# A list that gives one title ("Lasīt vairāk") to more addresses than this gives it to all.
TITLE_REPEATS_MAX = 2


def mention_of(
    release: Release, hints: DiscoveredUrl | None, site: str, frontier: Frontier
) -> DiscoveredUrl | None:
    """Return what *hints* say of the address of *release*, without a title that *site* gives to others."""
    if hints is None or not hints.title or fits(hints, release) is not False:
        return hints
    is_common = frontier.count_titled(site, hints.title) > TITLE_REPEATS_MAX
    return replace(hints, title=None) if is_common else hints
