from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from typer.testing import CliRunner

from crawler.store import Store
from index.reindex import app as reindex
from searcher import create_app
from tests.support.published import SEEN, release


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> tuple[FlaskClient, str]:
    """A client over one release that was edited twice, and its id."""
    folder = tmp_path_factory.mktemp("edited")
    config = folder / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    (folder / "data").mkdir()
    with Store(folder / "data" / "releases.sqlite3") as store:
        for day, start in enumerate(("Sēde sākas 9.00.", "Sēde sākas 10.00.", "Sēde sākas 11.00.")):
            text = release(1, ("Valdības sēde", start, "Ieeja brīva."))
            store.save(text, seen=SEEN + timedelta(days=day), aliases=("https://a.lv/x",))
        (id_,) = store.ids()
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    return create_app(config).test_client(), id_


def test_a_release_has_its_text_and_history(edited: tuple[FlaskClient, str]) -> None:
    client, id_ = edited
    answer = client.get(f"/api/v1/releases/{id_}").get_json()
    assert (answer["id"], "11.00" in answer["lead"] + answer["text"]) == (id_, True)
    assert [edit["number"] for edit in answer["revisions"]] == [2, 1]
    assert answer["aliases"] == ["https://a.lv/x"]
    assert (answer["cluster"], answer["translations"], answer["has_older_revisions"]) == ([], [], False)


@pytest.mark.parametrize(("number", "removed", "added"), [(1, "9.00.", "10.00."), (2, "10.00.", "11.00.")])
def test_an_edit_has_a_diff_at_its_own_address(
    edited: tuple[FlaskClient, str], number: int, removed: str, added: str
) -> None:
    client, id_ = edited
    answer = client.get(f"/api/v1/releases/{id_}/revisions/{number}/diff").get_json()
    assert (answer["release"], answer["number"]) == (id_, number)
    (changed,) = (paragraph for paragraph in answer["paragraphs"] if paragraph["kind"] == "changed")
    pieces = {piece["kind"]: piece["text"] for piece in changed["chunks"]}
    assert (pieces["removed"], pieces["added"]) == (removed, added)


def test_a_release_can_be_asked_for_some_fields(edited: tuple[FlaskClient, str]) -> None:
    client, id_ = edited
    assert client.get(f"/api/v1/releases/{id_}?fields=title").get_json() == {
        "id": id_,
        "title": "Valdības sēde",
    }


def test_an_unchanged_release_is_304(edited: tuple[FlaskClient, str]) -> None:
    client, id_ = edited
    address = f"/api/v1/releases/{id_}"
    first = client.get(address)
    assert "Last-Modified" in first.headers
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("rest", ["", "/similar", "/revisions/1/diff"])
def test_an_unknown_release_is_not_found(edited: tuple[FlaskClient, str], rest: str) -> None:
    client, _ = edited
    answer = client.get(f"/api/v1/releases/iem-0000000000{rest}")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert "iem-0000000000" in answer.get_json(force=True)["detail"]


@pytest.mark.parametrize("number", ["0", "3", "-1", "x"])
def test_an_unknown_edit_is_not_found_or_refused(edited: tuple[FlaskClient, str], number: str) -> None:
    client, id_ = edited
    answer = client.get(f"/api/v1/releases/{id_}/revisions/{number}/diff")
    assert answer.status_code == (400 if number == "0" else 404)


def test_similar_releases_exclude_the_release_itself(client: FlaskClient) -> None:
    release = client.get("/api/v1/search?q=skolotāju+algas").get_json()["hits"][0]["id"]
    similar = [hit["id"] for hit in client.get(f"/api/v1/releases/{release}/similar").get_json()["hits"]]
    assert similar
    assert release not in similar
