"""Subscriptions as forms ask for them, and as whoever has a link from a mail begins and ends them."""

import sqlite3
from dataclasses import dataclass

from searcher.subscriptions.database import (
    COLUMNS,
    DAY_S,
    Rhythm,
    StoredSubscription,
    SubscriptionDatabase,
    subscription_of,
)

UNCONFIRMED_MAX = 3
"""Subscriptions of an address that wait for confirmation."""
_WHOLE_DAY = b""
"""The sender of all forms of a day together."""


class TooManyFormsError(Exception):
    """A network, or all together, sent as many forms as a day may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a form asks for."""

    id: bytes
    """Of the subscription, if it becomes one."""
    person: bytes
    """A digest of the address."""
    mailbox: bytes
    """A digest of the mailbox that the address leads to, by which limits count."""
    address: bytes
    """Encrypted."""
    network: bytes
    """A digest of the network that it came from, of this day."""
    topic: str
    rhythm: Rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLimits:
    """How much a day, a network and an address may have."""

    per_address: int
    per_network: int
    per_day: int


class SubscriptionFile(SubscriptionDatabase):
    """What the pages do with subscriptions."""

    # --- Asked for by a form -----------------------------------------------------------------------

    def ask(self, request: Request, limits: FormLimits, *, now: int) -> None:
        """Record a *request*, unless the address refuses all mail or has as many as it may have.

        The caller cannot learn which; it must not, as whoever asks need not own the address.

        Raises:
            SubscriptionFileError: the file cannot be written.
            TooManyFormsError: this network, or all together, sent too many forms today.
        """
        with self.writing() as db:
            _count_form(db, now // DAY_S, request.network, limits)
            if db.execute("SELECT 1 FROM refused WHERE mailbox = ?", (request.mailbox,)).fetchone():
                return
            again = db.execute(
                """UPDATE subscription SET wanted = 1, rhythm = iif(made IS NULL, ?, rhythm),
                     asked = iif(made IS NULL, ?, asked)
                   WHERE person = ? AND topic = ? AND confirmed IS NULL""",
                (request.rhythm, now, request.person, request.topic),
            )
            if again.rowcount:
                return
            count, unconfirmed = db.execute(
                "SELECT count(*), sum(confirmed IS NULL) FROM subscription WHERE mailbox = ?",
                (request.mailbox,),
            ).fetchone()
            if count < limits.per_address and (unconfirmed or 0) < UNCONFIRMED_MAX:
                db.execute(
                    """INSERT INTO subscription (id, person, mailbox, address, topic, rhythm, asked)
                       VALUES (?, ?, ?, ?, ?, ?, ?)""",
                    (
                        request.id, request.person, request.mailbox, request.address, request.topic,
                        request.rhythm, now,
                    ),
                )  # fmt: skip

    # --- By whoever has a link from a mail -----------------------------------------------------------

    def get(self, id_: bytes) -> StoredSubscription | None:
        """Return the subscription *id_*; None if there is none any more."""
        rows = self.rows(f"SELECT {COLUMNS} FROM subscription WHERE id = ?", id_)  # noqa: S608 - constants
        return subscription_of(rows[0]) if rows else None

    def same_address(self, id_: bytes) -> list[StoredSubscription]:
        """Return the confirmed subscriptions of the address that has *id_*, the oldest first."""
        sql = f"""SELECT {COLUMNS} FROM subscription
                  WHERE person = (SELECT person FROM subscription WHERE id = ?) AND confirmed IS NOT NULL
                  ORDER BY asked, id"""  # noqa: S608 - constants
        return list(map(subscription_of, self.rows(sql, id_)))

    def confirm(self, id_: bytes, *, now: int) -> None:
        """Let the subscription *id_* begin; it may have begun.

        It takes the place of an older one to the same, and is mailed what that was not mailed yet.
        """
        with self.writing() as db:
            row = db.execute(
                "SELECT person, topic FROM subscription WHERE id = ? AND confirmed IS NULL", (id_,)
            ).fetchone()
            if row is None:
                return
            same = "person = ? AND topic = ? AND confirmed IS NOT NULL"
            older = db.execute(f"SELECT seen, pending, made FROM subscription WHERE {same}", row).fetchone()  # noqa: S608 - constants
            db.execute(f"DELETE FROM subscription WHERE {same}", row)  # noqa: S608 - constants
            last = db.execute("SELECT coalesce(max(number), 0), NULL, NULL FROM news").fetchone()
            db.execute(
                """UPDATE subscription
                   SET confirmed = ?, seen = ?, pending = ?, made = ?, failures = 0, retry = 0
                   WHERE id = ?""",
                (now, *(older or last), id_),
            )

    def stop(self, id_: bytes) -> None:
        """Delete the subscription *id_*."""
        with self.writing() as db:
            db.execute("DELETE FROM subscription WHERE id = ?", (id_,))

    def stop_all(self, id_: bytes) -> None:
        """Delete all subscriptions of the address that has *id_*."""
        with self.writing() as db:
            db.execute(
                "DELETE FROM subscription WHERE person = (SELECT person FROM subscription WHERE id = ?)",
                (id_,),
            )

    def refuse(self, id_: bytes) -> None:
        """Delete all subscriptions of the mailbox that has *id_*, and never write to it again."""
        with self.writing() as db:
            of_id = "SELECT mailbox FROM subscription WHERE id = ?"
            db.execute(f"INSERT OR IGNORE INTO refused {of_id}", (id_,))
            db.execute(f"DELETE FROM subscription WHERE mailbox = ({of_id})", (id_,))  # noqa: S608 - constants

    def set_rhythm(self, id_: bytes, rhythm: Rhythm) -> None:
        """Change how often the subscription *id_* is mailed."""
        with self.writing() as db:
            db.execute("UPDATE subscription SET rhythm = ? WHERE id = ?", (rhythm, id_))


def _count_form(db: sqlite3.Connection, day: int, network: bytes, limits: FormLimits) -> None:
    """Count a form; what is refused is not counted, so the counts of a day are bounded."""
    for sender, at_most in ((_WHOLE_DAY, limits.per_day), (network, limits.per_network)):
        row = db.execute("SELECT count FROM form WHERE day = ? AND sender = ?", (day, sender)).fetchone()
        if row and row[0] >= at_most:
            raise TooManyFormsError
    for sender in (_WHOLE_DAY, network):
        db.execute(
            "INSERT INTO form VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1", (day, sender)
        )
