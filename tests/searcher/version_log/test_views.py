"""The log over HTTP, as a stranger and a browser read it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from crawler.store import Store
from crawler.store.log.continuation import extend
from crawler.store.log.log_folder import LogFolder
from index.version_log.log_view import LogView
from searcher import create_app
from tests.support.browsing import browse
from tests.support.kept_log import init_log, keep_log
from tests.support.logs import load_verifier
from tests.support.shelf import Shelf, build_shelf
from tests.support.stored_release import ID, RELEASE

VERIFIER = load_verifier()


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    shelf = build_shelf(tmp_path_factory.mktemp("logged"))
    folder = LogFolder(shelf.store.parent / "log")
    init_log(folder)
    with Store(shelf.store) as store:
        extend(store, folder, began=datetime(2026, 1, 1, tzinfo=UTC))
    return shelf


@pytest.fixture(scope="module")
def client(logged: Shelf) -> FlaskClient:
    return browse(create_app(logged.config))


def vkey(client: FlaskClient) -> str:
    return client.get("/log/vkey").text


def test_strangers_can_verify_the_log_that_is_served(client: FlaskClient) -> None:
    def read(path: str) -> bytes:
        answer = client.get(f"/log/{path}")
        assert answer.status_code == 200, path
        return answer.data

    assert VERIFIER.verify_log(vkey(client), read, []) == 9


@pytest.mark.parametrize("number", [1, 2])
def test_beside_a_version_are_its_text_and_its_proof(client: FlaskClient, logged: Shelf, number: int) -> None:
    address = f"/releases/{logged.ids['labota']}/versions/{number}"
    text, proof = client.get(f"{address}/text"), client.get(f"{address}/proof")
    leaf, _ = VERIFIER.verify_text(vkey(client), proof.data, text.data)
    assert leaf["version"] == number
    assert f"plkst. {8 + number}.00" in text.text
    assert len(proof.data) < 2000
    assert (text.content_type, proof.content_type) == ("text/plain; charset=utf-8", "application/json")
    assert "attachment" in proof.headers["Content-Disposition"]
    assert proof.headers["X-Robots-Tag"] == "noindex"


def test_the_page_of_a_version_leads_to_its_proof(client: FlaskClient, logged: Shelf) -> None:
    address = f"/releases/{logged.ids['labota']}/versions/1"
    page = client.get(address).text
    assert all(f'href="{address}/{kind}"' in page for kind in ("proof", "text"))
    assert 'href="/log/vkey"' in page


def test_the_text_is_masked_as_on_the_page(client: FlaskClient, logged: Shelf) -> None:
    text = client.get(f"/releases/{logged.ids['mail']}/versions/1/text").text
    assert "Rakstiet uz •••••@•••.•••••••" in text


def test_tiles_may_be_kept_for_ever_and_the_checkpoint_never(client: FlaskClient) -> None:
    tile, checkpoint = client.get("/log/tile/0/000.p/9"), client.get("/log/checkpoint")
    assert tile.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert tile.content_type == "application/octet-stream"
    assert checkpoint.headers["Cache-Control"] == "public, no-cache"
    assert checkpoint.content_type == "text/plain; charset=utf-8"


def test_beside_a_proof_is_the_stamp_of_its_checkpoint(tmp_path: Path) -> None:
    shelf = build_shelf(tmp_path)
    folder = LogFolder(shelf.store.parent / "log")
    init_log(folder)
    with Store(shelf.store) as store:
        extend(store, folder, began=datetime(2026, 1, 1, tzinfo=UTC))
    address = f"/en/releases/{shelf.ids['labota']}/versions/1"
    client = browse(create_app(shelf.config))
    assert "Time stamp" not in client.get(address).text
    folder.keep_stamp(9, b"stamp")
    assert 'href="/log/stamp/9.tsr"' in client.get(address).text
    answer = client.get("/log/stamp/9.tsr")
    assert (answer.data, answer.content_type) == (b"stamp", "application/timestamp-reply")


@pytest.mark.parametrize(
    "path",
    [
        "stamp/9.tsr",
        "stamp/0.tsr",
        "stamp/../key",
        "",
        "key",
        "tile/0/000",
        "tile/0/000.p/10",
        "tile/1/000.p/1",
        "tile/0/../../key",
        "x",
    ],
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/log/{path}").status_code == 404


@pytest.mark.parametrize("kind", ["proof", "text"])
def test_a_hidden_release_an_unknown_one_and_an_unknown_version_have_none(
    client: FlaskClient, logged: Shelf, kind: str
) -> None:
    labota = logged.ids["labota"]
    for id_, number in ((logged.ids["slepta"], 1), ("x", 1), (labota, 0), (labota, 3), (labota, 10**30)):
        assert client.get(f"/releases/{id_}/versions/{number}/{kind}").status_code == 404


def test_a_release_that_is_deleted_is_not_proven_by_what_its_log_kept(tmp_path: Path) -> None:
    kept = keep_log(tmp_path)
    kept.save(RELEASE)
    kept.extend()
    view = LogView(kept.path, kept.folder.path)
    assert view.leaf(ID, 1)
    with kept.open() as store:
        store.execute("DELETE FROM release WHERE id = ?", ID)
    assert (view.leaf(ID, 1), view.proof(ID, 1), view.text(ID, 1)) == (None, None, None)


def test_a_text_that_is_no_longer_kept_is_not_an_empty_one(tmp_path: Path) -> None:
    kept = keep_log(tmp_path)
    kept.save(RELEASE)
    kept.extend()
    with kept.open() as store:
        store.execute("UPDATE version SET kept = 0, body = '' WHERE release = ?", ID)
    view = LogView(kept.path, kept.folder.path)
    assert view.leaf(ID, 1)
    assert view.text(ID, 1) is None


def test_the_page_and_the_api_name_the_leaf_that_the_proof_has(client: FlaskClient, logged: Shelf) -> None:
    address = f"/releases/{logged.ids['labota']}/versions/1"
    proof = json.loads(client.get(f"{address}/proof").data)
    answer = client.get(f"/api/v1{address}").get_json()["proof"]
    assert (answer["index"], answer["commitment"]) == (proof["index"], proof["leaf"]["commitment"])
    assert answer["address"].endswith(f"{address}/proof")
    assert f">{answer['commitment']}</code>" in client.get(address).text


def test_without_a_log_there_is_nothing(shelf: Shelf, shelf_client: FlaskClient) -> None:
    page = shelf_client.get(f"/en/releases/{shelf.ids['labota']}/versions/1")
    assert (page.status_code, "Proof" in page.text) == (200, False)
    assert shelf_client.get("/log/checkpoint").status_code == 404
    assert shelf_client.get(f"/releases/{shelf.ids['labota']}/versions/1/proof").status_code == 404
    assert shelf_client.get(f"/releases/{shelf.ids['labota']}/versions/1/text").status_code == 404


def test_a_log_that_waits_for_its_leaves_is_not_served(tmp_path: Path) -> None:
    shelf = build_shelf(tmp_path)
    folder = LogFolder(shelf.store.parent / "log")
    init_log(folder)
    with Store(shelf.store) as store:
        extend(store, folder, began=datetime(2026, 1, 1, tzinfo=UTC))
        store.execute("DELETE FROM log_leaf")
    assert browse(create_app(shelf.config)).get("/log/checkpoint").status_code == 404
