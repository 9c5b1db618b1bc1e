"""The rows of a dump as tables: SQLite, and Parquet by DuckDB."""

import errno
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from pydantic import BaseModel

# The type of each column. What JSON nests is text in JSON, but for a list of names in Parquet.
_TYPES = {
    "id": ("TEXT PRIMARY KEY", "VARCHAR"),
    "published": ("TEXT", "DATE"),
    "ministry": ("TEXT NOT NULL", "VARCHAR"),
    "title": ("TEXT NOT NULL", "VARCHAR"),
    "url": ("TEXT NOT NULL", "VARCHAR"),
    "language": ("TEXT NOT NULL", "VARCHAR"),
    "site": ("TEXT NOT NULL", "VARCHAR"),
    "also_published_by": ("TEXT NOT NULL", "VARCHAR[]"),
    "gone": ("INTEGER NOT NULL", "BOOLEAN"),
    "edited": ("INTEGER NOT NULL", "BOOLEAN"),
    "machine_translated": ("INTEGER NOT NULL", "BOOLEAN"),
    "lead": ("TEXT NOT NULL", "VARCHAR"),
    "text": ("TEXT NOT NULL", "VARCHAR"),
    "structure": ("TEXT", "JSON"),
}
COLUMNS = tuple(_TYPES)
# A group of rows is in memory at once; texts have some 3 KB, the longest 1 MB.
_GROUP_ROWS, _MEMORY = 2_000, "500MB"
_LINE_BYTES = 64 << 20


class MissingDuckDBError(Exception):
    """DuckDB, which writes Parquet, is not installed."""


def written_to_sqlite(rows: Iterable[BaseModel], path: Path) -> Iterator[None]:
    """Write *rows* to the table ``releases`` of the new file *path*, one whenever the next is asked for.

    Raises:
        OSError: the file cannot be written.
    """
    path.unlink(missing_ok=True)
    try:
        yield from _insert(rows, path)
    except sqlite3.Error as error:
        raise OSError(errno.EIO, f"SQLite: {error}", str(path)) from error


def _insert(rows: Iterable[BaseModel], path: Path) -> Iterator[None]:
    marks = ", ".join("?" * len(COLUMNS))
    # A draft that was interrupted is written anew, so nothing of it need survive.
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        declared = ", ".join(f"{name} {kind}" for name, (kind, _) in _TYPES.items())
        with db:
            db.execute(f"CREATE TABLE releases ({declared})")
            for row in rows:
                db.execute(f"INSERT INTO releases VALUES ({marks})", _values(row))  # noqa: S608 - marks
                yield
            db.execute("CREATE INDEX releases_published ON releases (published)")


def write_parquet(lines: Path, path: Path) -> None:
    """Write the rows of the NDJSON file *lines* to the Parquet file *path*, in their order.

    Raises:
        MissingDuckDBError: the extra `parquet` is not installed.
        OSError: a file cannot be read or written.
    """
    try:
        import duckdb  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise MissingDuckDBError from error
    types = ", ".join(f"{name}: '{kind}'" for name, (_, kind) in _TYPES.items())
    read = f"read_json({_quote(lines)}, format = 'newline_delimited', columns = {{{types}}}"
    read += f", maximum_object_size = {_LINE_BYTES})"
    chosen = ", ".join("structure::VARCHAR AS structure" if name == "structure" else name for name in COLUMNS)
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_GROUP_ROWS}"
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        "threads": 1,
        "autoinstall_known_extensions": False,
    }
    with duckdb.connect(config=settings) as db:
        try:
            db.execute(f"COPY (SELECT {chosen} FROM {read}) TO {_quote(path)} ({options})")  # noqa: S608 - quoted
        except duckdb.Error as error:
            raise OSError(errno.EIO, f"DuckDB: {error}", str(path)) from error


def _quote(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _values(row: BaseModel) -> Sequence[object]:
    return [_value(getattr(row, name)) for name in COLUMNS]


def _value(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else value
