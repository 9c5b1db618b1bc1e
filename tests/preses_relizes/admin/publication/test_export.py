import csv
import hashlib
import json
from pathlib import Path

import pytest
from filelock import FileLock

from preses_relizes.admin.options import size
from searcher.config import load
from tests.support.releases_command import run
from tests.support.shelf import Shelf, build_shelf

ADDRESS = "https://relizes.example.lv/dati"
FILES = (
    *("releases.ndjson", "releases.csv", "mentions.ndjson", "releases.sqlite3", "releases.parquet"),
    "dcat.jsonld",
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return build_shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="module")
def folder(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an export."""
    folder = tmp_path_factory.mktemp("dati")
    done = run("export", str(folder), "--address", ADDRESS, "--config", str(shelf.config), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["releases"] == 7
    return folder


def test_the_lines_have_every_release_but_hidden_ones(shelf: Shelf, folder: Path) -> None:
    rows = [json.loads(line) for line in (folder / "releases.ndjson").read_text("utf-8").splitlines()]
    by_id = {row["id"]: row for row in rows}
    assert by_id.keys() == {id_ for name, id_ in shelf.ids.items() if name not in ("slepta", "veca")}
    assert by_id[shelf.ids["pazudusi"]]["gone"]
    assert "prese@" not in by_id[shelf.ids["mail"]]["text"]


def test_the_table_has_the_same_releases(folder: Path) -> None:
    with (folder / "releases.csv").open(encoding="utf-8-sig", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    lines = (folder / "releases.ndjson").read_text("utf-8").splitlines()
    assert ids == [json.loads(line)["id"] for line in lines]


def test_the_checksums_are_those_of_the_files(folder: Path) -> None:
    sums = dict(
        reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    )
    assert {*sums} == {*FILES}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    described = json.loads((folder / "dcat.jsonld").read_text("utf-8"))
    for file in described["dcat:dataset"]["dcat:distribution"]:
        assert file["spdx:checksum"]["spdx:checksumValue"]["@value"] == sums[file["dct:title"]]
        assert file["dcat:downloadURL"]["@id"] == f"{ADDRESS}/{file['dct:title']}"


def test_no_draft_is_left_and_a_second_export_replaces_the_first(shelf: Shelf, folder: Path) -> None:
    before = (folder / "releases.ndjson").read_bytes()
    done = run("export", str(folder), "--address", ADDRESS, "--config", str(shelf.config))
    assert done.exit_code == 0
    assert (folder / "releases.ndjson").read_bytes() == before
    assert [path.name for path in folder.glob("*.draft")] == []


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--address", "dati"), 2, "--address dati/: not an address"),
        (("--address", ADDRESS, "--licence", "CC0"), 2, "--licence CC0: not an address"),
        ((), 2, "--address"),
    ],
)
def test_wrong_options_are_named(
    shelf: Shelf, tmp_path: Path, options: tuple[str, ...], code: int, message: str
) -> None:
    done = run("export", str(tmp_path), "--config", str(shelf.config), *options)
    assert (done.exit_code, message in done.output) == (code, True)
    assert [*tmp_path.iterdir()] == []


def test_a_missing_folder_and_a_second_export_are_named(shelf: Shelf, tmp_path: Path) -> None:
    options = ("--address", ADDRESS, "--config", str(shelf.config))
    missing = run("export", str(tmp_path / "x"), *options)
    assert (missing.exit_code, "there is no such folder" in missing.output) == (2, True)
    with FileLock(tmp_path / ".export.lock"):
        second = run("export", str(tmp_path), *options)
    assert (second.exit_code, "another export is writing there" in second.output) == (3, True)


def test_what_was_exported_is_said_with_its_sizes(shelf: Shelf, tmp_path: Path) -> None:
    done = run("export", str(tmp_path), "--address", ADDRESS, "--config", str(shelf.config))
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir() if not path.name.startswith(".")}
    assert done.output.splitlines() == [
        f"{tmp_path}: 7 releases",
        *(f"  {name}: {size(sizes[name])}" for name in (*FILES, "SHA256SUMS")),
    ]
    as_json = run("export", str(tmp_path), "--address", ADDRESS, "--config", str(shelf.config), "--json")
    assert {*json.loads(as_json.output)["files"]} == {*sizes}


@pytest.mark.parametrize("licence", ["ftp://a.lv/", "https://a.lv/a b", "a.lv"])
def test_a_licence_is_an_address(shelf: Shelf, tmp_path: Path, licence: str) -> None:
    options = ("--address", "http://a.lv/", "--licence", licence, "--config", str(shelf.config))
    done = run("export", str(tmp_path), *options)
    reason = f"--licence {licence}: not an address that begins with http:// or https://"
    assert (done.exit_code, done.output) == (2, f"releases: {reason}\n")


def test_the_publisher_is_the_service(shelf: Shelf, folder: Path) -> None:
    dataset = json.loads((folder / "dcat.jsonld").read_text("utf-8"))["dcat:dataset"]
    settings = load(shelf.config)
    assert dataset["dct:publisher"]["foaf:name"] == settings.service_name
    assert dataset["dcat:landingPage"] == {"@id": "https://relizes.example.lv/"}
    assert ("dcat:contactPoint" in dataset) == bool(settings.contact_email)
