"""What visits tell of the periods of hits: when a text was last seen, and whether it was on some days."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice

from msgspec.structs import replace

from index.results import Hit, ListedRelease, Stood
from preses_relizes.shared.calendar import day_bounds

Days = tuple[date, date]
LastSeen = Callable[[Iterable[tuple[str, int]]], Mapping[tuple[str, int], datetime]]
"""Returns when sites were last seen to have versions, each of a release."""
# A stream gives way to searches between those that are looked up at once.
_LOOKED_UP = 20


def observed(hits: Iterable[Hit], days: Days | None, last_seen: LastSeen) -> tuple[Hit, ...]:
    """Return *hits* with the last visits to texts that still stand.

    If it was asked what stood on some *days*, each period says whether it was seen then.
    """
    hits = tuple(hits)
    standing = {(stay.release, stay.last) for hit in hits for stay in hit.stood if not stay.is_past}
    seen = last_seen(sorted(standing))
    return tuple(
        replace(
            hit, stood=tuple(_observed(stay, days, seen.get((stay.release, stay.last))) for stay in hit.stood)
        )
        for hit in hits
    )


def seen_lately(releases: Iterable[ListedRelease], last_seen: LastSeen) -> Iterator[ListedRelease]:
    """Yield *releases* of a search through time with the last visits to texts that still stand."""
    rest = iter(releases)
    while some := list(islice(rest, _LOOKED_UP)):
        stays = [one.stood for one in some if one.stood]
        seen = last_seen(sorted({(stay.release, stay.last) for stay in stays if not stay.is_past}))
        for one in some:
            stay = one.stood
            yield (
                replace(one, stood=_observed(stay, None, seen.get((stay.release, stay.last))))
                if stay
                else one
            )


def _observed(stay: Stood, days: Days | None, seen: datetime | None) -> Stood:
    if not stay.is_past and seen is not None:
        stay = replace(stay, seen=max(seen, stay.since))
    if days is None:
        return stay
    begin, end = day_bounds(days[0])[0], day_bounds(days[1])[1]
    return replace(stay, observed=stay.since < end and (stay.seen or stay.since) >= begin)
