"""Spider traps: folders and lists that yield nothing, and more new URLs than a site can have."""

from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

from crawler.config import Guards
from crawler.scheduler.frontier import LEAVES
from crawler.scheduler.plan import FetchOutcome, FrontierUrl
from crawler.scheduler.reasons import COPY, EMPTY, TOO_MANY_MISSES, TOO_MANY_NEW, UNREAD

# After this many list pages their releases are fetched first: they show whether further pages are worth it.
LISTS_IN_A_ROW = 50


class Traps:
    """Counts the hits and misses of a site in a run, by folder.

    *known* is the number of releases it had before; *has* returns whether a release is stored at a URL, its
    own or an alias, *owner* the site of the release whose own URL it is, and *has_beside* whether there is
    one in the folder of a URL. Known releases are fetched in a trap, too, and make none if they fail.
    """

    def __init__(
        self,
        guards: Guards,
        known: int,
        *,
        has: Callable[[str], bool],
        owner: Callable[[str], str | None],
        has_beside: Callable[[str], bool],
    ) -> None:
        self._at_most = guards.area_misses
        self._has = has
        self._owner = owner
        self._has_beside = has_beside
        self._misses_left = guards.misses_at_once
        self._misses: Counter[str] = Counter()
        self._misses_in_a_row = 0
        self._lists_in_a_row = 0
        # A site with more new releases than it had before may be a trap.
        self._new_left = max(guards.new_at_once, known) if known else -1

    @property
    def lists_wait(self) -> bool:
        """Whether known releases come before further list pages."""
        return self._lists_in_a_row >= LISTS_IN_A_ROW

    def skip_reason(self, entry: FrontierUrl) -> str:
        """Return why *entry* is left for the next run; empty: it is not."""
        if self._misses_left <= 0 and self._may_miss(entry):
            return TOO_MANY_MISSES
        if self._is_trap(entry) and not self._is_release(entry):
            return "trap"
        is_new = entry.kind == "release" and not entry.changed
        if is_new and self._new_left == 0:
            return TOO_MANY_NEW
        self._new_left -= is_new
        return ""

    def _may_miss(self, entry: FrontierUrl) -> bool:
        """Whether *entry* may be one more page without a release: neither a start page, a file nor known."""
        return entry.depth > 0 and entry.kind != "attachment" and not self._has(entry.url)

    def _is_release(self, entry: FrontierUrl) -> bool:
        """Whether a stored release has *entry* as its own URL; one text may have endless aliases."""
        return entry.kind == "release" and self._owner(entry.url) is not None

    def _is_trap(self, entry: FrontierUrl) -> bool:
        """Whether *entry* is left for the next run, since too many URLs like it were misses."""
        # Releases are judged by their neighbours, list pages and sitemaps by the releases they lead to.
        if entry.kind in LEAVES:
            own, *around = _areas(entry)
            if self._misses[own] >= self._at_most:
                return True
            # One trap must not block its parent folder, nor several the folders that have releases.
            most = max((self._misses[area] for area in around), default=0)
            return most >= self._at_most * 1.25 and not self._has_beside(entry.url)
        return entry.depth > 0 and not entry.changed and 2 * self._misses_in_a_row >= self._at_most

    def count(self, entry: FrontierUrl, end: FetchOutcome) -> None:
        """Count how the fetch of *entry* ended."""
        if entry.kind == "list" and entry.depth > 0 and (end.outcome == "failed" or end.reason == EMPTY):
            self._misses_left -= 1
        if entry.kind == "list" and not entry.changed:
            self._lists_in_a_row += 1
        if entry.kind not in LEAVES or end.outcome == "skipped":
            return
        is_hit = end.outcome in ("new", "changed", "unchanged", "held", "read") and end.reason != COPY
        # A stored release that cannot be read now is not a trap.
        is_hit = is_hit or (end.reason == UNREAD and not end.is_answer)
        if entry.kind == "release":
            self._lists_in_a_row = 0
        if not is_hit and self._is_release(entry):
            return
        if entry.kind == "release":
            self._misses_left -= not is_hit
            self._misses_in_a_row = 0 if is_hit else self._misses_in_a_row + 1
        own, *around = _areas(entry)
        if not is_hit and self._misses[own] >= self._at_most:
            return  # it was in extraction when its folder was recognised as a trap
        for area in (own, *around):
            self._misses[area] = 0 if is_hit else self._misses[area] + 1


def _areas(entry: FrontierUrl) -> list[str]:
    """Return the folder of *entry*, then each parent with all below it: a trap shares one of them."""
    parts = urlsplit(entry.url)
    folders = parts.path.split("/")[1:-1][:3]
    root = f"{entry.kind} {parts.netloc}"
    around = ["/".join((root, *folders[:depth], "*")) for depth in range(1, len(folders))]
    return ["/".join((root, *folders)), *around]
