"""Rolls back what a crawl did to the releases of a site: losses, hidings and edits."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from crawler.store.releases import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """The URLs of the releases that were restored."""

    present_again: tuple[str, ...]
    """They had been marked as gone, hidden on request of their page, or merged into another release."""
    text_again: tuple[str, ...]
    """They had been edited; the newer text is an earlier version now."""
    text_lost: tuple[str, ...]
    """They had been edited, and keep the newer text: the earlier is one of too many versions to be kept."""


def roll_back(store: Store, site: str, *, since: datetime, seen: datetime) -> Rollback:
    """Restore the releases of *site* to their state at *since* (UTC); new ones stay.

    Title, lead, body and date are restored; the other fields of a release keep their last values.
    """
    with store.transaction():
        present_again = (
            *(_show(store, id_, seen) for id_ in _lost_ids(store, site, since)),
            *(_separate(store, id_, seen) for id_ in _merged_ids(store, site, since)),
        )
        # Now those that were edited before they were merged have a text of their own again.
        edited = {id_: _restore_text(store, id_, since, seen) for id_ in _edited_ids(store, site, since)}
        return Rollback(
            present_again=present_again,
            text_again=tuple(_url_of(store, id_) for id_, is_restored in edited.items() if is_restored),
            text_lost=tuple(_url_of(store, id_) for id_, is_restored in edited.items() if not is_restored),
        )


def _edited_ids(store: Store, site: str, since: datetime) -> list[str]:
    rows = store.rows(
        """SELECT DISTINCT release.id FROM revision JOIN release ON release.id = revision.release
           WHERE site = ? AND until >= ? AND moved_to IS NULL ORDER BY release.id""",
        site,
        since.isoformat(),
    )
    return [id_ for (id_,) in rows]


def _restore_text(store: Store, id_: str, since: datetime, seen: datetime) -> bool:
    """Restore the text that was the first to be replaced after *since*; return whether it is still kept."""
    stored = store.get(id_)
    [(title, lead, body, published, kept, structure)] = store.rows(
        """SELECT title, lead, body, published, kept, structure FROM revision WHERE release = ? AND until >= ?
           ORDER BY until, number LIMIT 1""",
        id_,
        since.isoformat(),
    )
    assert stored is not None  # noqa: S101 # the revision refers to it
    if not kept:
        return False
    day = date.fromisoformat(published) if published else None
    text = {"title": title, "lead": lead, "body": body, "structure": structure}
    release = replace(stored.release, published=day, **text)
    with store.transaction():
        store.undo_edits(id_, since=since)
        store.overwrite(id_, release, seen=seen, kind="withdrawal")
    return True


def _lost_ids(store: Store, site: str, since: datetime) -> list[str]:
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


def _show(store: Store, id_: str, seen: datetime) -> str:
    store.show(id_, seen=seen)
    return _url_of(store, id_)


def _merged_ids(store: Store, site: str, since: datetime) -> list[str]:
    """Return the releases known before *since* that were merged into others after it."""
    rows = store.rows(
        """SELECT id FROM release WHERE site = ? AND moved_to IS NOT NULL AND changed >= ? AND first_seen < ?
           ORDER BY id""",
        site,
        since.isoformat(),
        since.isoformat(),
    )
    return [id_ for (id_,) in rows]


def _separate(store: Store, id_: str, seen: datetime) -> str:
    store.separate(id_, seen=seen)
    return _url_of(store, id_)


def _url_of(store: Store, id_: str) -> str:
    [(url,)] = store.rows("SELECT url FROM release WHERE id = ?", id_)
    return str(url)
