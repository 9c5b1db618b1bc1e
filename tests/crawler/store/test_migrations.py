"""Stores of every released version upgrade; killed at any moment, they are old or new.

``written_by/`` has a store of each earlier format, and says how it was made.
"""

import gzip
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from crawler.check import check_store
from crawler.store import Store, StoreError
from crawler.store.migrations import MIGRATIONS
from tests.support.faults import calls_in, skip_without_strace

WRITTEN = sorted(Path(__file__).with_name("written_by").glob("*.sqlite3.gz"))
OLDEST_ASKED = Path(__file__).with_name("written_by") / "f99fda6.sqlite3.gz"
OPEN = (
    "import sys; from pathlib import Path; from crawler.store import Store; Store(Path(sys.argv[1])).close()"
)
CALLS = "write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink"
# Earlier formats are refused; 6 and 7 came at once.
WRITTEN_FORMATS = {*range(4, len(MIGRATIONS))} - {6}
# Number of calls at which the upgrade is killed, evenly spread over all of them.
SAMPLED = 24


def unpack(written: Path, folder: Path) -> Path:
    path = folder / "data" / "releases.sqlite3"
    path.parent.mkdir()
    path.write_bytes(gzip.decompress(written.read_bytes()))
    return path


@pytest.fixture(params=WRITTEN, ids=lambda path: path.name)
def each_old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return unpack(request.param, tmp_path)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return unpack(OLDEST_ASKED, tmp_path)


def rows(path: Path) -> dict[str, tuple[str, ...]]:
    """Return what an upgrade must not change of each release: it is the same in all versions."""
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT id, number, state, url, record, first_seen, changed FROM release")
        return {id_: tuple(map(str, row)) for id_, *row in found}


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def copies(path: Path) -> list[Path]:
    return sorted(path.parent.glob("releases.sqlite3.schema-*"))


def all_rows(path: Path, tables: Mapping[str, str]) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of each table, sorted; *tables* has the columns of each."""
    with closing(sqlite3.connect(path)) as db:
        return {
            table: sorted(db.execute(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in tables.items()
        }


def tables_of(path: Path) -> dict[str, str]:
    """Return the columns of each table; of the index of near-duplicates, those that all formats have.

    How far releases are clustered is left out: after an upgrade, a crawl looks at all of them again.
    """
    with closing(sqlite3.connect(path)) as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'clustered'")
        names = [name for (name,) in tables]
        columns = {name: db.execute("SELECT name FROM pragma_table_info(?)", (name,)) for name in names}
        return {
            name: "key, release" if name == "band" else ", ".join(column for (column,) in rows)
            for name, rows in columns.items()
        }


@pytest.mark.parametrize(
    "written", [path for path in WRITTEN if path != OLDEST_ASKED], ids=lambda path: path.name
)
def test_every_table_of_an_old_store_has_rows(written: Path, tmp_path: Path) -> None:
    path = unpack(written, tmp_path)
    found = all_rows(path, tables_of(path))
    assert [table for table, rows in found.items() if not rows] == []


def test_there_is_a_store_of_every_earlier_format(tmp_path: Path) -> None:
    folders = [tmp_path / written.name for written in WRITTEN]
    for folder in folders:
        folder.mkdir()
    formats = {version(unpack(written, folder)) for written, folder in zip(WRITTEN, folders, strict=True)}
    assert formats == WRITTEN_FORMATS


def test_old_store_is_upgraded_and_a_copy_kept(each_old: Path) -> None:
    was, tables = version(each_old), tables_of(each_old)
    before = all_rows(each_old, tables)
    assert before["release"]
    with Store(each_old) as store:
        assert [finding for finding in check_store(store) if not finding.is_well] == []
    [copy] = copies(each_old)
    assert (version(each_old), all_rows(each_old, tables)) == (len(MIGRATIONS), before)
    assert (copy.name, version(copy)) == (f"releases.sqlite3.schema-{was}", was)
    assert all_rows(copy, tables) == before


def test_hidden_releases_stay_hidden(old: Path) -> None:
    with Store(old) as store:
        assert {stored.state for stored in store.changes_since(0)} == {"present", "hidden"}


def test_old_store_is_not_read_before_it_is_upgraded(old: Path) -> None:
    with pytest.raises(StoreError, match="older version of this program; `releases upgrade` upgrades it"):
        Store.open_readonly(old)
    Store(old).close()
    Store.open_readonly(old).close()


def test_store_of_today_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "releases.sqlite3"
    for _ in range(2):
        Store(path).close()
    assert copies(path) == []


def test_store_is_not_upgraded_without_a_copy(old: Path) -> None:
    before = old.read_bytes()
    copy = old.with_name(f"releases.sqlite3.schema-{version(old)}")
    copy.mkdir()  # cannot be replaced by a file
    with pytest.raises(StoreError, match="not upgraded, since no copy can be made"):
        Store(old)
    assert (old.read_bytes(), list(old.parent.glob("*.draft"))) == (before, [])


def make_empty(path: Path, applied: int) -> Path:
    """Make an empty store of the format *applied*."""
    with closing(sqlite3.connect(path)) as db:
        db.create_function("row_digest", -1, lambda *_: "")
        for script in MIGRATIONS[:applied]:
            db.executescript(script)
        db.execute(f"PRAGMA user_version = {applied}")
    return path


@pytest.mark.parametrize("applied", [1, 3])
def test_format_of_early_development_is_refused(applied: int, tmp_path: Path) -> None:
    path = make_empty(tmp_path / "releases.sqlite3", applied)
    before = path.read_bytes()
    for open_store in (Store, Store.open_readonly):
        with pytest.raises(StoreError, match="crawl into a new data_dir"):
            open_store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("applied", range(4, len(MIGRATIONS)))
def test_every_earlier_version_upgrades(applied: int, tmp_path: Path) -> None:
    path = make_empty(tmp_path / "releases.sqlite3", applied)
    with Store(path) as store, Store(tmp_path / "new.sqlite3") as new:
        tables = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
        assert store.rows(tables) == new.rows(tables)


def test_failing_migration_leaves_the_old_store(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    was, before = version(old), rows(old)
    monkeypatch.setattr("crawler.store.database.MIGRATIONS", (*MIGRATIONS, "CREATE TABLE x (y); no SQL;"))
    with pytest.raises(StoreError, match="syntax error"):
        Store(old)
    assert (version(old), rows(old)) == (was, before)


def test_a_program_that_serves_reads_the_copy_until_it_is_reloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, now = tmp_path / "releases.sqlite3", 1000.0
    Store(path).close()
    with pytest.MonkeyPatch.context() as newer:
        newer.setattr("crawler.store.database.MIGRATIONS", (*MIGRATIONS, "CREATE TABLE x (y);"))
        newer.setattr("crawler.store.database.NEWEST_FORMAT", len(MIGRATIONS) + 1)
        Store(path).close()
    monkeypatch.setattr("crawler.store.database.time.monotonic", lambda: now)
    for late, is_read in ((0, True), (299, True), (301, False)):
        now = 1000.0 + late
        if is_read:
            with Store.open_served(path) as store:
                assert store.format() == len(MIGRATIONS)
        else:
            with pytest.raises(StoreError, match="made by a newer version"):
                Store.open_served(path)


@pytest.mark.long_sweep
@pytest.mark.parametrize("fault", ["signal=KILL", "error=EIO", "error=ENOSPC"])
def test_disturbed_upgrade_leaves_the_old_store_or_the_new_one(old: Path, fault: str, tmp_path: Path) -> None:
    skip_without_strace()
    was, before, kept = version(old), rows(old), tmp_path / "kept"
    shutil.copytree(old.parent, kept)
    trace = tmp_path / "trace"
    upgrade(old, "-o", str(trace), "-e", f"trace={CALLS}")
    calls = calls_in(trace)
    for call, number in calls[:: len(calls) // SAMPLED | 1]:
        shutil.rmtree(old.parent)
        shutil.copytree(kept, old.parent)
        upgrade(old, "-o", "/dev/null", "-e", f"trace={CALLS}", "-e", f"inject={call}:{fault}:when={number}")
        assert version(old) in (was, len(MIGRATIONS)), (call, number)
        assert rows(old) == before, (call, number)
        Store(old).close()
        assert (version(old), rows(old), [rows(copy) for copy in copies(old)]) == (
            len(MIGRATIONS),
            before,
            [before],
        ), (call, number)


def upgrade(path: Path, *options: str) -> None:
    files = (f"{path}{end}" for end in ("", "-wal", "-shm", "-journal", f".schema-{version(path)}.draft"))
    watched = [part for file in (*files, str(path.parent)) for part in ("-P", file)]
    strace = ["strace", "-f", "--seccomp-bpf", *options, *watched]
    subprocess.run([*strace, sys.executable, "-c", OPEN, path], capture_output=True, check=False, timeout=120)


def test_statements_end_at_no_semicolon_in_a_comment(tmp_path: Path) -> None:
    assert any(";" in line.partition("--")[2] for script in MIGRATIONS for line in script.splitlines())
    with Store(tmp_path / "releases.sqlite3") as store:
        assert store.format() == len(MIGRATIONS)
