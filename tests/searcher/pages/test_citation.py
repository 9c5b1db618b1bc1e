import re

import pytest
from flask.testing import FlaskClient

from tests.support.shelf import Shelf


def fields(text: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+) = \{(.*)\},$", text, re.MULTILINE))


def test_a_citation_names_institution_title_day_and_address(shelf: Shelf, shelf_client: FlaskClient) -> None:
    answer = shelf_client.get(f"/releases/{shelf.ids['labota']}.bib")
    assert answer.content_type == "application/x-bibtex; charset=utf-8"
    assert answer.text.startswith(f"@misc{{{shelf.ids['labota']},\n")
    assert fields(answer.text) == {
        "author": "{Iekšlietu ministrija}",
        "title": "{Seminārs par drošību}",
        "date": "2026-03-02",
        "year": "2026",
        "howpublished": "Press release",
        "url": "https://www.iem.example/labota",
        "urldate": "2026-03-04",
        "langid": "latvian",
    }


def test_what_tex_would_read_is_escaped(shelf: Shelf, shelf_client: FlaskClient) -> None:
    text = shelf_client.get(f"/releases/{shelf.ids['bez']}.bib").text
    assert fields(text)["title"] == "{Drošība bez datuma}"
    assert "date" not in fields(text)


def test_a_release_that_moved_is_cited_under_its_new_address(shelf: Shelf, shelf_client: FlaskClient) -> None:
    text = shelf_client.get(f"/releases/{shelf.ids['veca']}.bib").text
    assert fields(text)["url"] == "https://www.iem.example/jauna/veca"


@pytest.mark.parametrize("name", ["slepta", None])
def test_a_hidden_or_unknown_release_is_not_found(
    shelf: Shelf, shelf_client: FlaskClient, name: str | None
) -> None:
    id_ = shelf.ids[name] if name else "x"
    assert shelf_client.get(f"/releases/{id_}.bib").status_code == 404


def test_the_page_of_a_release_leads_to_its_citation(shelf: Shelf, shelf_client: FlaskClient) -> None:
    id_ = shelf.ids["labota"]
    assert f'href="/releases/{id_}.bib"' in shelf_client.get(f"/en/releases/{id_}").text
