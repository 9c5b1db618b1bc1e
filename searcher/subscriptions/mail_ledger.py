"""What was mailed and what is to be: each mail is recorded before it is sent, and after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from searcher.subscriptions.database import (
    COLUMNS,
    HOUR_S,
    Rhythm,
    StoredSubscription,
    SubscriptionDatabase,
    subscription_of,
)

CONFIRMATIONS_MAX = 3
"""Mails that ask to confirm a subscription, if it is asked for again; at most one an hour to an address."""


@dataclass(frozen=True, slots=True)
class NewsItem:
    """Something new: a release, an edit or a time at which something falls due."""

    kind: str
    item: str
    """Its id or key."""


@dataclass(frozen=True, slots=True)
class NewsProgress:
    """How far news were looked for."""

    number: int
    """Changes of the store up to this one were in the index."""
    reached: int
    """When that was."""


class MailLedger(SubscriptionDatabase):
    """What `releases mail` does with subscriptions."""

    # --- Confirmations ------------------------------------------------------------------------------

    def forget(self, *, unconfirmed_before: int, news_before: int, day: int) -> None:
        """Delete what was not confirmed in time, the counts of forms before a *day*, and old news."""
        with self.writing() as db:
            db.execute(
                "DELETE FROM subscription WHERE confirmed IS NULL AND asked < ?", (unconfirmed_before,)
            )
            db.execute("DELETE FROM form WHERE day < ?", (day,))
            db.execute("DELETE FROM news WHERE matched < ?", (news_before,))

    def confirmation_due(self, *, now: int) -> StoredSubscription | None:
        """Return the subscription that has waited longest for a mail that asks to confirm it.

        What that mail says was written before it is sent, so after a crash it is sent again unchanged.
        """
        sql = f"""SELECT {COLUMNS} FROM subscription AS one
                  WHERE confirmed IS NULL AND retry <= ?1 AND (
                    made IS NOT NULL OR (wanted AND mails < ?2 AND NOT EXISTS (
                      SELECT 1 FROM subscription WHERE mailbox = one.mailbox
                      AND (mailed > ?1 - ?3 OR (made IS NOT NULL AND confirmed IS NULL)))))
                  ORDER BY made IS NULL, asked, id LIMIT 1"""  # noqa: S608 - constants
        rows = self.rows(sql, now, CONFIRMATIONS_MAX, HOUR_S)
        return subscription_of(rows[0]) if rows else None

    def begin_confirmation(self, id_: bytes, *, now: int) -> int | None:
        """Record that the mail that asks to confirm *id_* is being sent; return when that was begun.

        None: the subscription is gone, or confirmed.
        """
        with self.writing() as db:
            row = db.execute(
                """UPDATE subscription SET made = coalesce(made, ?) WHERE id = ? AND confirmed IS NULL
                   RETURNING made""",
                (now, id_),
            ).fetchone()
            return int(row[0]) if row else None

    def end_confirmation(self, id_: bytes, *, now: int) -> None:
        """Record that the server has the mail that asks to confirm *id_*."""
        with self.writing() as db:
            db.execute(
                """UPDATE subscription
                   SET mails = mails + 1, mailed = ?, wanted = 0, made = iif(confirmed IS NULL, NULL, made),
                     failures = 0
                   WHERE id = ?""",
                (now, id_),
            )

    # --- News ----------------------------------------------------------------------------------------

    def progress(self) -> NewsProgress | None:
        """Return how far news were looked for; None: never yet."""
        rows = self.rows("SELECT number, reached FROM progress")
        return NewsProgress(*rows[0]) if rows else None

    def known(self) -> set[NewsItem]:
        """Return what was there when news were last looked for, as far as it is recent."""
        return {NewsItem(*row) for row in self.rows("SELECT kind, item FROM known")}

    def topics(self) -> list[str]:
        """Return what is subscribed to, each once."""
        rows = self.rows("SELECT DISTINCT topic FROM subscription WHERE confirmed IS NOT NULL ORDER BY topic")
        return [str(row[0]) for row in rows]

    def add_news(
        self,
        found: Iterable[tuple[str, NewsItem]],
        known: Mapping[NewsItem, int],
        progress: NewsProgress,
        *,
        oldest: int,
        now: int,
    ) -> None:
        """Record what was *found* of topics, in order, and how far that was.

        What is *known* is recorded with its time; what was known and is older than *oldest* is forgotten.
        """
        with self.writing() as db:
            db.executemany(
                "INSERT OR IGNORE INTO news (topic, kind, item, matched) VALUES (?, ?, ?, ?)",
                ((topic, one.kind, one.item, now) for topic, one in found),
            )
            db.execute("DELETE FROM known WHERE time < ?", (oldest,))
            db.executemany(
                "INSERT OR IGNORE INTO known VALUES (?, ?, ?)",
                ((one.kind, one.item, time) for one, time in known.items()),
            )
            db.execute("DELETE FROM progress")
            db.execute("INSERT INTO progress VALUES (?, ?)", (progress.number, progress.reached))

    def last_news(self, *, up_to: int) -> int:
        """Return the number of the last news that were matched at a time or before."""
        rows = self.rows("SELECT coalesce(max(number), 0) FROM news WHERE matched <= ?", up_to)
        return int(rows[0][0])

    def news(self, topic: str, *, after: int, up_to: int) -> list[NewsItem]:
        """Return the news of a *topic* after one number up to another, in order."""
        rows = self.rows(
            "SELECT kind, item FROM news WHERE topic = ? AND number > ? AND number <= ? ORDER BY number",
            *(topic, after, up_to),
        )
        return [NewsItem(*row) for row in rows]

    def due(self, rhythm: Rhythm, *, up_to: int, now: int) -> list[bytes]:
        """Return the subscriptions that have a mail begun or due, by what is due, so that equal ones follow.

        *up_to* is the number of the last news that a mail of this *rhythm* may have now.
        """
        rows = self.rows(
            """SELECT id FROM subscription AS one
               WHERE confirmed IS NOT NULL AND rhythm = ?1 AND retry <= ?2 AND (pending IS NOT NULL OR EXISTS
                 (SELECT 1 FROM news WHERE topic = one.topic AND number > one.seen AND number <= ?3))
               ORDER BY topic, seen, id""",
            *(rhythm, now, up_to),
        )
        return [row[0] for row in rows]

    def begin_mail(self, id_: bytes, *, up_to: int, now: int) -> StoredSubscription | None:
        """Record that the mail of *id_* is being sent, if none was begun; None: the subscription is gone."""
        with self.writing() as db:
            sql = f"""UPDATE subscription
                      SET made = iif(pending IS NULL, ?, made), pending = coalesce(pending, ?)
                      WHERE id = ? AND confirmed IS NOT NULL RETURNING {COLUMNS}"""  # noqa: S608 - constants
            row = db.execute(sql, (now, up_to, id_)).fetchone()
            return subscription_of(row) if row else None

    def end_mail(self, id_: bytes) -> None:
        """Record that the server has the mail of *id_* that was begun."""
        with self.writing() as db:
            db.execute(
                """UPDATE subscription SET seen = pending, pending = NULL, made = NULL, failures = 0
                   WHERE id = ? AND pending IS NOT NULL""",
                (id_,),
            )

    def put_off(self, id_: bytes, *, retry: int) -> None:
        """Record that the mail of *id_* is to be tried again from *retry* on."""
        with self.writing() as db:
            db.execute("UPDATE subscription SET retry = ? WHERE id = ?", (retry, id_))

    def refuse_mail(self, id_: bytes, *, retry: int, refusals_max: int) -> bool:
        """Record that the server refused the mail of *id_*; return whether that ended the subscription.

        It is tried again from *retry* on; after *refusals_max* refusals in a row it is deleted.
        """
        with self.writing() as db:
            db.execute(
                "UPDATE subscription SET failures = failures + 1, retry = ? WHERE id = ?", (retry, id_)
            )
            gone = db.execute("DELETE FROM subscription WHERE id = ? AND failures >= ?", (id_, refusals_max))
            return gone.rowcount > 0
