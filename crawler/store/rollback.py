"""Takes back what a crawl did to the releases of a site: marked them as gone, hid or overwrote them."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from crawler.store.releases import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """The addresses of the releases that are again as they were before a crawl."""

    present_again: tuple[str, ...]
    """Were marked as gone, hidden because their page asked for it, or became part of another release."""
    text_again: tuple[str, ...]
    """Had been overwritten; what they said meanwhile is forgotten."""


def undo(store: Store, site: str, *, since: datetime, seen: datetime) -> Undone:
    """Bring the releases of *site* back to what they were at *since* (UTC); new ones stay.

    A release keeps of its earlier text title, lead, body and day; of its other fields, what was read last.
    """
    with store.transaction():
        return Undone(
            text_again=tuple(_restored(store, id_, since, seen) for id_ in _overwritten(store, site, since)),
            present_again=(
                *(_shown(store, id_, seen) for id_ in _lost(store, site, since)),
                *(_parted(store, id_, seen) for id_ in _moved(store, site, since)),
            ),
        )


def _overwritten(store: Store, site: str, since: datetime) -> list[str]:
    rows = store.rows(
        """SELECT DISTINCT release.id FROM revision JOIN release ON release.id = revision.release
           WHERE site = ? AND until >= ? AND moved_to IS NULL ORDER BY release.id""",
        site,
        since.isoformat(),
    )
    return [id_ for (id_,) in rows]


def _restored(store: Store, id_: str, since: datetime, seen: datetime) -> str:
    """Give the release *id_* the text that was the first to be replaced after *since*; return its address."""
    stored = store.get(id_)
    [(title, lead, body, published)] = store.rows(
        """SELECT title, lead, body, published FROM revision WHERE release = ? AND until >= ?
           ORDER BY until, rowid LIMIT 1""",
        id_,
        since.isoformat(),
    )
    assert stored is not None  # noqa: S101 # the revision refers to it
    day = date.fromisoformat(published) if published else None
    release = replace(stored.release, title=title, lead=lead, body=body, published=day)
    with store.transaction():
        store.execute("DELETE FROM revision WHERE release = ? AND until >= ?", id_, since.isoformat())
        store.overwrite(id_, release, seen=seen)
    return release.url


def _lost(store: Store, site: str, since: datetime) -> list[str]:
    rows = store.rows(
        """SELECT id FROM release WHERE site = ? AND (
             (state = 'gone' AND gone_at >= ?)
             OR (state = 'hidden' AND changed >= ? AND moved_to IS NULL
                 AND url NOT IN (SELECT url FROM takedown))
           ) ORDER BY id""",
        site,
        since.isoformat(),
        since.isoformat(),
    )
    return [id_ for (id_,) in rows]


def _shown(store: Store, id_: str, seen: datetime) -> str:
    store.show(id_, seen=seen)
    return _address(store, id_)


def _moved(store: Store, site: str, since: datetime) -> list[str]:
    """Return which releases known before *since* were taken for others at a new address after it."""
    rows = store.rows(
        """SELECT id FROM release WHERE site = ? AND moved_to IS NOT NULL AND changed >= ? AND first_seen < ?
           ORDER BY id""",
        site,
        since.isoformat(),
        since.isoformat(),
    )
    return [id_ for (id_,) in rows]


def _parted(store: Store, id_: str, seen: datetime) -> str:
    store.part(id_, seen=seen)
    return _address(store, id_)


def _address(store: Store, id_: str) -> str:
    [(url,)] = store.rows("SELECT url FROM release WHERE id = ?", id_)
    return str(url)
