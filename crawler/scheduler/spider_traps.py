"""Where a site leads without end: folders and lists that are asked in vain, or too much that is new."""

from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

from crawler.config import Guards
from crawler.scheduler.frontier import LEAVES
from crawler.scheduler.plan import Entry, FetchOutcome
from crawler.scheduler.reasons import COPY, TOO_MANY_NEW, UNREAD

# After so many list pages it shows on the releases they name whether further ones are worth a look.
LISTS_IN_A_ROW = 50


class Traps:
    """What came of the URLs of a site so far in a run.

    *known* is how many releases it had before, *has_beside* tells whether one stands beside an address.
    """

    def __init__(self, guards: Guards, known: int, has_beside: Callable[[str], bool]) -> None:
        self._at_most = guards.area_misses
        self._has_beside = has_beside
        self._misses: Counter[str] = Counter()
        self._misses_in_a_row = 0
        self._lists_in_a_row = 0
        # A site that suddenly has more new releases than in all the years before may lead into a trap.
        self._new_left = max(guards.new_at_once, known) if known else -1

    @property
    def lists_wait(self) -> bool:
        """Whether the releases that are known by now come before further list pages."""
        return self._lists_in_a_row >= LISTS_IN_A_ROW

    def why_left(self, entry: Entry) -> str:
        """Return why *entry* is left for the next run; nothing where it is not."""
        if self._is_trap(entry):
            return "trap"
        is_new = entry.kind == "release" and not entry.changed
        if is_new and self._new_left == 0:
            return TOO_MANY_NEW
        self._new_left -= is_new
        return ""

    def _is_trap(self, entry: Entry) -> bool:
        """Whether what came before *entry* was in vain for so long that it is left for the next run."""
        # What leads nowhere is judged by its like, lists and sitemaps by the releases that they lead to.
        if entry.kind in LEAVES:
            own, *around = _areas(entry)
            if self._misses[own] >= self._at_most:
                return True
            # One folder that is a trap must not make one of all that stands beside it, nor several of those
            # in which there are releases.
            most = max((self._misses[one] for one in around), default=0)
            return most >= self._at_most * 1.25 and not self._has_beside(entry.url)
        return entry.depth > 0 and not entry.changed and 2 * self._misses_in_a_row >= self._at_most

    def count(self, entry: Entry, end: FetchOutcome) -> None:
        """Take note of how the visit of *entry* ended."""
        if entry.kind == "list" and not entry.changed:
            self._lists_in_a_row += 1
        if entry.kind not in LEAVES or end.outcome == "skipped":
            return
        is_hit = end.outcome in ("new", "changed", "unchanged", "held", "read") and end.reason != COPY
        # What was a release is no trap, though it cannot be read now.
        is_hit = is_hit or (end.reason == UNREAD and not end.is_answer)
        if entry.kind == "release":
            self._lists_in_a_row = 0
            self._misses_in_a_row = 0 if is_hit else self._misses_in_a_row + 1
        own, *around = _areas(entry)
        if not is_hit and self._misses[own] >= self._at_most:
            return  # it was under way when its folder showed to be a trap
        for area in (own, *around):
            self._misses[area] = 0 if is_hit else self._misses[area] + 1


def _areas(entry: Entry) -> list[str]:
    """Return the folder of *entry* and all below each one around it: what the addresses of a trap share."""
    parts = urlsplit(entry.url)
    folders = parts.path.split("/")[1:-1][:3]
    root = f"{entry.kind} {parts.netloc}"
    around = ["/".join((root, *folders[:depth], "*")) for depth in range(1, len(folders))]
    return ["/".join((root, *folders)), *around]
