"""`releases backup`: complete, consistent while a crawl writes, and never of a damaged store."""

import hashlib
import json
import sqlite3
import tarfile
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.store import Store
from preses_relizes import __version__
from preses_relizes.admin.backups.backup import back_up
from preses_relizes.admin.backups.backup_file import open_verified
from preses_relizes.admin.options import size
from tests.support.installation import install
from tests.support.releases_command import run
from tests.support.stored_release import DAY, RELEASE


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return install(tmp_path / "here")


def test_it_has_everything_that_cannot_be_rebuilt(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.tar"
    done = run("backup", str(file), "--config", str(config), "--json")
    assert done.exit_code == 0, done.output
    names = ["releases.sqlite3", "config.toml", "named/index.judged/judged.toml", "data/acronyms.tsv"]
    assert [one["name"] for one in json.loads(done.output)["files"]] == names
    assert {path.name for path in tmp_path.iterdir()} == {"here", "x.tar"}


def test_tar_unpacks_it(config: Path, tmp_path: Path) -> None:
    back_up(config, tmp_path / "x.tar")
    with tarfile.open(tmp_path / "x.tar") as tar:
        tar.extractall(tmp_path / "unpacked", filter="data")
    with Store.open_readonly(tmp_path / "unpacked" / "releases.sqlite3") as store:
        assert store.count() == 29


def test_existing_file_is_not_overwritten(config: Path, tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_text("precious")
    done = run("backup", str(tmp_path / "x.tar"), "--config", str(config))
    assert (done.exit_code, "exists already" in done.output) == (2, True)
    assert (tmp_path / "x.tar").read_text() == "precious"


def test_missing_folder_is_named(config: Path, tmp_path: Path) -> None:
    done = run("backup", str(tmp_path / "none" / "x.tar"), "--config", str(config))
    assert (done.exit_code, f"{tmp_path / 'none'}: there is no such folder" in done.output) == (2, True)


def test_uncommitted_changes_are_left_out(config: Path, tmp_path: Path) -> None:
    path = config.parent / "data" / "releases.sqlite3"
    with Store(path) as store, store.transaction():
        store.save(RELEASE, seen=DAY)
        assert back_up(config, tmp_path / "x.tar").releases == 29


def test_every_backup_is_consistent_while_a_crawl_writes(config: Path, tmp_path: Path) -> None:
    path = config.parent / "data" / "releases.sqlite3"
    stopped, written = threading.Event(), threading.Event()

    def crawl() -> None:
        with Store(path) as store:
            while not stopped.is_set():
                store.hide(RELEASE.url, seen=DAY)
                store.unhide(RELEASE.url, seen=DAY)
                written.set()

    crawling = threading.Thread(target=crawl)
    crawling.start()
    try:
        for number in range(5):
            written.clear()
            assert written.wait(30)
            back_up(config, tmp_path / f"{number}.tar")
    finally:
        stopped.set()
        crawling.join()
    for number in range(5):
        with open_verified(tmp_path / f"{number}.tar") as backup:
            assert backup.manifest.releases == 29


def test_damaged_store_is_not_backed_up(config: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(config.parent / "data" / "releases.sqlite3")) as db:
        db.execute("UPDATE release SET record = replace(record, ' ', ' q') WHERE site = 'vugd'")
        db.commit()
    done = run("backup", str(tmp_path / "x.tar"), "--config", str(config))
    assert (done.exit_code, "not backed up, since it is damaged: 7 are damaged" in done.output) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_without_a_store_the_next_command_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    done = run("backup", str(tmp_path / "x.tar"), "--config", str(tmp_path / "config.toml"))
    assert (done.exit_code, "no releases yet; run `crawl` first" in done.output) == (4, True)


def test_the_manifest_says_what_the_backup_has(config: Path, tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    manifest = back_up(config, tmp_path / "x.tar")
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        assert (manifest.releases, manifest.number) == (store.count(), store.last_number())
        assert manifest.store_format == store.format()
    assert manifest.program == __version__
    assert before <= datetime.fromisoformat(manifest.made) <= datetime.now(UTC)
    described = {file.name: file for file in manifest.files}
    assert {name: (file.role, file.key) for name, file in described.items()} == {
        "releases.sqlite3": ("store", ""),
        "config.toml": ("settings", ""),
        "named/index.judged/judged.toml": ("named", "index.judged"),
        "data/acronyms.tsv": ("data", ""),
    }
    assert described["config.toml"].bytes == config.stat().st_size
    assert described["config.toml"].sha256 == hashlib.sha256(config.read_bytes()).hexdigest()


def test_what_was_backed_up_is_said_in_one_line(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.tar"
    done = run("backup", str(file), "--config", str(config))
    names = "releases.sqlite3, config.toml, named/index.judged/judged.toml, data/acronyms.tsv"
    assert done.output == f"{file}: 29 releases, {size(file.stat().st_size)}: {names}\n"
