from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.store import Store
from preses_relizes.admin.publication.dump import Publisher, write_dump
from tests.support.stored_release import DAY, RELEASE

PUBLISHER = Publisher(name="Preses relīzes", contact="", page="")


def dump(store: Store, folder: Path) -> str:
    write_dump(store, folder, address="https://a.lv/", licence="", publisher=PUBLISHER)
    return (folder / "releases.ndjson").read_text(encoding="utf-8")


def test_a_dump_names_who_published_the_same(tmp_path: Path) -> None:
    with Store(tmp_path / "releases.sqlite3") as store:
        other = replace(RELEASE, url="https://www.vm.example/x", site="vm", ministry="Veselības ministrija")
        for number, release in enumerate((RELEASE, replace(other, body="Cits teksts."))):
            store.save(release, seen=DAY + timedelta(number))
        first, second = (store.find(url) for url in (RELEASE.url, other.url))
        assert first is not None
        assert second is not None
        store.set_cluster(second.id, first.id, seen=DAY)
        lines = dump(store, tmp_path)
    assert '"also_published_by":["Veselības ministrija"]' in lines
    assert '"also_published_by":["Iekšlietu ministrija"]' in lines


def test_an_empty_store_gives_empty_files(tmp_path: Path) -> None:
    with Store(tmp_path / "releases.sqlite3") as store:
        assert dump(store, tmp_path) == ""
    assert (tmp_path / "releases.csv").read_bytes().count(b"\r\n") == 1


def test_a_dump_that_fails_leaves_the_one_before(tmp_path: Path) -> None:
    with Store(tmp_path / "releases.sqlite3") as store:
        store.save(RELEASE, seen=DAY)
        before = dump(store, tmp_path)
        store.save(replace(RELEASE, title="Cits"), seen=DAY + timedelta(1))
        (tmp_path / "releases.csv.draft").mkdir()  # cannot be written
        with pytest.raises(IsADirectoryError):
            dump(store, tmp_path)
    assert (tmp_path / "releases.ndjson").read_text(encoding="utf-8") == before
