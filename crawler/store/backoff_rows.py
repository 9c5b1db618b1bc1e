"""The tables of hosts that must not be contacted yet, so that the next run backs off as well."""

from datetime import UTC, datetime

from crawler.store.database import Database


class RetryAfterRows:
    """The hosts that sent Retry-After: the table `sent_away` of *store*."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def put(self, host: str, until: datetime) -> None:
        """Store that *host* (``host`` or ``host:port``) must not be contacted before *until*."""
        self._store.execute(
            """INSERT INTO sent_away VALUES (?, ?)
               ON CONFLICT (host) DO UPDATE SET until = max(until, excluded.until)""",
            host,
            int(until.timestamp()),
        )

    def seconds_left(self, now: datetime) -> dict[str, float]:
        """Return the hosts that must not be contacted yet and the seconds left; delete the others."""
        self._store.execute("DELETE FROM sent_away WHERE until <= ?", now.timestamp())
        rows = self._store.rows("SELECT host, until FROM sent_away")
        return {host: _seconds(until, now) for host, until in rows}


class RobotsFailureRows:
    """The origins whose robots.txt could not be read: the table `robots_unread` of *store*."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def put(self, origin: str, until: datetime, why: str) -> None:
        """Store that *origin* (``https://host``) must not be contacted before *until*, and *why*."""
        self._store.execute(
            "INSERT OR REPLACE INTO robots_unread VALUES (?, ?, ?)", origin, int(until.timestamp()), why
        )

    def failures_left(self, now: datetime) -> dict[str, tuple[float, str]]:
        """Return the origins that must not be contacted yet, the seconds left and why; delete the others."""
        self._store.execute("DELETE FROM robots_unread WHERE until <= ?", now.timestamp())
        rows = self._store.rows("SELECT origin, until, why FROM robots_unread")
        return {origin: (_seconds(until, now), why) for origin, until, why in rows}


def copy_backoffs(source: Database, target: Database) -> None:
    """Copy both tables to another store, in which they are empty."""
    for table, values in (("sent_away", "?, ?"), ("robots_unread", "?, ?, ?")):
        target.execute_many(f"INSERT INTO {table} VALUES ({values})", source.rows(f"SELECT * FROM {table}"))  # noqa: S608 - no input


def _seconds(until: int, now: datetime) -> float:
    return (datetime.fromtimestamp(until, UTC) - now).total_seconds()
