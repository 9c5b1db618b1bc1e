"""Stores of every released version upgrade; killed at any moment, they are old or new.

``written_by/`` has a store of each released schema: two crawls of two sample sites, with a release edited,
one missing and one hidden.
"""

import gzip
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from crawler.check import check_store
from crawler.store import Store, StoreError
from crawler.store.migrations import MIGRATIONS
from tests.support.faults import calls_in, skip_without_strace

WRITTEN = sorted(Path(__file__).with_name("written_by").glob("*.sqlite3.gz"))
OPEN = (
    "import sys; from pathlib import Path; from crawler.store import Store; Store(Path(sys.argv[1])).close()"
)
CALLS = "write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink"
# Number of calls at which the upgrade is killed, evenly spread over all of them.
SAMPLED = 24


@pytest.fixture(params=WRITTEN, ids=lambda path: path.name)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "data" / "releases.sqlite3"
    path.parent.mkdir()
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    return path


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


def test_old_store_is_upgraded_and_a_copy_kept(old: Path) -> None:
    before, was = rows(old), version(old)
    with Store(old) as store:
        assert all(finding.is_well for finding in check_store(store))
        assert {stored.state for stored in store.changes_since(0)} == {"present", "hidden"}
    [copy] = copies(old)
    assert (version(old), rows(old)) == (len(MIGRATIONS), before)
    assert (copy.name, version(copy), rows(copy)) == (f"releases.sqlite3.schema-{was}", was, before)


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


@pytest.mark.parametrize("applied", range(1, len(MIGRATIONS)))
def test_every_earlier_version_upgrades(applied: int, tmp_path: Path) -> None:
    path = tmp_path / "releases.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.create_function("row_digest", -1, lambda *_: "")
        for script in MIGRATIONS[:applied]:
            db.executescript(script)
        db.execute(f"PRAGMA user_version = {applied}")
    with Store(path) as store, Store(tmp_path / "new.sqlite3") as new:
        tables = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
        assert store.rows(tables) == new.rows(tables)


def test_failing_migration_leaves_the_old_store(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    was, before = version(old), rows(old)
    monkeypatch.setattr("crawler.store.database.MIGRATIONS", (*MIGRATIONS, "CREATE TABLE x (y); no SQL;"))
    with pytest.raises(StoreError, match="syntax error"):
        Store(old)
    assert (version(old), rows(old)) == (was, before)


@pytest.mark.sweep
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
        assert store.version() == len(MIGRATIONS)
