import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from crawler.config import Language
from crawler.store.sightings import Sighting
from index.release_view import ArchivedRelease
from searcher import create_app
from searcher.pages.citation import cite, write_bibtex
from tests.support.browsing import browse
from tests.support.shelf import BASE_URL, Shelf, build_shelf


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
        "note": rf"\url{{{BASE_URL}/releases/{shelf.ids['labota']}/versions/2}}",
    }


def test_a_citation_for_reference_managers_says_the_same(shelf: Shelf, shelf_client: FlaskClient) -> None:
    id_ = shelf.ids["labota"]
    answer = shelf_client.get(f"/releases/{id_}.ris")
    assert answer.content_type == "application/x-research-info-systems; charset=utf-8"
    assert answer.text.split("\r\n") == [
        *("TY  - ELEC", f"ID  - {id_}", "AU  - Iekšlietu ministrija,", "TI  - Seminārs par drošību"),
        *("PY  - 2026", "DA  - 2026/03/02", "M3  - Press release", "LA  - lv"),
        *("UR  - https://www.iem.example/labota", f"L2  - {BASE_URL}/releases/{id_}/versions/2"),
        *("Y2  - 2026/03/04", "ER  - ", ""),
    ]
    [item] = shelf_client.get(f"/releases/{id_}.csl.json").get_json(force=True)
    assert item == {
        "id": id_,
        "type": "webpage",
        "genre": "Press release",
        "author": [{"literal": "Iekšlietu ministrija"}],
        "title": "Seminārs par drošību",
        "issued": {"date-parts": [[2026, 3, 2]]},
        "accessed": {"date-parts": [[2026, 3, 4]]},
        "URL": "https://www.iem.example/labota",
        "language": "lv",
        "note": f"{BASE_URL}/releases/{id_}/versions/2",
    }


@pytest.mark.parametrize(("ending", "said"), [("ris", "ET  - 1\r\n"), ("csl.json", '"version": "1"')])
def test_each_format_cites_a_version_at_its_address(
    shelf: Shelf, shelf_client: FlaskClient, ending: str, said: str
) -> None:
    path = f"/releases/{shelf.ids['labota']}/versions/1"
    text = shelf_client.get(f"{path}.{ending}").text
    assert said in text
    assert f"{BASE_URL}{path}" in text
    assert f'href="{path}.{ending}"' in shelf_client.get(path).text


def test_a_text_without_a_day_is_cited_without_one(shelf: Shelf, shelf_client: FlaskClient) -> None:
    path = f"/releases/{shelf.ids['bez']}"
    assert "\nDA" not in shelf_client.get(f"{path}.ris").text
    assert "issued" not in shelf_client.get(f"{path}.csl.json").text


def test_the_citation_of_a_version_has_its_own_address(shelf: Shelf, shelf_client: FlaskClient) -> None:
    id_ = shelf.ids["labota"]
    text = shelf_client.get(f"/releases/{id_}/versions/1.bib").text
    assert text.startswith(f"@misc{{{id_}-1,\n")
    found = fields(text)
    assert (found["url"], found["version"]) == (f"{BASE_URL}/releases/{id_}/versions/1", "1")
    assert found["note"] == r"\url{https://www.iem.example/labota}"
    assert f'href="/releases/{id_}/versions/1.bib"' in shelf_client.get(f"/releases/{id_}/versions/1").text


@pytest.mark.parametrize("ending", ["bib", "ris", "csl.json"])
@pytest.mark.parametrize(("name", "number"), [("slepta", 1), ("labota", 3), ("labota", 0)])
def test_what_is_hidden_or_unknown_has_no_citation(
    shelf: Shelf, shelf_client: FlaskClient, name: str, number: int, ending: str
) -> None:
    assert shelf_client.get(f"/releases/{shelf.ids[name]}/versions/{number}.{ending}").status_code == 404


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


CITED = ArchivedRelease(
    id="iem-1",
    url="https://iem.example/{x}\\&%",
    site="iem",
    ministry="A & B_C",
    language="en",
    published=date(2024, 3, 5),
    published_confidence="high",
    category=None,
    machine_translated=False,
    gone=False,
    first_seen=datetime(2025, 12, 31, 22, 30, tzinfo=UTC),
    sighting=Sighting(fetched=datetime(2026, 2, 1, tzinfo=UTC), last_seen=None, is_asked=True),
    missed=None,
    title="50 % \\ ~ ^ {x} $5 #1\n un",
    lead="",
    paragraphs=(),
    is_cut=False,
    structure=None,
    attachments=(),
    translations=(),
    copies=(),
    aliases=(),
    revisions=(),
    version=1,
    has_older=False,
    dropped=0,
)


def test_every_sign_of_tex_is_escaped() -> None:
    assert write_bibtex(cite(CITED, "")) == (
        "@misc{iem-1,\n"
        "  author = {{A \\& B\\_C}},\n"
        "  title = {{50 \\% \\textbackslash{} \\textasciitilde{} \\textasciicircum{}"
        " \\{x\\} \\$5 \\#1 un}},\n"
        "  date = {2024-03-05},\n"
        "  year = {2024},\n"
        "  howpublished = {Press release},\n"
        "  url = {https://iem.example/%7Bx%7D%5C&%},\n"
        "  urldate = {2026-02-01},\n"
        "  langid = {english},\n"
        "}\n"
    )


def test_the_day_of_access_is_when_it_was_first_read_if_no_download_is_known() -> None:
    cited = replace(CITED, sighting=replace(CITED.sighting, fetched=None))
    assert fields(write_bibtex(cite(cited, "")))["urldate"] == "2026-01-01"  # in Riga


@pytest.mark.parametrize(("language", "name"), [("lv", "latvian"), ("en", "english"), ("ru", "russian")])
def test_the_language_is_named_for_tex(language: Language, name: str) -> None:
    assert fields(write_bibtex(cite(replace(CITED, language=language), "")))["langid"] == name


def test_a_citation_is_offered_as_a_file(shelf: Shelf, shelf_client: FlaskClient) -> None:
    id_ = shelf.ids["labota"]
    answer = shelf_client.get(f"/releases/{id_}.bib")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{id_}.bib"'


@pytest.mark.parametrize(
    ("home", "name"), [("", "2. redakcija"), ("/en", "Text version 2"), ("/ru", "Версия 2")]
)
def test_the_page_of_a_release_cites_the_text_that_is_read(
    shelf: Shelf, shelf_client: FlaskClient, home: str, name: str
) -> None:
    path = f"/releases/{shelf.ids['labota']}"
    cited = shelf_client.get(home + path).text.partition('class="citation"')[2].partition("</span>")[0]
    assert cited.endswith(f"https://www.iem.example/labota. {name}: {BASE_URL}{home}{path}/versions/2")


def test_a_citation_of_a_version_has_its_address_only_if_the_service_has_one(
    shelf: Shelf, shelf_client: FlaskClient, tmp_path: Path
) -> None:
    other = build_shelf(tmp_path, base_url="")
    path = f"/releases/{shelf.ids['labota']}/versions/1"
    shown = [client.get(path).text for client in (shelf_client, browse(create_app(other.config)))]
    cited = [page.partition('class="citation"')[2].partition("</span>")[0] for page in shown]
    assert cited[0].endswith(f"1. redakcija no 2: {BASE_URL}{path}")
    assert cited[1].endswith("1. redakcija no 2")
