from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree

from searcher import create_app
from tests.support.shelf import BASE_URL, build_shelf

SPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.mark.parametrize("language", ["", "/en", "/ru"])
def test_each_address_of_the_description_works(shelf_client: FlaskClient, language: str) -> None:
    answer = shelf_client.get(f"{language}/opensearch.xml")
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = etree.fromstring(answer.data)
    assert len(root.findtext(f"{SPACE}ShortName")) <= 16
    for url in root.findall(f"{SPACE}Url"):
        address = (
            url.get("template").replace("{searchTerms}", "dro%C5%A1%C4%ABba").replace("{startPage?}", "1")
        )
        target = shelf_client.get(address.removeprefix(BASE_URL))
        assert (target.status_code, target.mimetype) == (200, url.get("type"))


def test_pages_lead_to_it(shelf_client: FlaskClient) -> None:
    for home in ("/", "/?q=dro%C5%A1%C4%ABba"):
        assert 'rel="search" type="application/opensearchdescription+xml"' in shelf_client.get(home).text


def test_without_a_base_url_there_is_none(tmp_path: Path) -> None:
    client = create_app(build_shelf(tmp_path, base_url="").config).test_client()
    assert client.get("/opensearch.xml").status_code == 404
    assert 'rel="search"' not in client.get("/").text


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("x" * 16, "x" * 16),
        ("x" * 17, "x" * 16),
        ("Preses relīzes un ziņas", "Preses relīzes u"),
        ("a" * 15 + " bc", "a" * 15),
    ],
)
def test_the_short_name_has_sixteen_characters(tmp_path: Path, name: str, short: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'data_dir = "data"\n[searcher]\nbase_url = "https://a.lv"\nservice_name = "{name}"\n',
        encoding="utf-8",
    )
    text = create_app(config).test_client().get("/opensearch.xml").text
    assert f"<ShortName>{short}</ShortName>" in text
