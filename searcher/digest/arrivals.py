"""The hits of a saved search that are new since its last mail."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from index.results import ListedRelease
from searcher.digest.ledger import MailProgress
from searcher.digest.saved_searches import SavedSearch
from searcher.params import SearchParams
from searcher.service import Service

MARGIN = timedelta(days=1)
"""The longest time from the fetch of a release to the publication of an index that contains it."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The new hits of a search, newest first, and the progress once they are mailed."""

    releases: tuple[ListedRelease, ...]
    progress: MailProgress


def begin(service: Service) -> MailProgress:
    """Return the progress of a new subscription: releases indexed so far count as known."""
    info = service.engine.info()
    return MailProgress(number=info.number, reached=info.published or datetime.now(UTC))


def find_arrivals(service: Service, search: SavedSearch, progress: MailProgress) -> Arrivals:
    """Return the hits of *search* that came after *progress*; edits of known releases are left out.

    Raises:
        DeadlineError: the search takes too long.
        EngineError: index or store are missing or damaged.
    """
    now = begin(service)
    if now.number == progress.number:
        return Arrivals((), progress)
    # A store that was restored from a backup counts its changes anew.
    after = progress.number if now.number > progress.number else 0
    since = progress.reached - MARGIN
    seen = service.archive.arrivals(after=after, up_to=now.number)
    new = {id_: first_seen for id_, first_seen in seen.items() if first_seen > since}
    found = shown_hits(service, search.params, search.language, new)
    hits = {first_id: release for first_id, release in found.items() if first_id not in progress.recent}
    recent = progress.recent | {first_id: new[release.id] for first_id, release in hits.items()}
    kept = {first_id: first_seen for first_id, first_seen in recent.items() if first_seen > since - MARGIN}
    return Arrivals(tuple(hits.values()), now.model_copy(update={"recent": kept}))


def shown_hits(
    service: Service, params: SearchParams, language: str, ids: Collection[str]
) -> Mapping[str, ListedRelease]:
    """Return the hits among *ids* that may be shown, newest first, by their first id.

    They are those of the search for *params* on the page in a *language*.
    """
    if not ids:
        return {}
    releases = service.among(params, ids, face=language)
    histories = service.archive.histories(release.id for release in releases)
    return {histories[one.id].first_id: one for one in releases if one.id in histories}
