"""The rows of the register that say which release follows what fell due."""

import sqlite3
from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from index.mentions import DueKind
from index.register.followers import FollowerFinder, OpenDue, TopicalRelease
from index.register.matters import MatterWord, unpack_matter

Group = tuple[str, str]
"""An institution, and the language of its releases: only among these are followers looked for."""
QuotedSentence = tuple[int, int, str]
"""Its place in lead and body of a release, and its characters."""
Quote = Callable[[str, Sequence[MatterWord]], QuotedSentence | None]
"""Returns the sentence of a release (by its id) that is to be shown beside what it follows."""
FOLLOWED = (
    """CREATE TABLE IF NOT EXISTS followed (
         due INTEGER PRIMARY KEY, later INT, start INT, end INT, text TEXT
       )""",
    "CREATE INDEX IF NOT EXISTS followed_later ON followed (later)",
    # What a writer that was killed did not come to.
    "CREATE TABLE IF NOT EXISTS changed (ministry TEXT, language TEXT, PRIMARY KEY (ministry, language))",
)


def pack_topic(topic: frozenset[int]) -> bytes:
    """Return the words of a release as the register keeps them."""
    return array("I", sorted(topic)).tobytes()


def note_change(db: sqlite3.Connection, group: Sequence[str]) -> None:
    """Note that a release of *group* is new, changed or removed."""
    db.execute("INSERT OR IGNORE INTO changed VALUES (?, ?)", tuple(group))


def changed_groups(db: sqlite3.Connection) -> list[Group]:
    """Return the groups that were noted since their followers were found."""
    return db.execute("SELECT ministry, language FROM changed ORDER BY 1, 2").fetchall()


def forget_follower(db: sqlite3.Connection, release: int) -> None:
    """Remove what a *release* follows, and what follows it."""
    db.execute(
        "DELETE FROM followed WHERE later = ? OR due IN (SELECT number FROM due WHERE release = ?)",
        (release, release),
    )


def find_all_followers(db: sqlite3.Connection, group: Group, quote: Quote) -> None:
    """Write which releases of *group* follow what fell due there; known sentences are not read again."""
    releases = list(_releases(db, group))
    due, ids = list(_due(db, group)), {one.number: one.id for one in releases}
    was = _followed(db, group)
    finder = FollowerFinder(releases)
    db.execute("DELETE FROM changed WHERE ministry = ? AND language = ?", group)
    db.executemany("DELETE FROM followed WHERE due = ?", [(number,) for number in was])
    for one in due:
        later = finder.follower(one)
        if later is None:
            continue
        known = was.get(one.number)
        quoted = known[1:] if known and known[0] == later else quote(ids[later], one.matter)
        if quoted is not None:
            db.execute("INSERT INTO followed VALUES (?, ?, ?, ?, ?)", (one.number, later, *quoted))


def _releases(db: sqlite3.Connection, group: Group) -> Iterator[TopicalRelease]:
    due: dict[int, list[tuple[DueKind, date]]] = {}
    for number, kind, last in db.execute(
        """SELECT release.number, due.kind, due.last FROM release JOIN due ON due.release = release.number
           WHERE release.ministry = ? AND language = ? AND day IS NOT NULL""",
        group,
    ):
        due.setdefault(number, []).append((kind, date.fromisoformat(last)))
    sql = "SELECT number, id, day, topic FROM release WHERE ministry = ? AND language = ? AND day IS NOT NULL"
    for number, id_, day, topic in db.execute(sql, group):
        yield TopicalRelease(number, id_, date.fromisoformat(day), array("I", topic), due.get(number, ()))


def _due(db: sqlite3.Connection, group: Group) -> Iterator[OpenDue]:
    sql = """SELECT due.number, due.release, due.kind, due.first, due.last, due.matter
             FROM due JOIN release ON release.number = due.release
             WHERE release.ministry = ? AND language = ? AND day IS NOT NULL"""
    for number, release, kind, first, last, matter in db.execute(sql, group):
        yield OpenDue(
            number, release, kind, date.fromisoformat(first), date.fromisoformat(last), unpack_matter(matter)
        )


def _followed(db: sqlite3.Connection, group: Group) -> dict[int, tuple[int, int, int, str]]:
    """Return what the group's times are followed by until now."""
    sql = """SELECT followed.due, followed.later, followed.start, followed.end, followed.text
             FROM followed JOIN due ON due.number = followed.due JOIN release ON release.number = due.release
             WHERE release.ministry = ? AND language = ?"""
    return {number: (later, *quoted) for number, later, *quoted in db.execute(sql, group)}
