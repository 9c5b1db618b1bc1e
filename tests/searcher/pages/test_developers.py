"""The pages for those who write programs: their code runs, and each type of problem is explained."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from lxml import html

from searcher import create_app
from searcher.problems import PROBLEM_TYPES
from tests.conftest import Walk
from tests.support.browsing import browse
from tests.support.children import run_bounded
from tests.support.robot import ways
from tests.support.serving import serving

HOMES = {"lv": "", "en": "/en", "ru": "/ru"}
PAGES = ("/api", "/api/problems", *(one.path for one in PROBLEM_TYPES.values()))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A service without an index: these pages need none."""
    config = tmp_path_factory.mktemp("developers") / "config.toml"
    config.write_text('data_dir = "data"\n[searcher]\nport = 8123\n', encoding="utf-8")
    return browse(create_app(config))


def texts(page: str) -> list[str]:
    """Return the headings, paragraphs and items of the text of a *page*."""
    shown = html.fromstring(page).xpath("//main//*[self::h1|self::h2|self::p|self::dd]")
    return [one.text_content() for one in shown]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_in_the_language_of_its_address(plain: FlaskClient, path: str) -> None:
    pages = {language: plain.get(home + path) for language, home in HOMES.items()}
    assert {one.status_code for one in pages.values()} == {200}
    latvian, english, russian = (texts(pages[language].text) for language in HOMES)
    same = {one for one in latvian if one in english} | {one for one in russian if one in english}
    assert len(latvian) == len(english) == len(russian) > 2
    # The only text that all have is the name of the problem and its status.
    assert all(one.startswith(path.rpartition("/")[2]) for one in same), same


@pytest.mark.parametrize("home", HOMES.values())
def test_the_list_leads_to_every_type(plain: FlaskClient, home: str) -> None:
    page = plain.get(f"{home}/api/problems").text
    links = {urlsplit(address).path for address in ways(f"{home}/api", page)}
    assert {f"{home}{one.path}" for one in PROBLEM_TYPES.values()} <= links


@pytest.mark.parametrize("path", ["/api/problems/nav", "/api/nav", "/api/v1/nav"])
def test_an_unknown_address_is_a_problem_itself(plain: FlaskClient, path: str) -> None:
    answer = plain.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert plain.get(answer.get_json(force=True)["type"]).status_code == 200


def test_code_calls_the_public_address_if_it_is_known(plain: FlaskClient, tmp_path: Path) -> None:
    assert "http://127.0.0.1:8123/api/v1/search" in plain.get("/api").text
    config = tmp_path / "config.toml"
    settings = 'data_dir = "data"\n[searcher]\nbase_url = "https://a.lv"\nurl_prefix = "/r"\n'
    config.write_text(settings, encoding="utf-8")
    page = browse(create_app(config)).get("/api", base_url="http://localhost/r")
    assert "https://a.lv/r/api/v1/search" in page.text


@pytest.fixture(scope="module")
def service(walked: Walk) -> Iterator[str]:
    with serving(walked.lean_config, "--processes", "1") as address:
        yield address


def code(service: str, home: str, label: str) -> str:
    """Return the code with this *label* on the page, which calls *service*."""
    page = html.fromstring(requests.get(f"{service}{home}/api").content)
    [text] = page.xpath(f"//pre[@aria-label='{label}']//text()")
    return str(text).replace("http://127.0.0.1:8000", service)


@pytest.mark.sweep
@pytest.mark.long_sweep
@pytest.mark.parametrize("home", HOMES.values())
@pytest.mark.parametrize(
    ("label", "command"),
    [
        ("curl", ("sh", "-c")),
        ("Python", (sys.executable, "-c")),
        ("JavaScript", ("node", "--input-type=module", "-e")),
    ],
)
def test_the_code_finds_releases(service: str, home: str, label: str, command: tuple[str, ...]) -> None:
    text = code(service, home, label)
    program = "curl" if label == "curl" else command[0]
    if not shutil.which(program):
        pytest.skip(f"needs {program}")
    done = run_bounded([*command, text], stdout=subprocess.PIPE, text=True, check=True)
    assert "budžet" in done.stdout.lower()
