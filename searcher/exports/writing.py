"""Rows as lines of text: NDJSON, and CSV that runs no formula in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from pydantic import BaseModel

from searcher.exports.rows import COLUMNS

BOM = "\ufeff"
"""Excel reads UTF-8 only after this mark, and would show ā as Ä."""
# A cell that begins with one of these is a formula; full-width forms count in East Asian versions.
# Source: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def json_lines(rows: Iterable[BaseModel], fields: Sequence[str] = ()) -> Iterator[str]:
    """Yield each row as a line of JSON with the *fields*; with all if none is named."""
    included = {*fields} if fields else None
    return (f"{row.model_dump_json(include=included)}\n" for row in rows)


def csv_lines(rows: Iterable[BaseModel], fields: Sequence[str] = COLUMNS) -> Iterator[str]:
    """Yield the header and each row as lines of CSV (RFC 4180) with the columns *fields*."""
    line: list[str] = []
    # Every cell is quoted: a program that also splits at semicolons must not find a formula after one.
    writer = csv.writer(_LastLine(line), quoting=csv.QUOTE_ALL)
    writer.writerow(fields)
    yield BOM + line.pop()
    for row in rows:
        writer.writerow([cell(getattr(row, name)) for name in fields])
        yield line.pop()


def cell(value: str | int | date | list[str] | None) -> str:
    """Return *value* as the text of a cell; an apostrophe disarms what would be a formula.

    >>> cell("=1+1"), cell("2 - 1"), cell(["A", "B"]), cell(True), cell(None)
    ("'=1+1", '2 - 1', 'A; B', 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    # A NUL ends the text in some programs, and no reader needs it.
    text = "; ".join(value) if isinstance(value, list) else str(value).replace("\0", "")
    return f"'{text}" if text.startswith(_FORMULA) else text


class _LastLine:
    """A file for the csv module that keeps only the last line."""

    def __init__(self, line: list[str]) -> None:
        self._line = line

    def write(self, text: str) -> None:
        self._line.append(text)
