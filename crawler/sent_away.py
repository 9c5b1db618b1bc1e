"""Which hosts sent us away by Retry-After, and until when: kept in the store, so that the next run obeys."""

from datetime import UTC, datetime

from crawler.store import Store


class SentAway:
    """The hosts that are to be left alone, in the file of *store*."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, host: str, until: datetime) -> None:
        """Keep that *host* (``host`` or ``host:port``) is not to be asked before *until*."""
        with self._store.transaction() as db:
            db.execute(
                """INSERT INTO sent_away VALUES (?, ?)
                   ON CONFLICT (host) DO UPDATE SET until = max(until, excluded.until)""",
                (host, int(until.timestamp())),
            )

    def left_s(self, now: datetime) -> dict[str, float]:
        """Return the hosts not to be asked yet, and for how many seconds; the others are forgotten."""
        rows = self._store.rows("SELECT host, until FROM sent_away")
        left = {host: (datetime.fromtimestamp(until, UTC) - now).total_seconds() for host, until in rows}
        with self._store.transaction() as db:
            db.executemany(
                "DELETE FROM sent_away WHERE host = ?", [(host,) for host, s in left.items() if s <= 0]
            )
        return {host: seconds for host, seconds in left.items() if seconds > 0}
