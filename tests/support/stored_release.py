"""Releases to store, and when the first was seen."""

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


def publish(name: str, title: str, body: str, day: date | None = None, **other: object) -> Release:
    """Return an invented release."""
    values: dict[str, object] = {"site": "iem", "ministry": "Iekšlietu ministrija", "language": "lv"}
    return Release(  # type: ignore[arg-type]  # the values have the types of the fields
        url=f"https://www.iem.example/{name}",
        title=title,
        body=body,
        contact="",
        published=day,
        published_source="time" if day else "none",
        published_confidence="high" if day else "none",
        **({"lead": ""} | values | other),
    )
