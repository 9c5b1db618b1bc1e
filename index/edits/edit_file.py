"""The file of edit records: SQLite, written by `reindex`, read by the serving processes.

It can always be made again from the store.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from index import deadline
from index.edits.edit_record import EditKind, EditRecord
from index.edits.edit_rows import HEAVY, KINDS, CorrectionFigures, Departure, EditFilter, ListedEdit, Order
from index.edits.weights import MINOR
from index.errors import EngineError
from preses_relizes.shared.calendar import riga_day

FILE = "edits.sqlite3"
"""Its name beside the store."""
# Steps of SQLite's machine after which a query asks whether its time is used up: some milliseconds.
_STEPS = 100_000
# What SQLite keeps beside a file while it writes.
_BESIDE = ("-journal", "-wal", "-shm")
# How reading fails if a killed writer left a journal that is to be undone.
_HOT = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
_REMEDIES = {
    sqlite3.SQLITE_BUSY: "; it is being written, try again",
    sqlite3.SQLITE_CORRUPT: "; remove it and run `reindex`",
    sqlite3.SQLITE_NOTADB: "; remove it and run `reindex`",
    sqlite3.SQLITE_READONLY: "; run `reindex` as the user to whom the data belong",
    sqlite3.SQLITE_CANTOPEN: "; run `reindex` as the user to whom the data belong",
}
_SCHEMA = (
    # Deleted text is overwritten: a hidden release leaves no trace.
    "PRAGMA secure_delete = ON",
    "CREATE TABLE IF NOT EXISTS state (rules TEXT, epoch TEXT, number INT)",
    """CREATE TABLE IF NOT EXISTS edit (
         release TEXT, version INT, revision INT, page TEXT, since TEXT, noticed TEXT, day TEXT,
         ministry TEXT, language TEXT, title TEXT, published TEXT, days INT, weight INT, kinds INT,
         times INT, is_shown INT,
         record BLOB, PRIMARY KEY (release, version)
       ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS edit_by_time ON edit (noticed) WHERE is_shown",
    "CREATE INDEX IF NOT EXISTS edit_by_page ON edit (page)",
    """CREATE TABLE IF NOT EXISTS departure (
         release TEXT PRIMARY KEY, page TEXT, kind TEXT, noticed TEXT, day TEXT, ministry TEXT, language TEXT,
         title TEXT, published TEXT
       ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS departure_by_time ON departure (noticed)",
)
_COLUMNS = """release, version, revision, since, noticed, ministry, language, title, published, days, weight,
  times, record"""
_ORDERS: dict[Order, str] = {
    "newest": "noticed DESC, weight DESC, release, version DESC",
    "heaviest": "day DESC, weight DESC, noticed DESC, release, version DESC",
}

# What comes after an edit in the order of the newest.
_AFTER = """noticed <= ? AND (noticed < ? OR weight < ? OR
  (weight = ? AND (release > ? OR (release = ? AND version < ?))))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What a file was made from: the rules, the sequence of events, and the last event."""

    rules: str
    epoch: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRow:
    """An edit as the file keeps it: also one that a later row of its release stands for."""

    listed: ListedEdit
    page: str
    """The id of the release that has its page: itself, or the one it was merged into."""
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRelease:
    """What the file is to say of a release from now on."""

    release: str
    page: str | None
    """As in its rows; None if it must not be shown."""
    ministry: str = ""
    language: str = ""
    rows: Sequence[EditRow] = ()
    departure: Departure | None = None
    """How it left its place; None if it did not since the file was written."""
    is_back: bool = False


class EditFile:
    """The edits at *path*; each call opens the file, so threads and processes may share this."""

    def __init__(self, path: Path, *, patience_s: float = 5) -> None:
        self.path = path
        self._patience_s = patience_s
        """How long a call waits, in seconds, for the one that has locked the file."""

    # --- Reading -----------------------------------------------------------------------------------

    def state(self) -> FileState | None:
        """Return what the file was made from; None if there is none."""
        rows = self._read("SELECT rules, epoch, number FROM state")
        return FileState(rules=rows[0][0], epoch=rows[0][1], number=rows[0][2]) if rows else None

    def edits(self, wanted: EditFilter, order: Order, *, first: int = 0, most: int = -1) -> list[ListedEdit]:
        """Return the edits that *wanted* lets through, from number *first* (0) on; at most *most*.

        Raises:
            DeadlineError: the answer takes too long.
            EngineError: the file cannot be read; the message says what helps.
        """
        where, values = _conditions(wanted)
        sql = f"SELECT {_COLUMNS} FROM edit WHERE {where} ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?"  # noqa: S608 - our own constants
        return [_listed(row) for row in self._read(sql, *values, most, first)]

    def every(self, wanted: EditFilter, *, at_once: int = 200) -> Iterator[ListedEdit]:
        """Yield all edits that *wanted* lets through, newest first; *at_once* are read in a row.

        The file is not locked between, and what `reindex` adds meanwhile moves nothing.
        """
        where, values = _conditions(wanted)
        place, last = "1", list[Any]()
        while True:
            sql = f"""SELECT {_COLUMNS} FROM edit WHERE {where} AND {place}
                      ORDER BY {_ORDERS["newest"]} LIMIT ?"""  # noqa: S608 - our own constants
            batch = [_listed(row) for row in self._read(sql, *values, *last, at_once)]
            yield from batch
            if len(batch) < at_once:
                return
            place, last = _AFTER, _place(batch[-1])

    def count(self, wanted: EditFilter) -> int:
        """Return how many edits *wanted* lets through."""
        where, values = _conditions(wanted)
        rows = self._read(f"SELECT count(*) FROM edit WHERE {where}", *values)  # noqa: S608 - our own constants
        return int(rows[0][0]) if rows else 0

    def ministries(self) -> tuple[str, ...]:
        """Return the institutions that have edits."""
        return tuple(row[0] for row in self._read("SELECT DISTINCT ministry FROM edit WHERE is_shown"))

    def departures(self, wanted: EditFilter, *, most: int) -> list[Departure]:
        """Return releases that left their places lately; of *wanted*, institutions and days count."""
        where, values = _of_institutions_and_days("1", wanted)
        sql = f"""SELECT release, kind, noticed, ministry, language, title, published FROM departure
                  WHERE {" AND ".join(where)} ORDER BY noticed DESC, release LIMIT ?"""  # noqa: S608 - our own constants
        return [
            Departure(
                release=release, kind=kind, noticed=datetime.fromisoformat(noticed), ministry=ministry,
                language=language, title=title, published=_day(published),
            )
            for release, kind, noticed, ministry, language, title, published in self._read(sql, *values, most)
        ]  # fmt: skip

    def figures(self) -> dict[str, CorrectionFigures]:
        """Return how many edits each institution made, how soon and how heavy, without minor ones."""
        rows = self._read(
            """SELECT ministry, count(*), sum(days <= 0), sum(days BETWEEN 1 AND 7), sum(days > 7),
                 sum(weight >= ?)
               FROM edit WHERE is_shown AND weight >= ? GROUP BY ministry""",
            HEAVY,
            MINOR,
        )
        months = self._read(
            "SELECT ministry, substr(day, 1, 7), count(*) FROM edit WHERE is_shown AND weight >= ? "
            "GROUP BY 1, 2 ORDER BY 1, 2",
            MINOR,
        )
        return {
            ministry: CorrectionFigures(
                ministry=ministry, edits=edits, same_day=same_day or 0, within_week=within_week or 0,
                later=later or 0, heavy=heavy,
                by_month=tuple((month, count) for name, month, count in months if name == ministry)[-12:],
            )
            for ministry, edits, same_day, within_week, later, heavy in rows
        }  # fmt: skip

    def known(self, releases: Sequence[str]) -> dict[str, dict[int, EditRecord]]:
        """Return the records of *releases* by version: a version never changes, so they stay right."""
        found: dict[str, dict[int, EditRecord]] = {}
        sql = f"SELECT release, version, record FROM edit WHERE release IN ({_marks(releases)})"  # noqa: S608 - marks
        for release, version, record in self._read(sql, *releases):
            found.setdefault(release, {})[version] = _decode(record)
        return found

    def _read(self, sql: str, *values: object) -> list[Any]:
        """Return the rows of a query; none if there is no file yet."""
        if not self.path.exists():
            return []
        try:
            try:
                return self._rows("ro", sql, values)
            except sqlite3.OperationalError as error:
                if _primary(error) not in _HOT:
                    raise
                # A writer was killed: SQLite undoes what it began, if this process may write.
                return self._rows("rw", sql, values)
        except sqlite3.Error as error:
            deadline.check()
            raise self._error(error) from error

    def _rows(self, mode: str, sql: str, values: Sequence[object]) -> list[Any]:
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(address, uri=True, timeout=self._patience_s)) as db:
            db.set_progress_handler(deadline.is_over, _STEPS)
            return db.execute(sql, values).fetchall()

    def _error(self, error: sqlite3.Error) -> EngineError:
        remedy = _REMEDIES.get(_primary(error), "")
        return EngineError(f"{self.path}: {error}{remedy}")

    # --- Writing -----------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator["EditFileWriter"]:
        """Give what writes to the file, which is made if it is missing; all of it or nothing is kept.

        Raises:
            EngineError: the file cannot be written.
        """
        try:
            with closing(sqlite3.connect(self.path, timeout=self._patience_s)) as db:
                for statement in _SCHEMA:
                    db.execute(statement)
                with db:
                    yield EditFileWriter(db)
        except sqlite3.Error as error:
            raise self._error(error) from error

    def remove(self) -> None:
        """Remove the file and what SQLite keeps beside it; the file first: alone, it may be broken."""
        for ending in ("", *_BESIDE):
            self.path.with_name(f"{self.path.name}{ending}").unlink(missing_ok=True)

    def become(self, draft: "EditFile") -> None:
        """Put the finished *draft* in the place of this file."""
        # What a killed writer left belongs to the old file and would be played into the new one.
        if any(self.path.with_name(f"{self.path.name}{ending}").exists() for ending in _BESIDE):
            self.remove()
        draft.path.replace(self.path)


class EditFileWriter:
    """Writes to an open file of edits."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def write(self, recorded: RecordedRelease) -> None:
        """Let the file say what was *recorded* of a release, and no more."""
        release = recorded.release
        if recorded.page is None:
            for table in ("edit", "departure"):
                self._db.execute(f"DELETE FROM {table} WHERE release = ?1 OR page = ?1", (release,))  # noqa: S608 - constants
            return
        self._db.execute("DELETE FROM edit WHERE release = ?", (release,))
        if recorded.is_back:
            self._db.execute("DELETE FROM departure WHERE release = ?", (release,))
        marks = ",".join("?" * 17)
        self._db.executemany(f"INSERT INTO edit VALUES ({marks})", map(_values, recorded.rows))  # noqa: S608 - marks
        if recorded.departure:
            self._depart(recorded.departure, recorded.page)
        else:
            self._db.execute(
                "UPDATE departure SET page = ?, ministry = ?, language = ? WHERE release = ?",
                (recorded.page, recorded.ministry, recorded.language, release),
            )

    def _depart(self, departure: Departure, page: str) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO departure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                departure.release,
                page,
                departure.kind,
                departure.noticed.isoformat(),
                riga_day(departure.noticed).isoformat(),
                departure.ministry,
                departure.language,
                departure.title,
                departure.published.isoformat() if departure.published else None,
            ),
        )

    def finish(self, state: FileState) -> None:
        """Note what the file is made from now."""
        self._db.execute("DELETE FROM state")
        self._db.execute("INSERT INTO state VALUES (?, ?, ?)", (state.rules, state.epoch, state.number))


def _primary(error: sqlite3.Error) -> int:
    """Return the kind of an *error* of SQLite, without its details; 0 if it is one of the module."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


_decode = msgspec.json.Decoder(EditRecord).decode


def _values(row: EditRow) -> tuple[object, ...]:
    listed = row.listed
    return (
        listed.release, listed.version, listed.revision, row.page,
        listed.since.isoformat() if listed.since else None, listed.noticed.isoformat(),
        riga_day(listed.noticed).isoformat(), listed.ministry, listed.language, listed.title,
        listed.published.isoformat() if listed.published else None, listed.days, listed.weight,
        _bits(listed.edit.kinds), listed.times, row.is_shown, msgspec.json.encode(listed.edit),
    )  # fmt: skip


def _listed(row: Sequence[Any]) -> ListedEdit:
    release, version, revision, since, noticed, ministry, language, title, *others = row
    published, days, weight, times, record = others
    return ListedEdit(
        release=release,
        version=version,
        revision=revision,
        since=datetime.fromisoformat(since) if since else None,
        noticed=datetime.fromisoformat(noticed),
        ministry=ministry,
        language=language,
        title=title,
        published=_day(published),
        days=days,
        weight=weight,
        times=times,
        edit=_decode(record),
    )


def _place(edit: ListedEdit) -> list[Any]:
    """Return the values of `_AFTER` for *edit*."""
    return [*[edit.noticed.isoformat()] * 2, *[edit.weight] * 2, *[edit.release] * 2, edit.version]


def _conditions(wanted: EditFilter) -> tuple[str, list[Any]]:
    where, values = _of_institutions_and_days("is_shown", wanted)
    _add(where, values, "weight >= ?", wanted.weight)
    _add(where, values, "(release = ? OR page = ?)", *([wanted.release] * 2 if wanted.release else []))
    _add(where, values, "kinds & ?", *([_bits(wanted.kinds)] if wanted.kinds else []))
    _add_bounds(where, values, "days", wanted.days_from, wanted.days_to)
    return " AND ".join(where), values


def _of_institutions_and_days(condition: str, wanted: EditFilter) -> tuple[list[str], list[Any]]:
    """Return the conditions on both tables, after a first *condition*, and their values."""
    where, values = [condition], list[Any]()
    _add(where, values, f"ministry IN ({_marks(wanted.ministries)})", *wanted.ministries)
    _add_bounds(where, values, "day", wanted.noticed_from, wanted.noticed_to)
    return where, values


def _add_bounds(where: list[str], values: list[Any], column: str, least: object, most: object) -> None:
    for sign, bound in ((">=", least), ("<=", most)):
        _add(where, values, f"{column} {sign} ?", *([] if bound is None else [bound]))


def _add(where: list[str], values: list[Any], condition: str, *given: object) -> None:
    """Add *condition* on the values *given*, if any."""
    if given:
        where.append(condition)
        values += (value.isoformat() if isinstance(value, date) else value for value in given)


def _marks(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))


def _bits(kinds: Iterable[EditKind]) -> int:
    return sum(1 << KINDS.index(kind) for kind in kinds)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
