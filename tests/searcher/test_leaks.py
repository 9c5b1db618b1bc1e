"""Neither queries nor releases can inject markup."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from unicodedata import normalize
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html
from typer.testing import CliRunner

from crawler.store import Store
from index.reindex import app as reindex
from searcher import create_app
from tests.support.browsing import browse
from tests.support.payloads import NAUGHTY, payloads
from tests.support.published import SEEN, release

pytestmark = pytest.mark.sweep

# All of them would take minutes.
SOME = [*payloads()][::20]
PLAIN = "Robežsardze ceļ jaunu žogu gar robežu ar Baltkrieviju"
Shape = set[tuple[str, str]]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of an app whose releases consist of injection payloads."""
    folder = tmp_path_factory.mktemp("leaks")
    config = folder / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    fill(folder / "data", [*SOME, *NAUGHTY, "valsts budžets", ""])
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    return browse(create_app(config))


def fill(folder: Path, texts: Sequence[str]) -> None:
    folder.mkdir()
    with Store(folder / "releases.sqlite3") as store:
        for number in range(0, len(texts) - 10, 10):
            store.save(release(number, texts[number : number + 10]), seen=SEEN)
        for number, ending in enumerate(("rudenī", "pavasarī"), start=len(texts)):
            store.save(release(number, (PLAIN, f"To sāks {ending}.", "Žogs būs garš.")), seen=SEEN)
        store.save(release(len(texts) + 2, ("Patvēruma meklētāji", "Patvērums.", "")), seen=SEEN)


def elements(page: str) -> Iterator[html.HtmlElement]:
    return (node for node in html.fromstring(page.encode()).iter() if isinstance(node.tag, str))


def shape(page: str) -> Shape:
    """Return the elements of a page with their attributes."""
    return {(element.tag, name) for element in elements(page) for name in ("", *element.attrib)}


@pytest.fixture(scope="module")
def usual(client: FlaskClient) -> Shape:
    """Return the elements and attributes of harmless pages."""
    first = client.get(f"/api/v1/search?q={PLAIN}").get_json()["hits"][0]["id"]
    searches = (
        "q=valsts+budžets",
        "q=valst+budžetts",
        "q=valsts+budžets&explain=true",
        "q=Robežsardze+rudenī",  # one release has both words, another only the first
        "q=qwxz+valsts+2017.+gadā&page=2&from=2017",
        "from=x",
        "q=a",
        "q=bēgļi",  # of related words: their marks, and the boxes that leave them out
        "q=bēgļi&without=patvērums",
    )
    addresses = [
        *(f"/?{search}" for search in searches),
        "/?q=budžets&ministry=x&language=en",
        f"/releases/{first}",
    ]
    pages = (client.get(address).text for address in addresses)
    return set().union(*map(shape, pages)) | {("br", "")}  # a text may have lines within a paragraph


def assert_clean(page: str, usual: Shape) -> None:
    assert shape(page) <= usual
    for element in elements(page):
        target = urlsplit(element.get("href") or element.get("src") or "")
        assert target.scheme in ("", "https")
        assert target.netloc in ("", "iem.example")
        if element.tag == "mark" and element.attrib:
            assert_names_a_related_word(element)


def assert_names_a_related_word(mark: html.HtmlElement) -> None:
    assert {*mark.attrib} == {"class", "title"}
    assert mark.get("class") == "related"
    assert re.fullmatch("saistīts ar meklēto „.+”", mark.get("title"), re.DOTALL)


@pytest.mark.parametrize("part", range(8))
def test_a_query_cannot_inject_markup(client: FlaskClient, usual: Shape, part: int) -> None:
    for typed in (*SOME, *NAUGHTY)[part::8]:
        page = client.get("/", query_string={"q": typed, "explain": "true"})
        assert page.status_code == 200, typed
        assert_clean(page.text, usual)
        (box,) = (element for element in elements(page.text) if element.get("id") == "q")
        assert visible(box.get("value")) == visible(normalize("NFC", typed))


@pytest.mark.parametrize(
    "typed",
    [
        '"bēgļi" bēgļi',
        "bēgļi\"onmouseover='alert(1)",
        "'>bēgļi<'",
        "<b title=bēgļi>",
        "bēgļi&quot;",
        "&bēgļi%s",
        "bēgļi~",
    ],
)
def test_a_word_that_a_mark_names_cannot_inject_markup(client: FlaskClient, usual: Shape, typed: str) -> None:
    [found] = client.get("/api/v1/search?q=patvērums").get_json()["hits"]
    for address in ("/", f"/releases/{found['id']}"):
        assert_clean(client.get(address, query_string={"q": typed}).text, usual)


def visible(text: str) -> str:
    """Return the visible characters of *text*."""
    return "".join(char for char in text if char.isprintable() and char not in " \ufffd")


@pytest.mark.parametrize("part", range(4))
def test_the_api_escapes_all_but_marks(client: FlaskClient, part: int) -> None:
    for typed in (*SOME, *NAUGHTY)[part::4]:
        answer = client.get("/api/v1/search", query_string={"q": typed, "explain": "true"})
        assert answer.status_code == 200, typed
        shown = json.loads(answer.text)
        for hit in (*shown["hits"], *shown["nearest"]):
            for text in (hit["title_html"], *hit["passages"]):
                assert {element.tag for element in elements(f"<div>{text}</div>")} <= {"div", "mark"}


def test_a_release_cannot_inject_markup(client: FlaskClient, usual: Shape) -> None:
    answer = client.get("/api/v1/search?per_page=100").get_json()
    assert answer["total"] > 50
    for hit in answer["hits"]:
        page = client.get(f"/releases/{hit['id']}").text
        assert_clean(page, usual)
        assert visible(hit["title"]) in visible(html.fromstring(page.encode()).text_content())
