"""Writes what releases mention into the tables of the register."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from index.derived_file import marks
from index.mentions import Mentions
from index.register.followed_rows import (
    FOLLOWED,
    Group,
    Quote,
    changed_groups,
    find_all_followers,
    forget_follower,
    note_change,
    pack_topic,
)
from index.register.matters import MatterWord, pack_matter
from index.register.register_rows import ReleaseLine

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS release (
         number INTEGER PRIMARY KEY, id TEXT UNIQUE, change INT, version INT, ministry TEXT, language TEXT,
         title TEXT, day TEXT, mentions BLOB, topic BLOB
       )""",
    "CREATE INDEX IF NOT EXISTS release_by_change ON release (change)",
    "CREATE INDEX IF NOT EXISTS release_of ON release (ministry, language)",
    """CREATE TABLE IF NOT EXISTS person (
         name TEXT, release INT, said INT, forms TEXT, PRIMARY KEY (name, release)
       ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS person_of ON person (release)",
    "CREATE TABLE IF NOT EXISTS held (name TEXT, release INT, office TEXT, written TEXT)",
    "CREATE INDEX IF NOT EXISTS held_by ON held (name)",
    "CREATE INDEX IF NOT EXISTS held_in ON held (release)",
    "CREATE TABLE IF NOT EXISTS beside (name TEXT, release INT, other TEXT)",
    "CREATE INDEX IF NOT EXISTS beside_whom ON beside (name)",
    "CREATE INDEX IF NOT EXISTS beside_in ON beside (release)",
    """CREATE TABLE IF NOT EXISTS statement (
         number INTEGER PRIMARY KEY, release INT, id TEXT, day TEXT, ministry TEXT, speaker TEXT, office TEXT,
         verb TEXT, direct INT, start INT, end INT, text TEXT
       )""",
    "CREATE INDEX IF NOT EXISTS statement_in ON statement (release)",
    # In the order of lists, which need not be sorted then.
    "CREATE INDEX IF NOT EXISTS statement_by ON statement (speaker, day DESC, id, start)",
    "CREATE INDEX IF NOT EXISTS statement_for ON statement (ministry, day DESC, id, start)",
    "CREATE INDEX IF NOT EXISTS statement_on ON statement (day DESC, id, start)",
    "CREATE TABLE IF NOT EXISTS word (number INTEGER PRIMARY KEY, word TEXT UNIQUE)",
    "CREATE TABLE IF NOT EXISTS said (word INT, statement INT, PRIMARY KEY (word, statement)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS said_in ON said (statement)",
    """CREATE TABLE IF NOT EXISTS due (
         number INTEGER PRIMARY KEY, release INT, first TEXT, last TEXT, kind TEXT, who TEXT, ministry TEXT,
         text TEXT, start INT, end INT, time_start INT, time_end INT, matter BLOB
       )""",
    "CREATE INDEX IF NOT EXISTS due_in ON due (release)",
    "CREATE INDEX IF NOT EXISTS due_on ON due (last, first)",
    *FOLLOWED,
    """CREATE TABLE IF NOT EXISTS act (
         act TEXT, release INT, kind TEXT, PRIMARY KEY (act, release)
       ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS act_in ON act (release)",
    # Names in the order of lists: counting them takes longer than a page may.
    """CREATE TABLE IF NOT EXISTS listed (
         kind TEXT, name TEXT, key TEXT, surname TEXT, releases INT, PRIMARY KEY (kind, name)
       ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS listed_by_count ON listed (kind, releases DESC, name)",
    "CREATE INDEX IF NOT EXISTS listed_by_key ON listed (kind, key)",
    "CREATE INDEX IF NOT EXISTS listed_by_surname ON listed (kind, surname)",
)
OF_A_RELEASE = ("person", "held", "beside", "statement", "due", "act")
"""The tables of which each row is of one release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredStatement:
    """A statement as the file keeps it."""

    speaker: str | None
    office: str | None
    verb: str
    is_direct: bool
    start: int
    end: int
    text: str
    words: frozenset[str]
    """The terms of its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredRelease:
    """What the file is to say of a release from now on."""

    line: ReleaseLine
    change: int
    """The number of the change in the store."""
    version: int
    mentions: Mentions
    """Without persons who hold no office and say nothing, and under the names by which they are listed."""
    text: str
    """Lead and text, in which the places are."""
    statements: Sequence[RegisteredStatement]
    beside: Sequence[tuple[str, str]]
    """Persons who are named in the same sentence."""
    topic: frozenset[int]
    """The words that say what it is about."""
    matters: Sequence[Sequence[MatterWord]]
    """Those of each time that falls due, in order."""


class RegisterWriter:
    """Writes to an open register."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def remove(self, release: str) -> None:
        """Let the file say nothing of a *release*."""
        sql = "SELECT number, ministry, language FROM release WHERE id = ?"
        rows = self._db.execute(sql, (release,)).fetchall()
        for number, *group in rows:
            note_change(self._db, group)
            forget_follower(self._db, number)
            self._db.execute(
                "DELETE FROM said WHERE statement IN (SELECT number FROM statement WHERE release = ?)",
                (number,),
            )
            for table in OF_A_RELEASE:
                self._db.execute(f"DELETE FROM {table} WHERE release = ?", (number,))  # noqa: S608 - constants
            self._db.execute("DELETE FROM release WHERE number = ?", (number,))

    def changed_groups(self) -> list[Group]:
        """Return the groups of releases that changed since `follow` was called for them."""
        return changed_groups(self._db)

    def follow(self, group: Group, quote: Quote) -> None:
        """Find anew which releases of a *group* follow what fell due; *quote* returns a sentence of one."""
        find_all_followers(self._db, group, quote)

    def finish(self) -> None:
        """Remove the words that no statement has any more, and count the names."""
        self._db.execute(
            "DELETE FROM word WHERE NOT EXISTS (SELECT 1 FROM said WHERE said.word = word.number)"
        )
        self._db.execute("DELETE FROM listed")
        for kind, column in (("person", "name"), ("act", "act")):
            rows = self._db.execute(f"SELECT {column}, count(*) FROM {kind} GROUP BY 1")  # noqa: S608 - constants
            self._db.executemany(
                "INSERT INTO listed VALUES (?, ?, ?, ?, ?)",
                (
                    (kind, name, key_of(name), key_of(name.split()[-1]), count)
                    for name, count in rows.fetchall()
                ),
            )

    def write(self, one: RegisteredRelease) -> None:
        """Let the file say of a release what is in *one*, and no more."""
        line = one.line
        self.remove(line.id)
        note_change(self._db, (line.ministry, line.language))
        day = line.published.isoformat() if line.published else None
        number = self._insert(
            "release (id, change, version, ministry, language, title, day, mentions, topic)",
            (line.id, one.change, one.version, line.ministry, line.language, line.title, day,
             msgspec.json.encode(one.mentions), pack_topic(one.topic)),
        )  # fmt: skip
        self._write_persons(number, one)
        for statement in one.statements:
            self._write_statement(number, line, statement)
        for due, matter in zip(one.mentions.due, one.matters, strict=True):
            start, end = due.sentence
            self._insert(
                "due (release, first, last, kind, who, ministry, text, start, end, time_start, time_end,"
                " matter)",
                (number, due.first.isoformat(), due.last.isoformat(), due.kind, due.who, line.ministry,
                 one.text[start:end], start, end, due.start, due.end, pack_matter(matter)),
            )  # fmt: skip
        for act, kind in {cited.act: cited.kind for cited in one.mentions.citations}.items():
            self._insert("act", (act, number, kind))

    def _write_persons(self, number: int, one: RegisteredRelease) -> None:
        said = [statement.speaker for statement in one.statements]
        for person in one.mentions.persons:
            forms = "\n".join(dict.fromkeys(one.text[start:end] for start, end in person.forms))
            self._insert("person", (person.name, number, said.count(person.name), forms))
            for role in person.roles:
                self._insert("held", (person.name, number, role.office, role.written))
        for name, other in one.beside:
            self._insert("beside", (name, number, other))

    def _write_statement(self, release: int, line: ReleaseLine, one: RegisteredStatement) -> None:
        day = line.published.isoformat() if line.published else None
        number = self._insert(
            "statement (release, id, day, ministry, speaker, office, verb, direct, start, end, text)",
            (release, line.id, day, line.ministry, one.speaker, one.office, one.verb, one.is_direct,
             one.start, one.end, one.text),
        )  # fmt: skip
        for word in sorted(one.words):
            self._db.execute("INSERT OR IGNORE INTO word (word) VALUES (?)", (word,))
            self._db.execute(
                "INSERT INTO said VALUES ((SELECT number FROM word WHERE word = ?), ?)", (word, number)
            )

    def _insert(self, table: str, values: Sequence[object]) -> int:
        cursor = self._db.execute(f"INSERT INTO {table} VALUES ({marks(values)})", values)  # noqa: S608 - constants
        return cursor.lastrowid or 0


def key_of(name: str) -> str:
    """Return *name* as it is looked up, whatever its case."""
    return name.casefold()
