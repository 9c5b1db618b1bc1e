"""The stays of a release: the periods in which it had one text on its site."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from crawler.store.history.events import Event
from crawler.store.history.versions import TextVersion, sighting
from crawler.store.records import StoredRelease
from crawler.store.releases import Store
from preses_relizes.shared.calendar import day_bounds, riga_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A period in which a release had the text ``version``; it appeared between ``after`` and ``since``.

    It counts from when it was first read, or is presumed to have stood, until that is noticed to have ended:
    at any time, the site has one text. A version has one stay, but another after each return to the site.
    """

    version: TextVersion
    place: int
    """Its number among the stays of the version, from 1."""
    presumed: date | None
    """The day from which the text presumably stood, if that was never seen: of the first text, and readings
    of the same page, the day of publication."""
    after: datetime | None
    """When the site last had another text, or none; None: unknown."""
    since: datetime
    """When the text was first read, or the return was noticed."""
    seen: datetime | None
    """When the site was last seen to have it; None: unknown, or it is the present text."""
    until: datetime | None
    """When another text was first read or the removal was noticed; None: it still stands. Before ``since`` if
    it was only read, or restored by an undo, when the page was gone."""

    @property
    def begin(self) -> datetime:
        """When it begins: when it was first seen, or the beginning of the presumed day."""
        if self.presumed is None:
            return self.since
        return min(self.since, day_bounds(self.presumed)[0])


def stays_of(store: Store, stored: StoredRelease) -> Iterator[Stay]:
    """Yield the stays of a *stored* release, and of those merged into it, oldest first of each.

    The last is that of its present text. Texts that were dropped, as there are too many, have none.
    """
    earlier: list[TextVersion] = []
    for merged in store.merged_into(stored.id):
        versions = store.versions(merged)
        earlier += versions
        yield from _stays(versions, store.events_of(merged))
    versions = store.versions_of(stored)
    yield from _stays(_after_the_move(versions, earlier), store.events_of(stored.id))


def _after_the_move(versions: Sequence[TextVersion], earlier: Sequence[TextVersion]) -> Sequence[TextVersion]:
    """Return the *versions* of a release that took the place of one with *earlier* texts.

    If those were read before it, its first text is no first one: it appeared after what was read last.
    """
    first = versions[0]
    moments = [
        moment for one in earlier for moment in (one.since, one.seen) if moment and moment <= first.since
    ]
    if first.kind != "first" or not moments or min(one.since for one in earlier) >= first.since:
        return versions
    return [replace(first, kind="edit", after=max(moments)), *versions[1:]]


def _stays(versions: Sequence[TextVersion], events: Iterable[Event]) -> Iterator[Stay]:
    read = {version.stored: version.since for version in versions}
    absences, last = list(_absences(events, read)), None
    for version in versions:
        stays = list(_stays_of_version(version, absences, last))
        last = stays[-1]
        if version.kept:
            yield from stays


@dataclass(frozen=True, slots=True)
class _Absence:
    """A time in which a release was not on its site."""

    seen: datetime | None
    """When it was last seen before; None: unknown."""
    gone: datetime
    """When it was noticed to be missing."""
    back: datetime | None
    """When it was found again; None: never."""


def _absences(events: Iterable[Event], read: Mapping[datetime, datetime]) -> Iterator[_Absence]:
    """Yield the absences that *events* tell; *read* is when what was stored at a time was first read."""
    last: _Absence | None = None
    for event in events:
        if event.kind == "removal" and (last is None or last.back is not None):
            if last is not None and event.at != last.back:
                yield last
                last = None
            # A gone release that was merged is gone once it is separated.
            last = replace(last, back=None) if last else _Absence(event.seen, event.at, None)
        elif event.kind in _RETURNS and last is not None and last.back is None:
            last = replace(last, back=read.get(event.at, event.at))
    if last is not None:
        yield last


# An edit was read on the site; a hidden release has no other event then.
_RETURNS = frozenset(("new", "edit", "return", "unhide", "separation"))


def _stays_of_version(
    version: TextVersion, absences: Iterable[_Absence], before: Stay | None
) -> Iterator[Stay]:
    """Yield the stays of a *version*, which are separated by absences; *before* is the stay before them."""
    presumed, after, since = _presumed(version, before), version.after, version.since
    if after is not None and before is not None and before.seen is not None:
        after = max(after, min(before.seen, since))  # the text before was seen to return
    place, until = 1, version.until
    for absence in absences:
        gone, back = absence.gone, absence.back
        if (until is not None and gone >= until) or (back is not None and back <= since):
            if back == since and after is not None:  # it came back with another text
                after = max(after, gone)
            continue
        is_last = back is None or (until is not None and back >= until)
        known = version.seen if is_last else sighting(version.kind, version.stored, absence.seen)
        seen = _last_seen(known, place, since)
        # A page that was read anew once it was gone stood before it was so read.
        yield Stay(
            version=version, place=place, presumed=presumed, after=after, since=since, seen=seen, until=gone
        )
        if back is None or is_last:
            return
        place, presumed, after, since = place + 1, None, gone, back
    seen = None if until is None else _last_seen(version.seen, place, since)
    yield Stay(
        version=version, place=place, presumed=presumed, after=after, since=since, seen=seen, until=until
    )


def _last_seen(seen: datetime | None, place: int, since: datetime) -> datetime | None:
    """Return when a stay was last seen: after a return, not before that."""
    return seen if place == 1 else max(seen or since, since)


def _presumed(version: TextVersion, before: Stay | None) -> date | None:
    match version.kind:
        case "first" if version.published and version.published <= riga_day(version.since):
            return version.published
        case "reread" if before is not None:  # another reading of the same page
            return before.presumed or riga_day(before.since)
        case _:
            return None
