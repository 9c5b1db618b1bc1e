"""The file of edit records: SQLite, written by `reindex`, read by the serving processes.

It can always be made again from the store.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from index.derived_file import DerivedFile, marks
from index.edits.edit_record import EditKind, EditRecord
from index.edits.edit_rows import HEAVY, KINDS, CorrectionFigures, Departure, EditFilter, ListedEdit, Order
from preses_relizes.shared.calendar import riga_day

FILE = "edits.sqlite3"
"""Its name beside the store."""
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS edit (
         release TEXT, version INT, revision INT, page TEXT, since TEXT, read TEXT, noticed TEXT,
         day TEXT, ministry TEXT, language TEXT, title TEXT, published TEXT, days INT, weight INT, kinds INT,
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
_COLUMNS = """release, version, revision, since, read, noticed, ministry, language, title, published, days,
  weight, times, record"""
_ORDERS: dict[Order, str] = {
    "newest": "noticed DESC, weight DESC, release, version DESC",
    "heaviest": "day DESC, weight DESC, noticed DESC, release, version DESC",
}

# What comes after an edit in the order of the newest.
_AFTER = """noticed <= ? AND (noticed < ? OR weight < ? OR
  (weight = ? AND (release > ? OR (release = ? AND version < ?))))"""


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


class EditFile(DerivedFile):
    """The edits of all releases."""

    SCHEMA = _SCHEMA

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

    def folds(self, release: str) -> dict[tuple[str, int], int]:
        """Return how many edits the row of each edit counts on the page of *release*, by release and version.

        It is 0 if the row of a later edit counts it: the site went back and forth between two texts, or only
        a counter changed. Edits that changed nothing, or are not recorded yet, are left out.
        """
        rows = self._read(
            """SELECT release, version, is_shown * times FROM edit
               WHERE (release = ?1 OR page = ?1) AND weight > 0""",
            release,
        )
        return {(id_, version): times for id_, version, times in rows}

    def ministries(self) -> tuple[str, ...]:
        """Return the institutions that have edits."""
        return tuple(row[0] for row in self._read("SELECT DISTINCT ministry FROM edit WHERE is_shown"))

    def pages(self, wanted: EditFilter) -> frozenset[str]:
        """Return the ids of the pages of all releases with edits or departures that *wanted* lets through."""
        where, values = _conditions(wanted)
        others, further = _of_both("1", wanted)
        sql = f"""SELECT page FROM edit WHERE {where}
                  UNION SELECT page FROM departure WHERE {" AND ".join(others)}"""  # noqa: S608 - our own constants
        return frozenset(page for (page,) in self._read(sql, *values, *further))

    def count_departures(self, wanted: EditFilter) -> int:
        """Return how many releases `departures` lists."""
        where, values = _of_both("1", wanted)
        rows = self._read(f"SELECT count(*) FROM departure WHERE {' AND '.join(where)}", *values)  # noqa: S608 - our own constants
        return int(rows[0][0]) if rows else 0

    def departures(self, wanted: EditFilter, *, first: int = 0, most: int = -1) -> list[Departure]:
        """Return releases that left their places, newest first, from number *first* (0) on; at most *most*.

        Kinds, weights, days after publication and the release of *wanted* do not count.
        """
        where, values = _of_both("1", wanted)
        sql = f"""SELECT release, kind, noticed, ministry, language, title, published FROM departure
                  WHERE {" AND ".join(where)} ORDER BY noticed DESC, release LIMIT ? OFFSET ?"""  # noqa: S608 - our own constants
        rows = self._read(sql, *values, most, first)
        return [
            Departure(
                release=release, kind=kind, noticed=datetime.fromisoformat(noticed), ministry=ministry,
                language=language, title=title, published=_day(published),
            )
            for release, kind, noticed, ministry, language, title, published in rows
        ]  # fmt: skip

    def figures(self, hidden: Collection[str] = ()) -> dict[str, CorrectionFigures]:
        """Return how many edits each institution made, how soon and how heavy.

        Minor ones and those of the releases *hidden* do not count.
        """
        where, values = _conditions(EditFilter(hidden=hidden))
        rows = self._read(
            f"""SELECT ministry, count(*), sum(days <= 0), sum(days BETWEEN 1 AND 7), sum(days > 7),
                  sum(weight >= ?)
                FROM edit WHERE {where} GROUP BY ministry""",  # noqa: S608 - our own constants
            HEAVY,
            *values,
        )
        months = self._read(
            f"""SELECT ministry, substr(day, 1, 7), count(*) FROM edit WHERE {where}
                GROUP BY 1, 2 ORDER BY 1, 2""",  # noqa: S608 - our own constants
            *values,
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
        sql = f"SELECT release, version, record FROM edit WHERE release IN ({marks(releases)})"  # noqa: S608 - marks
        for release, version, record in self._read(sql, *releases):
            found.setdefault(release, {})[version] = _decode(record)
        return found

    @contextmanager
    def writing(self) -> Iterator["EditFileWriter"]:
        """Give what writes to the file, which is made if it is missing; all of it or nothing is kept.

        Raises:
            EngineError: the file cannot be written.
        """
        with self._writing() as db:
            yield EditFileWriter(db)


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
        places = ",".join("?" * 18)
        self._db.executemany(f"INSERT INTO edit VALUES ({places})", map(_values, recorded.rows))  # noqa: S608 - marks
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


_decode = msgspec.json.Decoder(EditRecord).decode


def _values(row: EditRow) -> tuple[object, ...]:
    listed = row.listed
    return (
        listed.release, listed.version, listed.revision, row.page,
        listed.since.isoformat() if listed.since else None, listed.read.isoformat(),
        listed.noticed.isoformat(), riga_day(listed.noticed).isoformat(), listed.ministry, listed.language,
        listed.title, listed.published.isoformat() if listed.published else None, listed.days, listed.weight,
        _bits(listed.edit.kinds), listed.times, row.is_shown, msgspec.json.encode(listed.edit),
    )  # fmt: skip


def _listed(row: Sequence[Any]) -> ListedEdit:
    release, version, revision, since, read, noticed, ministry, language, title, *others = row
    published, days, weight, times, record = others
    return ListedEdit(
        release=release,
        version=version,
        revision=revision,
        since=datetime.fromisoformat(since) if since else None,
        read=datetime.fromisoformat(read),
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
    where, values = _of_both("is_shown", wanted)
    _add(where, values, "weight >= ?", wanted.weight)
    _add(where, values, "(release = ? OR page = ?)", *([wanted.release] * 2 if wanted.release else []))
    _add(where, values, "kinds & ?", *([_bits(wanted.kinds)] if wanted.kinds else []))
    _add_bounds(where, values, "days", wanted.days_from, wanted.days_to)
    return " AND ".join(where), values


def _of_both(condition: str, wanted: EditFilter) -> tuple[list[str], list[Any]]:
    """Return the conditions on both tables, after a first *condition*, and their values."""
    where, values = [condition], list[Any]()
    _add(where, values, f"ministry IN ({marks(wanted.ministries)})", *wanted.ministries)
    _add_bounds(where, values, "day", wanted.noticed_from, wanted.noticed_to)
    if wanted.among is not None:
        _add(where, values, f"page IN {_IDS}", _ids(wanted.among))
    if wanted.hidden:
        _add(where, values, f"release NOT IN {_IDS} AND page NOT IN {_IDS}", *[_ids(wanted.hidden)] * 2)
    return where, values


_IDS = "(SELECT value FROM json_each(?))"


def _ids(ids: Collection[str]) -> str:
    return msgspec.json.encode(sorted(ids)).decode()


def _add_bounds(where: list[str], values: list[Any], column: str, least: object, most: object) -> None:
    for sign, bound in ((">=", least), ("<=", most)):
        _add(where, values, f"{column} {sign} ?", *([] if bound is None else [bound]))


def _add(where: list[str], values: list[Any], condition: str, *given: object) -> None:
    """Add *condition* on the values *given*, if any."""
    if given:
        where.append(condition)
        values += (value.isoformat() if isinstance(value, date) else value for value in given)


def _bits(kinds: Iterable[EditKind]) -> int:
    return sum(1 << KINDS.index(kind) for kind in kinds)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
