"""The table of pending changes: edits and losses of known releases that are not accepted yet."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.store.database import Database, StoreError
from crawler.store.records import Release, dump_release, load_release

LossReason = Literal["missing", "noindex", "leads to another release"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingChange:
    """A pending change of a known release."""

    release: str
    """The id of the known release."""
    url: str
    """The canonical URL whose response led to it."""
    record: Release | None
    """The release as read now; None: it is missing."""
    aliases: tuple[str, ...] = ()
    reason: LossReason | None = None
    """Why it is missing: 404, 410 or a redirect home; a page that asks not to be indexed; a redirect to
    another release."""
    seen: datetime

    @property
    def addresses(self) -> tuple[str, ...]:
        """The canonical URLs at which the change was found."""
        return (self.url, *self.aliases, *((self.record.url,) if self.record else ()))


class PendingChangeRows:
    """Reads and writes the table `held` of *store*."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def put(self, site: str, pending: PendingChange) -> None:
        """Store *pending* in place of an earlier pending change of the same release."""
        self._store.execute(
            "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?, ?)",
            pending.release,
            site,
            pending.url,
            dump_release(pending.record) if pending.record else None,
            json.dumps(pending.aliases),
            pending.reason or "",
            pending.seen.isoformat(),
        )

    def delete(self, release: str) -> None:
        """Delete the pending change of a release: its page is as before, or the change was made."""
        self._store.execute("DELETE FROM held WHERE release = ?", release)

    def set_site(self, release: str, site: str) -> None:
        """Give the pending change of a release to another site."""
        self._store.execute("UPDATE held SET site = ? WHERE release = ?", site, release)

    def of_site(self, site: str) -> tuple[PendingChange, ...]:
        """Return the pending changes of *site*, ordered by release.

        Raises:
            StoreError: a row is damaged.
        """
        rows = self._store.rows(
            "SELECT release, asked, record, aliases, reason, seen FROM held WHERE site = ? ORDER BY release",
            site,
        )
        try:
            return tuple(
                PendingChange(
                    release=release,
                    url=url,
                    record=load_release(record) if record else None,
                    aliases=tuple(json.loads(aliases)),
                    reason=reason or None,
                    seen=datetime.fromisoformat(seen),
                )
                for release, url, record, aliases, reason, seen in rows
            )
        except ValueError as error:
            raise StoreError(
                f"{self._store.path}: a pending change of {site} is damaged; restore the file from a backup"
            ) from error
