from http import HTTPStatus
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from searcher import create_app


@pytest.fixture(scope="module")
def plain_client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of the app without an index: addresses need none."""
    path: Path = tmp_path_factory.mktemp("addresses") / "config.toml"
    path.write_text("", encoding="utf-8")
    return create_app(path).test_client()


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/palidziba/", "/palidziba"),
        ("/en/help/?q=a%20b&q=%C4%81", "/en/help?q=a%20b&q=%C4%81"),
        ("/ru/institutions/", "/ru/institutions"),
        ("/releases/iem-1/?q=x", "/releases/iem-1?q=x"),
        ("/releases/a%3Fb%23c/", "/releases/a%3Fb%23c"),
        ("/releases/iem-1/revisions/2/", "/releases/iem-1/revisions/2"),
        ("/api/v1/search/?q=x", "/api/v1/search?q=x"),
        ("/openapi.json/", "/openapi.json"),
        ("/en?q=x", "/en/?q=x"),
        ("/api/v1", "/api/v1/"),
    ],
)
def test_an_address_with_a_wrong_slash_is_redirected(
    plain_client: FlaskClient, asked: str, address: str
) -> None:
    answer = plain_client.get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (HTTPStatus.PERMANENT_REDIRECT, address)


@pytest.mark.parametrize("path", ["/nowhere/", "/palidziba//", "/releases/", "/en/palidziba/x/"])
def test_an_unknown_address_stays_unknown(plain_client: FlaskClient, path: str) -> None:
    assert plain_client.get(path).status_code == HTTPStatus.NOT_FOUND


def test_only_reading_is_redirected(plain_client: FlaskClient) -> None:
    assert plain_client.post("/palidziba/").status_code == HTTPStatus.NOT_FOUND
    assert plain_client.head("/palidziba/").status_code == HTTPStatus.PERMANENT_REDIRECT


def test_a_long_query_is_not_redirected(plain_client: FlaskClient) -> None:
    answer = plain_client.get("/palidziba/", query_string={"q": "x" * 4_000})
    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(("chars", "status"), [(3_000, 308), (3_001, 404)])
def test_a_query_is_kept_in_a_redirect_up_to_a_limit(
    plain_client: FlaskClient, chars: int, status: int
) -> None:
    query = "q=" + "x" * (chars - 2)
    answer = plain_client.get(f"/palidziba/?{query}")
    assert answer.status_code == status
    assert answer.headers.get("Location") == (f"/palidziba?{query}" if status == 308 else None)
