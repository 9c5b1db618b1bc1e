"""A feed as both formats show it: the newest releases of a search, and its older ones edited lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from uuid import NAMESPACE_URL, UUID, uuid5

from index.results import ListedRelease
from preses_relizes.shared.calendar import RIGA, riga_day
from searcher.params import DEPTH_MAX, SearchParams
from searcher.service import Service

ENTRIES = 30
"""Releases in a feed unless the request says otherwise."""
CHANGES_READ = 500
"""Latest changes to any release among which edits of older releases are looked for."""
EDITED_FOR = timedelta(days=30)
"""An edit of a release that is not among the newest stays in the feed for this long."""
# Ids do not depend on the address of the service, so that feeds outlive a move to another host.
_NAMESPACE = uuid5(NAMESPACE_URL, "https://www.w3.org/2005/Atom#preses-relizes")
_NOON = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """A release in a feed."""

    id: str
    """A URN that stays when the release moves to another URL."""
    release: ListedRelease
    published: datetime
    updated: datetime
    """When its text last changed, or else when it was first read (UTC); no other entry has the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """One page of the feed of a search."""

    id: str
    entries: Sequence[FeedEntry]
    updated: datetime
    page: int
    pages: int


def urn(name: str) -> str:
    """Return the permanent id of what has this *name*.

    >>> urn("release iem-ec9999a178")
    'urn:uuid:0a4ad4cb-fb9b-5c0a-a86a-5ab8d5ec7e17'
    """
    return uuid5(_NAMESPACE, name).urn


def published_at(day: date | None, first_seen: datetime) -> datetime:
    """Return the moment of publication on *day*, at noon if no better time is known.

    A release read on its day, without a day, or with one to come, was published when it was first read.
    """
    if day is None or day >= riga_day(first_seen):
        return first_seen
    # At noon, so that it is the same day in all of Europe.
    return datetime.combine(day, _NOON, RIGA).astimezone(UTC)


def distinct_moment(moment: datetime, id_: str) -> datetime:
    """Return *moment* with a part of the second that the *id_* of the entry determines.

    A crawl reads many releases at the same moment, but readers take entries updated at once for one.
    """
    return moment.replace(microsecond=UUID(id_).int % 1_000_000)


def read_feed(service: Service, params: SearchParams, name: str, *, face: str) -> FeedPage:
    """Return the feed of a search; *name* is the part of its address that never changes.

    It has the hits that the page in the language *face* counts.

    Raises:
        DeadlineError: the search takes too long.
        EngineError: the index or the store is missing or damaged.
    """
    per_page = params.per_page or ENTRIES
    listing = service.listing(params.model_copy(update={"sort": "newest"}), face=face)
    total = min(listing.total, DEPTH_MAX)
    first = (params.page - 1) * per_page
    newest = [*listing.releases(first, first + per_page)] if total else []
    number, updated = service.engine.info().number, service.engine.info().published
    changed = service.archive.arrivals(after=number - CHANGES_READ, up_to=number)
    edited = listing.among(changed) if total and params.page == 1 else iter(())
    older = [release for release in edited if release.edited]
    if listing.is_of_all:
        newest, older = ([*service.seen_lately(some)] for some in (newest, older))
    entries = _entries(service, newest, older)
    return FeedPage(
        id=urn(f"feed {name}"),
        entries=entries,
        updated=max((entry.updated for entry in entries), default=updated or datetime.now(UTC)),
        page=params.page,
        pages=max(1, -(-total // per_page)),
    )


def _entries(
    service: Service, newest: Sequence[ListedRelease], edited: Sequence[ListedRelease]
) -> list[FeedEntry]:
    releases = {release.id: release for release in chain(newest, edited)}
    histories = service.archive.histories(releases)  # without those that were hidden after the last reindex
    since = datetime.now(UTC) - EDITED_FOR
    shown = {release.id for release in newest}
    return [
        _entry(releases[id_], history.first_id, history.first_seen, history.edited)
        for id_, history in histories.items()
        if id_ in shown or (history.edited and history.edited > since)
    ]


def _entry(release: ListedRelease, first_id: str, first_seen: datetime, edited: datetime | None) -> FeedEntry:
    id_ = urn(f"release {first_id}")
    updated = distinct_moment(edited or first_seen, id_)
    published = published_at(release.published, first_seen)
    return FeedEntry(id=id_, release=release, published=min(published, updated), updated=updated)
