"""The table of pending changes: what addresses answered that is not taken into the store yet."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from crawler.store.database import Database, StoreError
from crawler.store.records import Release, dump_release, load_release

LossReason = Literal["missing", "noindex", "leads to another release", "release not read"]
Identity = Literal["same", "likely", "possible", "strange", "flickers"]
"""How likely a reading is the release of its address; `flickers`: it differs only where each reading does."""
Place = tuple[str, str]
"""A place in a text: the paragraphs before and after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingChange:
    """A pending change of a known release, or a doubtful release at a new address."""

    release: str | None
    """The id of the known release; None: none is stored at the address."""
    url: str
    """The canonical URL whose response led to it."""
    record: Release | None
    """The release as read now; None: it is missing, or the page could not be read."""
    aliases: tuple[str, ...] = ()
    """Further addresses of the release; of one that leads to another release: that address."""
    reason: LossReason | None = None
    """Why it is missing: 404, 410 or a redirect home; a page that asks not to be indexed; a redirect to
    another release; a page that is no release, which is a removal if the site answers so at any address."""
    seen: datetime
    since: datetime
    """When the address first answered so, without another answer in between."""
    read: datetime | None = None
    """When it first showed this text, without another in between; None: it shows none. Later than ``since``
    if it showed another text that is not the release, either."""
    identity: Identity = "same"
    doubt: str = ""
    """Why it is not taken at once, in words."""
    flicker: Mapping[Place, int] = field(default_factory=dict)
    """How often a place of the text differed from the reading before, too."""
    outline: tuple[str, ...] = ()
    """The text of a page that could not be read as a release."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The canonical URLs at which the change was found."""
        return (self.url, *self.aliases, *((self.record.url,) if self.record else ()))

    @property
    def is_open(self) -> bool:
        """Whether it waits for a later crawl or the operator; an unreadable page is a failed fetch."""
        return self.identity != "flickers" and self.reason != "release not read"


# In the order of `_load`.
_COLUMNS = "asked, release, record, aliases, reason, since, seen, identity, doubt, flicker, outline, read"


class PendingChangeRows:
    """Reads and writes the table `held` of *store*."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def put(self, site: str, pending: PendingChange) -> None:
        """Store *pending* in place of an earlier pending change from the same address."""
        self._store.execute(
            f"INSERT OR REPLACE INTO held ({_COLUMNS}, site) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 # constants
            pending.url,
            pending.release,
            dump_release(pending.record) if pending.record else None,
            json.dumps(pending.aliases),
            pending.reason or "",
            pending.since.isoformat(),
            pending.seen.isoformat(),
            pending.identity,
            pending.doubt,
            json.dumps([[*place, times] for place, times in pending.flicker.items()], ensure_ascii=False),
            json.dumps(pending.outline, ensure_ascii=False),
            pending.read.isoformat() if pending.read else None,
            site,
        )

    def resolve(self, url: str) -> None:
        """Forget what waits from the address *url*, which shows what is stored; keep where it flickers."""
        if not self._store.rows("SELECT 1 FROM held WHERE asked = ?", url):
            return  # of nearly all pages
        self._store.execute("DELETE FROM held WHERE asked = ? AND flicker = '[]'", url)
        self._store.execute("UPDATE held SET identity = 'flickers', doubt = '' WHERE asked = ?", url)

    def delete(self, url: str) -> None:
        """Delete the pending change from the address *url*."""
        self._store.execute("DELETE FROM held WHERE asked = ?", url)

    def set_site(self, release: str, site: str) -> None:
        """Give the pending changes of a release to another site."""
        self._store.execute("UPDATE held SET site = ? WHERE release = ?", site, release)

    def at(self, url: str) -> PendingChange | None:
        """Return the pending change from the canonical address *url*."""
        found = self._select("asked = ?", url)
        return found[0] if found else None

    def of_site(self, site: str) -> tuple[PendingChange, ...]:
        """Return the pending changes of *site*, ordered by release and address.

        Raises:
            StoreError: a row is damaged.
        """
        return self._select("site = ?", site)

    def _select(self, where: str, value: str) -> tuple[PendingChange, ...]:
        rows = self._store.rows(
            f"SELECT {_COLUMNS}, site FROM held WHERE {where} ORDER BY release, asked",  # noqa: S608 # constants
            value,
        )
        try:
            return tuple(map(_load, rows))
        except (ValueError, TypeError) as error:
            message = f"a pending change of {rows[0][-1]} is damaged; restore the file from a backup"
            raise StoreError(f"{self._store.path}: {message}") from error


def _load(row: Sequence[Any]) -> PendingChange:
    url, release, record, aliases, reason, since, seen, identity, doubt, flicker, outline, read, _ = row
    return PendingChange(
        release=release,
        url=url,
        record=load_release(record) if record else None,
        aliases=tuple(json.loads(aliases)),
        reason=reason or None,
        since=datetime.fromisoformat(since),
        seen=datetime.fromisoformat(seen),
        identity=identity,
        doubt=doubt,
        flicker={(before, after): times for before, after, times in json.loads(flicker)},
        outline=tuple(json.loads(outline)),
        read=datetime.fromisoformat(read) if read else None,
    )
