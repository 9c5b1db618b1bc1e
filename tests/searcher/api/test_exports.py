import csv
import io
import json
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from searcher import create_app
from searcher.exports import streams
from searcher.exports.streams import STREAMS_MAX
from tests.support.corrected import Corrected
from tests.support.shelf import FORMULA, Shelf


def rows(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (200, "application/x-ndjson; charset=utf-8")
    return [json.loads(line) for line in answer.text.splitlines()]


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
    return [*csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))]


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance"])
def test_an_export_has_the_hits_of_the_search_in_its_order(shelf_client: FlaskClient, sort: str) -> None:
    search = f"q=drošība&sort={sort}"
    hits = shelf_client.get(f"/api/v1/search?{search}&per_page=100").get_json()["hits"]
    ids = [hit["id"] for hit in hits if "noslēpums" not in hit["title"]]
    assert [row["id"] for row in rows(shelf_client, f"/api/v1/search.ndjson?{search}")] == ids
    assert [row["id"] for row in table(shelf_client, f"/api/v1/search.csv?{search}")] == ids


def test_filters_and_corrections_count(shelf_client: FlaskClient) -> None:
    assert len(rows(shelf_client, "/api/v1/search.ndjson?q=drošība&has=gone")) == 1
    assert len(rows(shelf_client, "/api/v1/search.ndjson?from=2025&to=2025")) == 1
    assert rows(shelf_client, "/api/v1/search.ndjson?q=xqzw") == []


def test_rows_have_the_masked_text_and_say_what_became_of_a_release(
    shelf: Shelf, shelf_client: FlaskClient
) -> None:
    by_id = {row["id"]: row for row in rows(shelf_client, "/api/v1/search.ndjson")}
    names = {name: by_id.get(id_) for name, id_ in shelf.ids.items()}
    assert names["slepta"] is names["veca"] is None  # hidden; moved
    assert names["jauna"]["url"] == "https://www.iem.example/jauna/veca"
    assert (names["pazudusi"]["gone"], names["labota"]["edited"]) == (True, True)
    assert "10.00" in names["labota"]["text"]
    assert "prese@" not in names["mail"]["text"]


def test_fields_are_selected_and_always_have_the_id(shelf_client: FlaskClient) -> None:
    (row, *_) = rows(shelf_client, "/api/v1/search.ndjson?fields=title,url")
    assert {*row} == {"id", "title", "url"}
    (line, *_) = table(shelf_client, "/api/v1/search.csv?fields=text")
    assert {*line} == {"id", "text"}


@pytest.mark.parametrize("search", ["page=1", "q=a&q=b", "fields=colour", "sort=best", "from=x", "cursor=*"])
@pytest.mark.parametrize("path", ["/api/v1/search.csv", "/api/v1/search.ndjson"])
def test_parameters_are_strict(shelf_client: FlaskClient, path: str, search: str) -> None:
    answer = shelf_client.get(f"{path}?{search}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_an_unchanged_export_is_304(shelf_client: FlaskClient) -> None:
    first = shelf_client.get("/api/v1/search.csv")
    again = shelf_client.get("/api/v1/search.csv", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_file_has_a_name(shelf_client: FlaskClient) -> None:
    named = shelf_client.get("/api/v1/search.csv").headers["Content-Disposition"]
    assert named.startswith('attachment; filename="relizes-20')


def test_more_exports_than_a_process_makes_are_asked_to_come_again(shelf: Shelf) -> None:
    client = create_app(shelf.config).test_client()
    with ExitStack() as running:
        for _ in range(STREAMS_MAX):
            running.enter_context(client.get("/api/v1/search.ndjson"))
        refused = client.get("/api/v1/search.ndjson")
        assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
        assert refused.headers["Retry-After"] == "30"
        assert client.get("/api/v1/search").status_code == 200
    assert client.get("/api/v1/search.ndjson").status_code == 200


@pytest.mark.sweep
def test_libreoffice_runs_no_formula(shelf_client: FlaskClient, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("needs LibreOffice (apt-get install libreoffice-calc)")
    (tmp_path / "hits.csv").write_bytes(shelf_client.get("/api/v1/search.csv?fields=title").data)
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    # Without its import dialog, LibreOffice must be told the separator, the quotes and UTF-8.
    convert = (
        "--headless",
        "--infilter=CSV:44,34,76",
        "--convert-to",
        "fods",
        "--outdir",
        tmp_path,
        tmp_path / "hits.csv",
    )
    subprocess.run([office, profile, *convert], check=True, capture_output=True, timeout=600)
    sheet = (tmp_path / "hits.fods").read_text(encoding="utf-8")
    assert "Drošība" in sheet
    assert "table:formula" not in sheet
    assert FORMULA[:10] in sheet


def test_the_description_names_both_exports(shelf_client: FlaskClient) -> None:
    paths = shelf_client.get("/openapi.json").get_json()["paths"]
    for kind, mime_types in (("csv", ["text/csv"]), ("ndjson", ["application/x-ndjson", "text/plain"])):
        operation = paths[f"/api/v1/search.{kind}"]["get"]
        assert operation["operationId"] == f"export_{kind}"
        assert [one.partition(";")[0] for one in operation["responses"]["200"]["content"]] == mime_types


@pytest.mark.parametrize(
    ("accepted", "mime_type"),
    [
        ("*/*", "application/x-ndjson"),
        ("text/html,*/*;q=0.8", "application/x-ndjson"),
        ("text/plain", "text/plain"),
        ("application/json", "application/x-ndjson"),
    ],
)
def test_lines_are_text_to_clients_that_accept_only_that(
    shelf_client: FlaskClient, accepted: str, mime_type: str
) -> None:
    answer = shelf_client.get("/api/v1/search.ndjson?q=seminars", headers={"Accept": accepted})
    assert (answer.mimetype, "Accept" in answer.vary) == (mime_type, True)


@pytest.mark.parametrize(
    "address",
    [
        "search.ndjson?q=nodoklis+OR+ziņa&versions=true",
        "search.csv?q=nodoklis+OR+ziņa&versions=true",
        "search.csv?fields=text",
        "corrections.ndjson?weight=0",
        "corrections.csv?weight=0",
        "changes.ndjson",
    ],
)
def test_what_is_written_after_the_request_has_ended_is_the_same(
    corrected: Corrected, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    in_one_chunk = corrected.client.get(f"/api/v1/{address}")
    monkeypatch.setattr(streams, "CHUNK_CHARS", 1)  # all lines but the first come after the request
    in_many = corrected.client.get(f"/api/v1/{address}")
    assert (in_one_chunk.status_code, len(in_one_chunk.text.splitlines()) > 2) == (200, True)
    assert in_many.text == in_one_chunk.text
