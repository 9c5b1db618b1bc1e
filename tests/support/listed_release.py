"""A release as a listing reads it, and when an earlier text of one stood."""

from datetime import UTC, date, datetime

from index.results import ListedRelease, Stood

LISTED = ListedRelease(
    id="iem-1",
    url="https://www.iem.example/x",
    title="Ziņa",
    lead="",
    body="Teksts.",
    published=None,
    site="iem",
    ministry="Iekšlietu ministrija",
    language="lv",
    also_published_by=(),
    gone=False,
    edited=False,
    machine_translated=False,
)

STOOD = Stood(
    release="iem-0",
    first=2,
    last=2,
    presumed=date(2020, 1, 2),
    after=datetime(2020, 1, 3, tzinfo=UTC),
    since=datetime(2020, 1, 4, tzinfo=UTC),
    seen=datetime(2020, 1, 5, tzinfo=UTC),
    until=datetime(2020, 1, 6, tzinfo=UTC),
)
