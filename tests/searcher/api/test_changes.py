import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from typer.testing import CliRunner

from crawler.store import Store
from crawler.store.database import begin_epoch
from index.reindex import app as reindex
from searcher import create_app
from tests.support.published import SEEN, release

STORE = Path("data") / "releases.sqlite3"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    (tmp_path / "data").mkdir()
    with Store(tmp_path / STORE) as store:
        for day, start in enumerate(("Sēde sākas 9.00.", "Sēde sākas 10.00.")):
            store.save(release(1, ("Valdības sēde", start, "Ieeja brīva.")), seen=SEEN + timedelta(days=day))
    build(tmp_path)
    return tmp_path


def build(folder: Path) -> None:
    done = CliRunner().invoke(reindex, ["--config", str(folder / "config.toml"), "--accept-loss"])
    assert done.exit_code == 0, done.output


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    return create_app(folder / "config.toml").test_client()


def test_changes_go_on_where_the_last_answer_ended(client: FlaskClient) -> None:
    first = client.get("/api/v1/changes?limit=1").get_json()
    [new] = first["changes"]
    assert (new["kind"], new["version"], new["title"], new["at"]) == (
        "new",
        1,
        "Valdības sēde",
        "2026-03-01T00:00:00Z",
    )
    second = client.get(f"/api/v1/changes?since={first['next']}").get_json()
    assert [change["kind"] for change in second["changes"]] == ["edit"]
    third = client.get(f"/api/v1/changes?since={second['next']}").get_json()
    assert third == {"changes": [], "next": second["next"]}


def test_changes_wait_for_the_index(client: FlaskClient, folder: Path) -> None:
    place = client.get("/api/v1/changes").get_json()["next"]
    with Store(folder / STORE) as store:
        store.hide("https://iem.example/1", seen=SEEN + timedelta(days=3))
        store.save(release(2, ("Cita", "Ievads.", "Teksts.")), seen=SEEN + timedelta(days=3))
    assert client.get(f"/api/v1/changes?since={place}").get_json()["changes"] == []
    # What is hidden loses its text at once.
    assert {change["title"] for change in client.get("/api/v1/changes").get_json()["changes"]} == {None}
    build(folder)
    hidden, new = client.get(f"/api/v1/changes?since={place}").get_json()["changes"]
    assert (hidden["kind"], hidden["title"], hidden["ministry"]) == ("hide", None, None)
    assert (new["kind"], new["title"]) == ("new", "Cita")


@pytest.mark.parametrize("address", ["changes", "changes.ndjson"])
def test_a_cursor_from_before_a_restore_is_gone(client: FlaskClient, folder: Path, address: str) -> None:
    place = client.get("/api/v1/changes").get_json()["next"]
    begin_epoch(folder / STORE)
    answer = client.get(f"/api/v1/{address}?since={place}")
    assert (answer.status_code, answer.content_type) == (410, "application/problem+json")
    assert answer.get_json(force=True)["errors"].keys() == {"since"}
    assert client.get(f"/api/v1/{address}").status_code == 200


@pytest.mark.parametrize(
    ("query", "name"), [("since=x", "since"), ("limit=0", "limit"), ("limit=501", "limit")]
)
def test_a_wrong_parameter_is_named(client: FlaskClient, query: str, name: str) -> None:
    answer = client.get(f"/api/v1/changes?{query}")
    assert (answer.status_code, list(answer.get_json(force=True)["errors"])) == (400, [name])


def test_all_changes_are_streamed(client: FlaskClient) -> None:
    answer = client.get("/api/v1/changes.ndjson")
    lines = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    assert lines == client.get("/api/v1/changes").get_json()["changes"]
    rest = client.get(f"/api/v1/changes.ndjson?since={lines[0]['cursor']}").get_data(as_text=True)
    assert [json.loads(line) for line in rest.splitlines()] == lines[1:]


def test_unchanged_changes_are_304(client: FlaskClient) -> None:
    tag = client.get("/api/v1/changes").headers["ETag"]
    assert client.get("/api/v1/changes", headers={"If-None-Match": tag}).status_code == 304
