import hashlib
import json
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.store import Span, Store, Structure, release_id
from crawler.store.structure import dump_structure
from index.analysis import default_analyzer
from index.register import MentionReader, record_mentions
from preses_relizes.admin.publication.dump import DumpScope, Publisher, write_dump
from searcher.exports import ExportedRelease
from tests.support.listed_release import LISTED
from tests.support.stored_release import DAY, RELEASE, publish

PUBLISHER = Publisher(name="Preses relīzes", contact="", page="")


def dump(store: Store, folder: Path) -> str:
    write_dump(store, folder, address="https://a.lv/", licence="", publisher=PUBLISHER)
    return (folder / "releases.ndjson").read_text(encoding="utf-8")


def test_a_dump_names_who_published_the_same(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite3") as store:
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
    with Store(tmp_path / "store.sqlite3") as store:
        assert dump(store, tmp_path) == ""
    assert (tmp_path / "releases.csv").read_bytes().count(b"\r\n") == 1


def test_a_dump_that_fails_leaves_the_one_before(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite3") as store:
        store.save(RELEASE, seen=DAY)
        before = dump(store, tmp_path)
        store.save(replace(RELEASE, title="Cits"), seen=DAY + timedelta(1))
        (tmp_path / "releases.csv.draft").mkdir()  # cannot be written
        with pytest.raises(IsADirectoryError):
            dump(store, tmp_path)
    assert (tmp_path / "releases.ndjson").read_text(encoding="utf-8") == before


def test_the_scope_of_a_dump_grows_with_its_rows() -> None:
    scope, row = DumpScope(), ExportedRelease.of(LISTED)
    assert (scope.releases, scope.languages, scope.first, scope.last) == (0, set(), None, None)
    days = (None, date(2020, 5, 1), date(2019, 1, 1), date(2021, 1, 1), None)
    for day, language in zip(days, ("lv", "ru", "lv", "en", "lv"), strict=True):
        scope.add(row.model_copy(update={"published": day, "language": language}))
    assert (scope.releases, scope.languages) == (5, {"lv", "ru", "en"})
    assert (scope.first, scope.last) == (date(2019, 1, 1), date(2021, 1, 1))


def test_the_files_describe_each_other(tmp_path: Path) -> None:
    publisher = Publisher(name="Izdevējs", contact="a@b.lv", page="https://p.lv")
    with Store(tmp_path / "store.sqlite3") as store:
        store.save(RELEASE, seen=DAY)
        store.save(replace(RELEASE, url="https://a.lv/h", body="Slēpta."), seen=DAY)
        store.hide("https://a.lv/h", seen=DAY)
        scope = write_dump(
            store, tmp_path, address="https://a.lv/d/", licence="https://l.lv", publisher=publisher
        )
    assert (scope.releases, scope.first, scope.last) == (1, RELEASE.published, RELEASE.published)
    described = json.loads((tmp_path / "dcat.jsonld").read_text(encoding="utf-8"))
    dataset = described["dcat:dataset"]
    files = {file["dct:title"]: file for file in dataset["dcat:distribution"]}
    assert {name: file["dct:description"]["@value"] for name, file in files.items()} == {
        "releases.ndjson": "One JSON object on each line, with the text.",
        "releases.csv": "UTF-8 with a header, without the text.",
        "mentions.ndjson": "One JSON object on each line: who and what a release mentions, who says what, "
        "what falls due and what followed; places are characters of its lead and body with an empty line "
        "between.",
        "releases.sqlite3": "The table releases, with the text.",
        "releases.parquet": "With the text.",
    }
    assert [file["dcat:mediaType"]["@id"].rpartition("media-types/")[2] for file in files.values()] == [
        "application/x-ndjson",
        "text/csv",
        "application/x-ndjson",
        "application/vnd.sqlite3",
        "application/vnd.apache.parquet",
    ]
    assert [file["dct:format"]["@id"].rpartition("/")[2] for file in files.values()] == [
        "JSON",
        "CSV",
        "JSON",
        "BIN",
        "PARQUET",
    ]
    for name, file in files.items():
        content = (tmp_path / name).read_bytes()
        assert file["dcat:byteSize"]["@value"] == str(len(content))
        assert file["spdx:checksum"]["spdx:checksumValue"]["@value"] == hashlib.sha256(content).hexdigest()
        assert file["dct:license"] == {"@id": "https://l.lv"}
    assert dataset["dct:publisher"]["foaf:name"] == "Izdevējs"
    assert dataset["dcat:landingPage"] == {"@id": "https://p.lv/"}
    sums = (tmp_path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert [line.split("  ")[1] for line in sums] == [
        "releases.ndjson",
        "releases.csv",
        "mentions.ndjson",
        "releases.sqlite3",
        "releases.parquet",
        "dcat.jsonld",
    ]
    for line in sums:
        digest, name = line.split("  ")
        assert digest == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
    assert [*tmp_path.glob("*.draft")] == []


def test_a_line_of_a_dump_has_what_the_page_shows(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite3") as store:
        store.save(replace(RELEASE, lead="Ievads.", machine_translated=True), seen=DAY)
        store.save(replace(RELEASE, lead="Cits ievads.", machine_translated=True), seen=DAY + timedelta(1))
        store.mark_gone(release_id(RELEASE.site, RELEASE.url), seen=DAY + timedelta(2))
        row = json.loads(dump(store, tmp_path))
    assert row == {
        "id": release_id(RELEASE.site, RELEASE.url),
        "published": "2026-02-27",
        "ministry": "Iekšlietu ministrija",
        "title": RELEASE.title,
        "url": RELEASE.url,
        "language": "lv",
        "site": "iem",
        "also_published_by": [],
        "gone": True,
        "edited": True,
        "machine_translated": True,
        "lead": "Cits ievads.",
        "text": RELEASE.body,
        "structure": None,
    }


def test_a_dump_has_the_structure_of_texts_and_what_followed(tmp_path: Path) -> None:
    spans = Structure(body=(Span(start=0, end=6, kind="h2"),))
    announced = publish(
        "konkurss",
        "Sākas konkurss „Skolu dārzi”",
        "Konkursam „Skolu dārzi” pieteikumi jāiesniedz līdz 2026. gada 15. martam.",
        date(2026, 2, 1),
    )
    later = publish(
        "rezultati",
        "Konkursam „Skolu dārzi” saņemti pieteikumi",
        "Konkursam „Skolu dārzi” saņemti 40 pieteikumi.",
        date(2026, 3, 20),
    )
    with Store(tmp_path / "store.sqlite3") as store:
        store.save(replace(announced, structure=dump_structure(spans)), seen=DAY)
        store.save(later, seen=DAY)
        record_mentions(store, MentionReader.beside(store.path, default_analyzer()))
        folder = tmp_path / "dump"
        folder.mkdir()
        rows = {row["title"]: row for row in map(json.loads, dump(store, folder).splitlines())}
        mentions = (folder / "mentions.ndjson").read_text(encoding="utf-8").splitlines()
        found = {row["id"]: row["due"] for row in map(json.loads, mentions)}
        [due] = found[release_id(announced.site, announced.url)]
        assert due["followed_by"]["title"] == later.title
        store.hide(later.url, seen=DAY)
        dump(store, folder)
        assert '"followed_by": null' in (folder / "mentions.ndjson").read_text(encoding="utf-8")
    [heading] = rows[announced.title]["structure"]["text"]
    assert (heading["start"], heading["end"], heading["kind"]) == (0, 6, "h2")


def test_without_duckdb_an_older_parquet_file_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(tmp_path / "releases.db") as store:
        store.save(RELEASE, seen=DAY)
        dump(store, tmp_path)
        assert (tmp_path / "releases.parquet").exists()
        monkeypatch.setitem(sys.modules, "duckdb", None)
        dump(store, tmp_path)
    assert not (tmp_path / "releases.parquet").exists()
    assert "parquet" not in (tmp_path / "SHA256SUMS").read_text(encoding="utf-8")
