import re
from hashlib import blake2b
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from searcher.delivery.static_files import add_static_files

FILES = ("style.css", "complete.js", "icon.svg", "page.js")


def test_pages_link_static_files_by_their_digest(client: FlaskClient) -> None:
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/").text)
    assert {re.sub(r"\.[0-9a-f]{12}\.", ".", address) for address in addresses} == {
        f"/static/{name}" for name in FILES
    }
    for address in addresses:
        assert "immutable" in client.get(address).headers["Cache-Control"]


@pytest.mark.parametrize("name", FILES)
def test_a_static_file_by_its_plain_name_is_revalidated(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/static/{name}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, no-cache")
    again = client.get(f"/static/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["style.000000000000.css", "nowhere.css", "../config.py", ""])
def test_other_static_files_do_not_exist(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


@pytest.fixture
def static(tmp_path: Path) -> Flask:
    for name, body in (("a.b.css", b"p {}"), ("icon.svg", b"<svg/>"), ("font.unknown", b"\0")):
        (tmp_path / name).write_bytes(body)
    app = Flask("app", static_folder=None)
    add_static_files(app, tmp_path)
    return app


DIGESTS = {
    name: blake2b(body, digest_size=6).hexdigest()
    for name, body in (("css", b"p {}"), ("svg", b"<svg/>"), ("unknown", b"\0"))
}


@pytest.mark.parametrize(
    ("name", "address", "content_type"),
    [
        ("a.b.css", f"/static/a.b.{DIGESTS['css']}.css", "text/css; charset=utf-8"),
        ("icon.svg", f"/static/icon.{DIGESTS['svg']}.svg", "image/svg+xml"),
        ("font.unknown", f"/static/font.{DIGESTS['unknown']}.unknown", "application/octet-stream"),
    ],
)
def test_a_file_has_an_address_of_its_content_and_is_kept_for_a_year(
    static: Flask, name: str, address: str, content_type: str
) -> None:
    with static.test_request_context("/"):
        assert url_for("static", filename=name) == address
    by_address, by_name = (static.test_client().get(path) for path in (address, f"/static/{name}"))
    assert by_address.data == by_name.data
    assert by_address.content_type == by_name.content_type == content_type
    assert by_address.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert by_name.headers["Cache-Control"] == "public, no-cache"


def test_a_file_that_is_not_there_has_no_digest(static: Flask) -> None:
    with static.test_request_context("/"):
        assert url_for("static", filename="x.css") == "/static/x.css"
    assert static.test_client().get("/static/x.css").status_code == 404
