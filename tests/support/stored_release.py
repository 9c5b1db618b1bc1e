"""A release to store, and when it was seen."""

from datetime import UTC, date, datetime

from crawler.store import Release, release_id

DAY = datetime(2026, 3, 1, 9, tzinfo=UTC)
RELEASE = Release(
    url="https://www.iem.example/lv/jaunums/ugunsdzeseji",
    site="iem",
    ministry="Iekšlietu ministrija",
    language="lv",
    title="Ugunsdzēsēji saņem jaunas automašīnas",
    lead="",
    body="Šodien nodotas desmit automašīnas.\n\nTās brauks Latgalē.",
    contact="",
    published=date(2026, 2, 27),
    published_source="time",
    published_confidence="high",
)
ID = release_id(RELEASE.site, RELEASE.url)
