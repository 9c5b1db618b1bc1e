import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from preses_relizes.admin.publication.dump import DumpedRelease
from preses_relizes.admin.publication.tables import COLUMNS, write_parquet, written_to_sqlite
from tests.support.releases_command import run
from tests.support.structured_library import build_structured

DOCS = (Path(__file__).parents[4] / "docs" / "operations.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```sql\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an export."""
    config, _ = build_structured(tmp_path_factory.mktemp("library"))
    folder = tmp_path_factory.mktemp("dati")
    done = run("export", str(folder), "--address", "https://a.lv/", "--config", str(config))
    assert done.exit_code == 0, done.output
    return folder


def of_lines(folder: Path) -> list[dict[str, Any]]:
    return [*map(json.loads, (folder / "releases.ndjson").read_text("utf-8").splitlines())]


def of_sqlite(folder: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(folder / "releases.sqlite3")) as db:
        rows = db.execute("SELECT * FROM releases ORDER BY rowid").fetchall()
    return [plain(dict(zip(COLUMNS, row, strict=True))) for row in rows]


def of_parquet(folder: Path) -> list[dict[str, Any]]:
    rows = duckdb.sql(f"SELECT * FROM '{folder}/releases.parquet'").fetchall()
    return [plain(dict(zip(COLUMNS, row, strict=True))) for row in rows]


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return *row* as JSON has it."""
    names, structure, day = row["also_published_by"], row["structure"], row["published"]
    return {
        **row,
        "published": day and str(day),
        "also_published_by": json.loads(names) if isinstance(names, str) else names,
        **{name: bool(row[name]) for name in ("gone", "edited", "machine_translated")},
        "structure": structure and json.loads(structure),
    }


def test_the_tables_have_the_rows_of_the_lines(folder: Path) -> None:
    rows = of_lines(folder)
    assert len(rows) == 5
    assert all(row["structure"]["text"] for row in rows)
    assert of_sqlite(folder) == rows
    assert of_parquet(folder) == rows


def test_each_field_has_a_column() -> None:
    assert {*DumpedRelease.model_fields} == {*COLUMNS}


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_docs_finds_releases(
    folder: Path, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    found = duckdb.sql(query)
    assert found is not None
    assert len(found.fetchall()) > 0


def test_the_docs_have_a_query() -> None:
    assert QUERIES


def test_a_draft_that_was_left_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    for _ in range(2):
        assert [*written_to_sqlite((), path)] == []
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM releases").fetchall() == [(0,)]


def test_what_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="DuckDB: "):
        write_parquet(tmp_path / "none.ndjson", tmp_path / "a.parquet")
    with pytest.raises(OSError, match="SQLite: "):
        list(written_to_sqlite((), tmp_path / "none" / "a.sqlite3"))


def test_a_path_may_have_a_quotation_mark(tmp_path: Path) -> None:
    (tmp_path / "o'.ndjson").write_text("", encoding="utf-8")
    write_parquet(tmp_path / "o'.ndjson", tmp_path / "o'.parquet")
    assert (tmp_path / "o'.parquet").stat().st_size > 0
