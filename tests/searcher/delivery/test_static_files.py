import re

import pytest
from flask.testing import FlaskClient

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
