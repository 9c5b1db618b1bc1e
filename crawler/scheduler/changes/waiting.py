"""A reading that waits from an earlier crawl: since when, and is there still the same doubt about it?"""

from datetime import datetime

from crawler.extraction import DiscoveredUrl
from crawler.scheduler.changes.newcomers import BORROWED, MISDATED
from crawler.scheduler.identity import MISNAMED, Judgement, fits, is_misdated, is_misnamed
from crawler.store import Release
from crawler.store.pending_change_rows import PendingChange
from crawler.store.records import text_digest, text_of


def doubt_again(
    before: PendingChange | None, release: Release, mention: DiscoveredUrl | None
) -> Judgement | None:
    """Return the doubt in which *release* was *before* and still is, if it was taken back for one."""
    if before is None or before.record is None:
        return None
    match before.doubt:
        case doubt if doubt == MISNAMED:
            is_doubtful = is_misnamed(release, before.url) and not fits(mention, release)
        case doubt if doubt == MISDATED:
            is_doubtful = is_misdated(mention, release)
        case doubt if doubt == BORROWED:
            is_doubtful = text_of(before.record) == text_of(release)
        case _:
            is_doubtful = False
    return Judgement(before.identity, before.doubt) if is_doubtful else None


def since_when(
    before: PendingChange | None,
    judgement: Judgement,
    earlier: Release | None,
    release: Release,
    now: datetime,
) -> tuple[datetime, datetime]:
    """Return when an address first answered so, and when it first showed the text of *release*.

    Both are those of the reading *before* if this repeats it; *earlier* is what that reading showed. One that
    is not the release is repeated by any other that is not.
    """
    if before is None or earlier is None:
        return now, now
    are_strange = before.identity == judgement.identity == "strange"
    is_same = text_digest(earlier) == text_digest(release)
    since = before.since if are_strange or (is_same and before.identity != "strange") else now
    return since, (before.read or now) if is_same else now
