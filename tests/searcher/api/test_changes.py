import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from flask.testing import FlaskClient
from typer.testing import CliRunner

from crawler.store import Store
from crawler.store.database import begin_epoch
from index.reindex import app as reindex
from searcher import create_app
from searcher.waiting import WAITING_MAX
from tests.support.awaiting import DEADLINE_S
from tests.support.published import SEEN, release
from tests.support.serving import serving, started

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


def save_another(folder: Path, number: int) -> None:
    """Store a release and index it."""
    with Store(folder / STORE) as store:
        store.save(release(number, ("Cita", "Ievads.", "Teksts.")), seen=SEEN + timedelta(days=number))
    build(folder)


def read_events(answer: Iterable[bytes], count: int) -> list[dict[str, str]]:
    """Return the first *count* events that are sent, as their fields."""
    events: list[dict[str, str]] = [{}]
    for line in answer:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            events[-1][name] = value
        elif "id" in events[-1]:
            if len(events) == count:
                return events
            events.append({})
        else:
            events[-1].clear()
    raise AssertionError(f"only {len(events) - 1} events were sent")


@pytest.fixture
def served(folder: Path) -> Iterator[str]:
    with serving(folder / "config.toml", "--processes", "1") as address:
        yield f"{address}/api/v1/changes"


def test_a_request_waits_for_the_next_change(served: str, folder: Path) -> None:
    with urlopen(served) as answer:
        place = json.load(answer)["next"]
    with ThreadPoolExecutor() as others:
        waiting = others.submit(lambda: json.load(urlopen(f"{served}?since={place}&wait=60")))
        save_another(folder, 2)
        assert [change["title"] for change in waiting.result(timeout=DEADLINE_S)["changes"]] == ["Cita"]


def test_a_request_waits_in_vain_until_its_time_is_over(client: FlaskClient) -> None:
    place = client.get("/api/v1/changes").get_json()["next"]
    assert client.get(f"/api/v1/changes?since={place}&wait=1").get_json() == {"changes": [], "next": place}


def test_events_are_sent_as_they_come_and_searches_are_answered_meanwhile(served: str, folder: Path) -> None:
    with urlopen(f"{served}/stream?since=*", timeout=DEADLINE_S) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        first = read_events(answer, 2)
        assert [event["event"] for event in first] == ["new", "edit"]
        with urlopen(served.replace("/changes", "/search?q=sēde".replace("ē", "%C4%93"))) as search:
            assert json.load(search)["total"] == 1
        save_another(folder, 2)
        [later] = read_events(answer, 1)
    assert json.loads(later["data"])["title"] == "Cita"
    again = Request(f"{served}/stream", headers={"Last-Event-ID": first[0]["id"]})
    with urlopen(again, timeout=DEADLINE_S) as answer:
        assert [event["id"] for event in read_events(answer, 2)] == [first[1]["id"], later["id"]]


def test_a_stream_ends_with_the_service(folder: Path) -> None:
    with started(folder / "config.toml", "--processes", "1") as (address, keeper):
        with urlopen(f"{address}/api/v1/changes/stream", timeout=DEADLINE_S) as answer:
            read_events(answer, 2)
            keeper.terminate()
            assert answer.read() == b""
        assert keeper.wait(timeout=DEADLINE_S) == 0


def test_more_programs_than_may_wait_are_told_to_come_back(client: FlaskClient) -> None:
    streams = [client.get("/api/v1/changes/stream") for _ in range(WAITING_MAX)]
    refused = client.get("/api/v1/changes/stream")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    streams[0].close()
    assert client.get("/api/v1/changes/stream").status_code == 200


@pytest.mark.parametrize(
    "address", ["changes/stream?since=x", "changes/stream?seconds=601", "changes?wait=61"]
)
def test_a_bad_place_or_time_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(f"/api/v1/{address}").status_code == 400


def test_a_stream_from_before_a_restore_is_refused(client: FlaskClient, folder: Path) -> None:
    place = client.get("/api/v1/changes").get_json()["next"]
    begin_epoch(folder / STORE)
    assert client.get(f"/api/v1/changes/stream?since={place}").status_code == 410
