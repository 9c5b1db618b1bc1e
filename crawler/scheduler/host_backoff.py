"""Who is to be left alone, and until when: kept in the store, so that the next run minds it, too."""

from datetime import UTC, datetime

from crawler.store import Store


class SentAway:
    """The hosts that asked for it by Retry-After, in the file of *store*."""

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
        with self._store.transaction() as db:
            db.execute("DELETE FROM sent_away WHERE until <= ?", (now.timestamp(),))
        rows = self._store.rows("SELECT host, until FROM sent_away")
        return {host: _seconds(until, now) for host, until in rows}


class RobotsUnread:
    """The origins whose robots.txt could not be read, in the file of *store*."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, origin: str, until: datetime, why: str) -> None:
        """Keep that *origin* (``https://host``) is not to be asked before *until*, and *why*."""
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO robots_unread VALUES (?, ?, ?)", (origin, int(until.timestamp()), why)
            )

    def left(self, now: datetime) -> dict[str, tuple[float, str]]:
        """Return the origins not to be asked yet, for how many seconds and why; the others are forgotten."""
        with self._store.transaction() as db:
            db.execute("DELETE FROM robots_unread WHERE until <= ?", (now.timestamp(),))
        rows = self._store.rows("SELECT origin, until, why FROM robots_unread")
        return {origin: (_seconds(until, now), why) for origin, until, why in rows}


def _seconds(until: int, now: datetime) -> float:
    return (datetime.fromtimestamp(until, UTC) - now).total_seconds()
