"""The register of mentions: SQLite, written by `reindex`, read by the serving processes."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from index.derived_file import DerivedFile, marks
from index.mentions import Mentions
from index.register.register_rows import (
    CalendarFilter,
    Follower,
    HeldOffice,
    ListedDue,
    ListedStatement,
    NameCount,
    RegisteredAct,
    RegisteredPerson,
    ReleaseLine,
    StatementFilter,
)
from index.register.register_writer import OF_A_RELEASE, SCHEMA, RegisterWriter, key_of

FILE = "mentions.sqlite3"
"""Its name beside the store."""
# After every letter.
_LAST = "\U0010ffff"
OFFICES_MAX, FORMS_MAX, BESIDE_MAX = 50, 20, 12
_LINE = "release.id, release.ministry, release.language, release.title, release.day"
_STATEMENT = f"""{_LINE}, release.version, statement.speaker, statement.office, statement.verb,
  statement.direct, statement.start, statement.end, statement.text"""
_DUE = f"""{_LINE}, due.first, due.last, due.kind, due.who, due.text, due.start, due.end, due.time_start,
  due.time_end, later.id, later.ministry, later.language, later.title, later.day, followed.text,
  followed.start, followed.end"""

_GIVEN = "(SELECT value FROM json_each(?))"
# Views of the names of our tables, which queries find before these.
_WITHOUT_HIDDEN = (
    "CREATE TEMP VIEW release AS SELECT * FROM main.release WHERE number NOT IN hidden",
    "CREATE TEMP VIEW followed AS SELECT * FROM main.followed WHERE later NOT IN hidden",
    *(
        f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE release NOT IN hidden"  # noqa: S608 - our own names
        for table in OF_A_RELEASE
    ),
    """CREATE TEMP VIEW listed AS SELECT * FROM (
         SELECT kind, name, key, surname, releases
             - (SELECT count(*) FROM main.person
                WHERE one.kind = 'person' AND name = one.name AND release IN hidden)
             - (SELECT count(*) FROM main.act WHERE one.kind = 'act' AND act = one.name AND release IN hidden)
             AS releases
         FROM main.listed AS one
       ) WHERE releases > 0""",
)


class RegisterFile(DerivedFile):
    """The mentions of all releases."""

    SCHEMA = SCHEMA

    def __init__(self, path: Path, *, hidden: Sequence[str] = ()) -> None:
        super().__init__(path)
        self._hidden = hidden

    def without(self, hidden: Collection[str]) -> "RegisterFile":
        """Return the register as if it had been written without the releases *hidden*.

        Most of these are not in it: they were hidden before the last `reindex`.
        """
        rows = self._read(f"SELECT id FROM release WHERE id IN {_GIVEN} ORDER BY id", _json(hidden))  # noqa: S608 - our own constant
        return RegisterFile(self.path, hidden=[id_ for (id_,) in rows]) if rows else self

    def _prepared(self) -> Iterator[tuple[str, Sequence[object]]]:
        if self._hidden:
            yield "PRAGMA temp_store = MEMORY", ()
            yield "CREATE TEMP TABLE hidden (number INTEGER PRIMARY KEY)", ()
            numbers = f"SELECT number FROM main.release WHERE id IN {_GIVEN}"  # noqa: S608 - our own constant
            yield f"INSERT INTO hidden {numbers}", (_json(self._hidden),)
            yield from ((view, ()) for view in _WITHOUT_HIDDEN)

    # --- Releases ----------------------------------------------------------------------------------

    def mentions(self, release: str) -> Mentions | None:
        """Return what a *release* mentions; None if it is not registered."""
        rows = self._read("SELECT mentions FROM release WHERE id = ?", release)
        return _decode(rows[0][0]) if rows else None

    def mentions_from(self, change: int, *, most: int) -> dict[tuple[str, int], Mentions]:
        """Return what releases mention by id and change of the store, from a *change* on; at most *most*."""
        sql = "SELECT id, change, mentions FROM release WHERE change >= ? ORDER BY change LIMIT ?"
        return {(id_, number): _decode(found) for id_, number, found in self._read(sql, change, most)}

    def every(self, *, at_once: int = 500) -> Iterator[tuple[ReleaseLine, Mentions]]:
        """Yield all releases by id with what they mention; *at_once* are read in a row."""
        sql = f"SELECT {_LINE}, mentions FROM release WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608 - constants
        after = ""
        while rows := self._read(sql, after, at_once):
            yield from ((_line(row[:5]), _decode(row[5])) for row in rows)
            after = rows[-1][0]

    # --- Persons -----------------------------------------------------------------------------------

    def person(self, name: str) -> RegisteredPerson | None:
        """Return the person *name*; None if no release has one who holds an office or says something."""
        rows = self._read(
            """SELECT day, said, forms, ministry FROM person JOIN release ON release.number = person.release
               WHERE name = ?""",
            name,
        )
        if not rows:
            return None
        offices = self._offices(name)
        return RegisteredPerson(
            name=name,
            releases=len(rows),
            statements=sum(said for _, said, _, _ in rows),
            forms=_most_frequent((form for row in rows for form in row[2].split("\n")), FORMS_MAX),
            offices=offices,
            years=_years(day for day, *_ in rows),
            beside=self._beside(name),
            ministries=_counted(ministry for *_, ministry in rows),
            may_be_several=_alternate(offices),
        )

    def find_person(self, *names: str) -> str | None:
        """Return the name by which the first of *names* that is listed is listed, whatever its case.

        None: nobody of these is.
        """
        keys = list(map(key_of, names))
        sql = f"SELECT key, name FROM listed WHERE kind = 'person' AND key IN ({marks(keys)}) ORDER BY name"  # noqa: S608 - marks
        listed = self._read(sql, *keys)
        # Names that differ only in case are told apart where the case was typed.
        exact = (name for wanted in names for _, name in listed if name == wanted)
        alike = (name for key in keys for known, name in listed if known == key)
        return next(exact, None) or next(alike, None)

    def only_person(self, surname: str) -> str | None:
        """Return the name of the only person with a *surname*, whatever its case; None if it is not one."""
        rows = self._read(
            "SELECT name FROM listed WHERE kind = 'person' AND surname = ? LIMIT 2", key_of(surname)
        )
        return rows[0][0] if len(rows) == 1 else None

    def persons(self, beginning: str = "", *, most: int = 50) -> list[NameCount]:
        """Return the persons whose forename or surname has a *beginning*, those in most releases first."""
        if not beginning:
            return self._listed("person", "1", (), most)
        key = key_of(beginning)
        within = "((key >= ? AND key < ?) OR (surname >= ? AND surname < ?))"
        return self._listed("person", within, (key, key + _LAST, key, key + _LAST), most)

    def _listed(self, kind: str, where: str, values: Sequence[object], most: int) -> list[NameCount]:
        sql = f"""SELECT name, releases FROM listed WHERE kind = ? AND {where}
                  ORDER BY releases DESC, name LIMIT ?"""  # noqa: S608 - our own conditions
        rows = self._read(sql, kind, *values, most)
        return [NameCount(name=name, releases=count) for name, count in rows]

    def releases_of(self, name: str, *, most: int) -> list[ReleaseLine]:
        """Return the releases that name the person *name*, newest first."""
        sql = f"""SELECT {_LINE} FROM person JOIN release ON release.number = person.release
                  WHERE name = ? ORDER BY day DESC, id LIMIT ?"""  # noqa: S608 - our own constants
        return [_line(row) for row in self._read(sql, name, most)]

    def speakers_for(self, ministry: str, *, most: int = 12) -> list[NameCount]:
        """Return who speaks in the releases of an institution, and in how many, the most frequent first."""
        rows = self._read(
            """SELECT speaker, count(DISTINCT release) FROM statement
               WHERE ministry = ? AND speaker IS NOT NULL GROUP BY speaker ORDER BY 2 DESC, 1 LIMIT ?""",
            ministry,
            most,
        )
        return [NameCount(name=name, releases=count) for name, count in rows]

    def _offices(self, name: str) -> list[HeldOffice]:
        rows = self._read(
            """SELECT min(written), min(day), max(day), count(DISTINCT held.release)
               FROM held JOIN release ON release.number = held.release
               WHERE name = ? GROUP BY office ORDER BY 3 DESC, 4 DESC LIMIT ?""",
            name,
            OFFICES_MAX,
        )
        return [
            HeldOffice(written=written, first=_day(first), last=_day(last), releases=count)
            for written, first, last, count in rows
        ]

    def _beside(self, name: str) -> list[NameCount]:
        sql = """SELECT other, count(DISTINCT release) FROM beside WHERE name = ?
                 GROUP BY other ORDER BY 2 DESC, 1 LIMIT ?"""
        return [NameCount(name=other, releases=count) for other, count in self._read(sql, name, BESIDE_MAX)]

    # --- Statements --------------------------------------------------------------------------------

    def statements(self, wanted: StatementFilter, *, first: int = 0, most: int = -1) -> list[ListedStatement]:
        """Return the statements that *wanted* lets through, newest first, from number *first* (0) on."""
        where, values = statement_conditions(wanted)
        sql = statements_sql(where)
        return [_statement(row) for row in self._read(sql, *values, most, first)]

    def count_statements(self, wanted: StatementFilter) -> int:
        """Return how many statements *wanted* lets through."""
        where, values = statement_conditions(wanted)
        rows = self._read(f"SELECT count(*) FROM statement WHERE {where}", *values)  # noqa: S608 - constants
        return int(rows[0][0]) if rows else 0

    # --- What falls due ----------------------------------------------------------------------------

    def due(self, wanted: CalendarFilter, *, first: int = 0, most: int = -1) -> list[ListedDue]:
        """Return what *wanted* lets through, the earliest first."""
        where, values = _due_conditions(wanted)
        sql = f"""SELECT {_DUE} FROM due JOIN release ON release.number = due.release
                  LEFT JOIN followed ON followed.due = due.number
                  LEFT JOIN release AS later ON later.number = followed.later
                  WHERE {where} ORDER BY due.last, due.first, release.id, due.time_start
                  LIMIT ? OFFSET ?"""  # noqa: S608 - our own constants
        return [_due(row) for row in self._read(sql, *values, most, first)]

    def count_due(self, wanted: CalendarFilter) -> int:
        """Return how many times *wanted* lets through."""
        where, values = _due_conditions(wanted)
        rows = self._read(
            f"SELECT count(*) FROM due JOIN release ON release.number = due.release WHERE {where}",  # noqa: S608 - constants
            *values,
        )
        return int(rows[0][0]) if rows else 0

    def due_ministries(self) -> tuple[str, ...]:
        """Return the institutions whose releases say that something falls due."""
        return tuple(row[0] for row in self._read("SELECT DISTINCT ministry FROM due"))

    # --- Acts --------------------------------------------------------------------------------------

    def act(self, act: str) -> RegisteredAct | None:
        """Return an act that releases cite; None if none does."""
        rows = self._read(
            "SELECT day, kind FROM act JOIN release ON release.number = act.release WHERE act = ?", act
        )
        if not rows:
            return None
        return RegisteredAct(
            act=act, kind=rows[0][1], releases=len(rows), years=_years(day for day, _ in rows)
        )

    def acts(self, part: str = "", *, most: int = 50) -> list[NameCount]:
        """Return the acts that releases cite and whose name has a *part*, the most cited first."""
        return self._listed("act", "instr(key, ?)", (key_of(part),), most)

    # --- Writing -----------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator["RegisterWriter"]:
        """Give what writes to the file, which is made if it is missing; all of it or nothing is kept.

        Raises:
            EngineError: the file cannot be written.
        """
        with self._writing() as db:
            yield RegisterWriter(db)


_decode = msgspec.json.Decoder(Mentions).decode


def _json(ids: Collection[str]) -> str:
    return msgspec.json.encode(sorted(ids)).decode()


def statements_sql(where: str) -> str:
    """Return the query for statements *where* conditions hold; it takes most and first after their values."""
    return f"""SELECT {_STATEMENT} FROM statement JOIN release ON release.number = statement.release
               WHERE {where} ORDER BY statement.day DESC, statement.id, statement.start
               LIMIT ? OFFSET ?"""  # noqa: S608 - our own constants


def statement_conditions(wanted: StatementFilter) -> tuple[str, list[object]]:
    """Return the conditions that *wanted* sets, and their values."""
    where, values = ["1"], list[object]()

    def add(condition: str, *given: object) -> None:
        where.append(condition)
        values.extend(given)

    if wanted.speaker:
        add("statement.speaker = ?", wanted.speaker)
    if wanted.ministries:
        add(f"statement.ministry IN ({marks(wanted.ministries)})", *wanted.ministries)
    for terms in wanted.words:
        add(
            f"""statement.number IN (SELECT statement FROM said JOIN word ON word.number = said.word
                WHERE word.word IN ({marks(terms)}))""",  # noqa: S608 - marks
            *terms,
        )
    if wanted.published_from:
        add("statement.day >= ?", wanted.published_from.isoformat())
    if wanted.published_to:
        add("statement.day <= ?", wanted.published_to.isoformat())
    return " AND ".join(where), values


def _due_conditions(wanted: CalendarFilter) -> tuple[str, list[object]]:
    where, values = ["1"], list[object]()

    def add(condition: str, *given: object) -> None:
        where.append(condition)
        values.extend(given)

    if wanted.first:
        add("due.last >= ?", wanted.first.isoformat())
    if wanted.last:
        add("due.first <= ?", wanted.last.isoformat())
    if wanted.kinds:
        add(f"due.kind IN ({marks(wanted.kinds)})", *wanted.kinds)
    if wanted.ministries:
        add(f"due.ministry IN ({marks(wanted.ministries)})", *wanted.ministries)
    if wanted.release:
        add("release.id = ?", wanted.release)
    return " AND ".join(where), values


def _line(row: Sequence[Any]) -> ReleaseLine:
    id_, ministry, language, title, day = row
    return ReleaseLine(id=id_, ministry=ministry, language=language, title=title, published=_day(day))


def _statement(row: Sequence[Any]) -> ListedStatement:
    version, speaker, office, verb, direct, start, end, text = row[5:]
    return ListedStatement(
        release=_line(row[:5]), version=version, speaker=speaker, office=office, verb=verb,
        is_direct=bool(direct), start=start, end=end, text=text,
    )  # fmt: skip


def _due(row: Sequence[Any]) -> ListedDue:
    first, last, kind, who, text, start, end, *time = row[5:14]
    return ListedDue(
        release=_line(row[:5]), first=date.fromisoformat(first), last=date.fromisoformat(last), kind=kind,
        who=who, text=text, start=start, end=end, time=(time[0] - start, time[1] - start),
        followed_by=_follower(row[14:]),
    )  # fmt: skip


def _follower(row: Sequence[Any]) -> Follower | None:
    text, start, end = row[5:]
    return Follower(release=_line(row[:5]), text=text, start=start, end=end) if text is not None else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _years(days: Iterable[str | None]) -> list[tuple[int, int]]:
    years = sorted(int(day[:4]) for day in days if day)
    return [(year, len(list(same))) for year, same in groupby(years)]


def _counted(names: Iterable[str]) -> list[NameCount]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return [
        NameCount(name=name, releases=count)
        for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]


def _most_frequent(names: Iterable[str], most: int) -> list[str]:
    return [one.name for one in _counted(names)[:most]]


def _alternate(offices: Sequence[HeldOffice]) -> bool:
    """Return whether two offices of different kinds were written in turn over the same time.

    The last word names the kind: a *ministrs* is not meanwhile a *priekšnieks*. One person may be called
    *ministrs* and *iekšlietu ministrs*, and may hold a second office that ends where another begins.
    """
    dated = [one for one in offices if one.first and one.last and one.first < one.last and one.releases > 1]
    return any(
        one.written.split()[-1].lower() != other.written.split()[-1].lower()
        and one.first < other.last and other.first < one.last  # type: ignore[operator]  # dated ones have both
        for place, one in enumerate(dated)
        for other in dated[:place]
    )  # fmt: skip
