"""When a text stood on its site: as columns that are filtered, and as the values stored with a document."""

from datetime import UTC, date, datetime

from crawler.store import Stay
from index.results import Stood
from preses_relizes.shared.calendar import day_bounds

OPEN = (1 << 31) - 1
"""The end of what still stands."""

PackedStay = list[int | str]
"""A stay as stored: the id of its release if that was merged into another, the number of its version, the
presumed day as an ordinal, and four moments in seconds; 0 for those unknown."""


def columns(stay: Stay) -> tuple[int, int]:
    """Return the first and the last minute of a stay, in minutes since 1970."""
    return _minute(stay.begin), OPEN if stay.until is None else _minute(stay.until)


def bounds(first: date, last: date) -> tuple[int, int]:
    """Return the first and the last minute of the days from *first* to *last* in Riga, within the columns.

    Only what still stands reaches `date.max`.
    """
    begin, end = _minute(day_bounds(first)[0]), _minute(day_bounds(last)[1]) - 1
    return min(begin, OPEN), min(end, OPEN)  # the column ends in the year 6053


def pack(stay: Stay, release: str) -> PackedStay:
    """Return a stay of the release with the id *release* as it is stored."""
    own, presumed = stay.version.release, stay.presumed
    moments = (stay.after, stay.since, stay.seen, stay.until)
    return [
        "" if own == release else own,
        stay.version.number,
        presumed.toordinal() if presumed else 0,
        *(int(moment.timestamp()) if moment else 0 for moment in moments),
    ]


def unpack(packed: PackedStay, release: str) -> Stood:
    """Return what ``pack`` stored with a document of the release with the id *release*."""
    own, number, presumed, *moments = packed
    after, since, seen, until = (datetime.fromtimestamp(int(one), UTC) if one else None for one in moments)
    assert since is not None  # noqa: S101 # every stay has been read
    return Stood(
        release=str(own) or release,
        first=int(number),
        last=int(number),
        presumed=date.fromordinal(int(presumed)) if presumed else None,
        after=after,
        since=since,
        seen=seen,
        until=until,
    )


def release_of(document: str) -> str:
    """Return the id of the release of a document with the id *document*: its own, or of an earlier text."""
    return document.partition("@")[0]


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)
