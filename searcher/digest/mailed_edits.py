"""The edits of the hits of a saved search that are new since its last mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from index.edits import MINOR, EditFilter, ListedEdit
from index.results import ListedRelease
from preses_relizes.shared.calendar import riga_day
from searcher.digest.arrivals import MARGIN, find_arrivals, shown_hits
from searcher.digest.ledger import MailProgress
from searcher.digest.saved_searches import SavedSearch
from searcher.service import Service

EDITS_MAX = 2_000
"""Edits of all institutions between two mails among which the hits are looked for, newest first."""


def edit_key(edit: ListedEdit) -> str:
    """Return the name of *edit* in the ledger."""
    return f"{edit.release} {edit.version}"


def edits_since(service: Service, since: datetime) -> dict[str, datetime]:
    """Return the edits noticed after *since*, and when, by their names in the ledger."""
    return {edit_key(edit): edit.noticed for edit in noticed_since(service, since)}


@dataclass(frozen=True, slots=True)
class News:
    """The new hits of a search and the edits of older ones, newest first."""

    releases: tuple[ListedRelease, ...]
    edits: tuple[ListedEdit, ...]
    progress: MailProgress
    """Once they are mailed."""


def find_news(service: Service, search: SavedSearch, progress: MailProgress) -> News:
    """Return the hits of *search* that came after *progress*, and what was edited in older ones.

    Minor edits are left out, and those of new hits, which are mailed with their latest text.

    Raises:
        DeadlineError: the search takes too long.
        EngineError: index, store or edits are missing or damaged.
    """
    arrivals = find_arrivals(service, search, progress)
    if arrivals.progress == progress:
        return News((), (), progress)
    since = progress.reached - MARGIN
    noticed = noticed_since(service, since)
    told = {release.id for release in arrivals.releases}
    new = [
        edit for edit in noticed if edit_key(edit) not in progress.recent_edits and edit.release not in told
    ]
    edited = {edit.release for edit in new}
    hits = {release.id for release in shown_hits(service, search.params, search.language, edited).values()}
    known = {edit_key(edit): edit.noticed for edit in noticed} | progress.recent_edits
    kept = {key: moment for key, moment in known.items() if moment > since - MARGIN}
    return News(
        arrivals.releases,
        tuple(edit for edit in new if edit.release in hits),
        arrivals.progress.model_copy(update={"recent_edits": kept}),
    )


def pending_edits(service: Service, search: SavedSearch, keys: Sequence[str]) -> tuple[ListedEdit, ...]:
    """Return the edits with these *keys* that may still be shown, in this order."""
    found = read_edits(service, keys)
    releases = {edit.release for edit in found}
    hits = {release.id for release in shown_hits(service, search.params, search.language, releases).values()}
    return tuple(edit for edit in found if edit.release in hits)


def read_edits(service: Service, keys: Sequence[str], *, weight: int = MINOR) -> tuple[ListedEdit, ...]:
    """Return the edits with these *keys* and at least a *weight* that the file has, in this order."""
    found = {
        edit_key(edit): edit
        for release in dict.fromkeys(key.rpartition(" ")[0] for key in keys)
        for edit in service.edits.edits(EditFilter(release=release, weight=weight), "newest")
    }
    return tuple(found[key] for key in keys if key in found)


def noticed_since(service: Service, since: datetime, *, weight: int = MINOR) -> list[ListedEdit]:
    """Return the edits of at least a *weight* noticed after *since*, newest first; at most `EDITS_MAX`."""
    wanted = EditFilter(noticed_from=riga_day(since), weight=weight)
    edits = service.edits.edits(wanted, "newest", most=EDITS_MAX)
    return [edit for edit in edits if edit.noticed > since]
