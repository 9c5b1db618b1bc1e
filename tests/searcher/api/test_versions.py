from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from typer.testing import CliRunner

from crawler.store import Store, release_id
from index.reindex import app as reindex
from searcher import create_app
from tests.support.published import SEEN, release

ID = release_id("iem", "https://iem.example/1")
MERGED = release_id("iem", "https://iem.example/2")
HIDDEN = release_id("iem", "https://iem.example/3")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over a release of three versions, in whose place another was, and a hidden one."""
    folder = tmp_path_factory.mktemp("versions")
    config = folder / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    (folder / "data").mkdir()
    with Store(folder / "data" / "releases.sqlite3") as store:
        for day, start in enumerate(("Sēde sākas 9.00.", "Zvaniet 67001122.", "Sēde sākas 11.00.")):
            store.save(release(1, ("Valdības sēde", start, "Ieeja brīva.")), seen=SEEN + timedelta(days=day))
        for number in (2, 3):
            store.save(release(number, ("Cita", "Ievads.", f"Teksts {number}.")), seen=SEEN)
        store.add_addresses(ID, ("https://iem.example/2",), seen=SEEN + timedelta(days=4))
        store.hide("https://iem.example/3", seen=SEEN + timedelta(days=4))
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    return create_app(config).test_client()


def test_versions_are_listed_with_their_times(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/releases/{ID}/versions").get_json()
    assert (answer["release"], answer["current"], answer["total"], answer["merged"]) == (ID, ID, 3, [MERGED])
    assert [(one["number"], one["kind"]) for one in answer["versions"]] == [
        (1, "first"),
        (2, "edit"),
        (3, "edit"),
    ]
    first, second, third = answer["versions"]
    assert (first["after"], first["since"], first["until"]) == (None, "2026-03-01T00:00:00Z", second["since"])
    assert (third["after"], third["since"], third["until"]) == (
        "2026-03-02T00:00:00Z",
        "2026-03-03T00:00:00Z",
        None,
    )


def test_versions_come_in_pages(client: FlaskClient) -> None:
    def numbers(query: str) -> list[int]:
        answer = client.get(f"/api/v1/releases/{ID}/versions?{query}").get_json()
        assert answer["total"] == 3
        return [one["number"] for one in answer["versions"]]

    assert (numbers("per_page=2"), numbers("per_page=2&page=2")) == ([1, 2], [3])
    assert numbers("page=999999999999999999&per_page=100") == []


def test_a_version_has_its_masked_text(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/releases/{ID}/versions/2").get_json()
    assert (answer["lead"], answer["text"]) == ("Zvaniet ••••••••.", "Ieeja brīva.")
    assert (answer["release"], answer["kept"], answer["ministry"]) == (ID, True, "Iekšlietu ministrija")


def test_a_merged_release_has_its_versions_under_its_own_id(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/releases/{MERGED}/versions").get_json()
    assert (answer["release"], answer["current"], answer["total"], answer["merged"]) == (MERGED, ID, 1, [])
    version = client.get(f"/api/v1/releases/{MERGED}/versions/1").get_json()
    assert (version["release"], version["current"], version["text"]) == (MERGED, ID, "Teksts 2.")


@pytest.mark.parametrize("id_", [HIDDEN, "iem-0000000000"])
@pytest.mark.parametrize("rest", ["", "/1"])
def test_no_version_of_a_hidden_or_unknown_release_is_shown(client: FlaskClient, id_: str, rest: str) -> None:
    answer = client.get(f"/api/v1/releases/{id_}/versions{rest}")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("number", "status"), [("0", 400), ("4", 404), ("9" * 40, 404), ("x", 404), ("-1", 404)]
)
def test_an_unknown_version_is_not_found_or_refused(client: FlaskClient, number: str, status: int) -> None:
    assert client.get(f"/api/v1/releases/{ID}/versions/{number}").status_code == status


def test_the_text_of_a_day_is_told_with_how_it_is_known(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/releases/{ID}/versions/as-of?day=2026-03-02").get_json()
    standing = [(one["release"], one["number"], one["standing"]) for one in answer["texts"]]
    assert standing == [(ID, 1, "possible"), (MERGED, 1, "possible"), (ID, 2, "seen"), (ID, 3, "possible")]
    assert (answer["texts"][2]["lead"], answer["texts"][2]["text"]) == ("Zvaniet ••••••••.", "Ieeja brīva.")
    assert client.get(f"/api/v1/releases/{ID}/versions/as-of?day=2020-01-01").get_json() == {"texts": []}


@pytest.mark.parametrize(
    ("id_", "query", "status"),
    [
        (HIDDEN, "day=2026-03-02", 404),
        ("iem-0000000000", "day=2026-03-02", 404),
        (ID, "", 400),
        (ID, "day=2026-02-30", 400),
        (ID, "day=20260302", 400),
        (ID, "day=9999-12-31", 400),
        (ID, "day=2026-03-02&page=1", 400),
    ],
)
def test_a_day_of_nothing_and_no_day_are_refused(
    client: FlaskClient, id_: str, query: str, status: int
) -> None:
    assert client.get(f"/api/v1/releases/{id_}/versions/as-of?{query}").status_code == status
