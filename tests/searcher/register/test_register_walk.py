"""The register's pages in three languages: links and forms are answered, no name breaks the markup."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html

from crawler.store import Store
from searcher import create_app
from tests.support.browsing import browse
from tests.support.registered import BUDGET, FINANCE, LATER, MINISTER, SEEN, build_registered, id_of
from tests.support.robot import Robot
from tests.support.shelf import BASE_URL, index
from tests.support.stored_release import publish

pytestmark = pytest.mark.sweep

LISTS = {
    "lv": ("/cilveki", "/izteikumi", "/kalendars", "/tiesibu-akti", "/iestades"),
    "en": ("/en/people", "/en/statements", "/en/calendar", "/en/acts", "/en/institutions"),
    "ru": ("/ru/people", "/ru/statements", "/ru/calendar", "/ru/acts", "/ru/institutions"),
}
ACT = "MK 2017-03-28 171"
HOSTILE = (
    '<b>Agra</b> "Lepzare"',
    "Agra' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "{{ 7 * 7 }} %(num)s &amp;",
    "Agra/Lepzare ?#;",
    "Ļ" * 200,
)
"""Names as which an operator's file could list a person."""


def pages_of(language: str, person: str) -> list[str]:
    people, *others = LISTS[language]
    return [
        *(people, *others),
        f"{people}/{quote(person, safe='')}",
        f"{others[0]}?speaker={quote(person, safe='')}",
        f"{others[2]}/{quote(ACT)}",
        f"{others[3]}/iem",
    ]


@pytest.mark.parametrize("language", LISTS)
def test_a_robot_finds_nothing_broken_around_the_register(tmp_path: Path, language: str) -> None:
    robot = Robot(create_app(build_registered(tmp_path).config).test_client(), base_url=BASE_URL)
    for place in pages_of(language, MINISTER):
        robot.start(place)
    home = "/" if language == "lv" else f"/{language}/"
    for place in (f"releases/{id_of(BUDGET)}", f"?q={quote(MINISTER)}", f"?person={quote(MINISTER)}"):
        robot.start(home + place)
    assert robot.broken == []
    assert robot.asked > 60


def elements(page: str) -> Iterator[html.HtmlElement]:
    return (node for node in html.fromstring(page.encode()).iter() if isinstance(node.tag, str))


def shape(page: str) -> set[tuple[str, str]]:
    """Return the elements of a page with their attributes."""
    return {(element.tag, name) for element in elements(page) for name in ("", *element.attrib)}


def shown(client: FlaskClient, person: str) -> dict[str, str]:
    """Return the pages that show *person*, by address."""
    addresses = [page for language in LISTS for page in pages_of(language, person)]
    addresses += [f"/?person={quote(person, safe='')}", f"/releases/{id_of(BUDGET)}", "/?q=agra"]
    answers = {address: client.get(address) for address in addresses}
    assert {address: one.status_code for address, one in answers.items() if one.status_code != 200} == {}
    return {address: one.text for address, one in answers.items()}


def with_markup(folder: Path, markup: str) -> tuple[FlaskClient, str]:
    """Return a client of releases with *markup* in a title, a statement and a date, and that page."""
    made = build_registered(folder)
    planted = publish(
        "naidiga",
        f"Par {markup}",
        f"Finanšu ministre Agra Lepzare norādīja, ka {markup} skolas saņems.\n\n"
        f"Pieteikumi par {markup} jāiesniedz līdz 2031. gada 15. martam.",
        LATER.published,
        ministry=FINANCE,
    )
    with Store(made.store) as store:
        store.save(planted, seen=SEEN)
    index(made.config)
    return browse(create_app(made.config)), f"/releases/{id_of(planted)}"


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """Return the elements and attributes of harmless pages."""
    alone = build_registered(tmp_path_factory.mktemp("usual")).client
    client, planted = with_markup(tmp_path_factory.mktemp("planted"), "naudu")
    pages = [*shown(alone, MINISTER).values(), *shown(client, MINISTER).values(), client.get(planted).text]
    return set().union(*map(shape, pages))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_cannot_inject_markup(tmp_path: Path, usual: set[tuple[str, str]], name: str) -> None:
    written = name.replace("\\", "\\\\").replace('"', '\\"')
    names = f'[[same]]\nname = "{written}"\nalso = ["{MINISTER}"]'
    pages = shown(build_registered(tmp_path, names=names).client, name)
    for address, page in pages.items():
        assert shape(page) <= usual, address
        for element in elements(page):
            target = urlsplit(element.get("href") or element.get("src") or "")
            assert target.scheme in ("", "https"), address
    (heading,) = (one for one in elements(pages[f"/cilveki/{quote(name, safe='')}"]) if one.tag == "h1")
    assert heading.text_content() == name


@pytest.mark.parametrize(
    "markup", ["<b onclick=alert(1)>naudu</b>", '"><script>alert(1)</script>', "&lt;i&gt;"]
)
def test_what_is_said_and_falls_due_cannot_inject_markup(
    tmp_path: Path, usual: set[tuple[str, str]], markup: str
) -> None:
    client, planted = with_markup(tmp_path, markup)
    pages = shown(client, MINISTER) | {planted: client.get(planted).text}
    for address in ("/izteikumi?speaker=Agra%20Lepzare", "/kalendars", planted):
        assert markup in html.fromstring(pages[address].encode()).text_content(), address
    for address, page in pages.items():
        assert shape(page) <= usual, address
    feed = client.get("/izteikumi.atom")
    assert b"<script" not in feed.data
    assert b"<b onclick" not in feed.data


@pytest.mark.parametrize(
    "names", [f'hide = ["{MINISTER}"]', f'[[same]]\nname="Ilze Lepzare"\nalso=["{MINISTER}"]']
)
def test_another_file_of_names_gives_what_a_whole_build_gives(tmp_path: Path, names: str) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "updated").mkdir()
    whole = build_registered(tmp_path / "whole", names=names)
    updated = build_registered(tmp_path / "updated")
    (updated.store.parent / "names.toml").write_text(names, encoding="utf-8")
    index(updated.config)
    browser = browse(create_app(updated.config))
    for address in ("facets", "people", "statements", "due", "acts", f"releases/{id_of(BUDGET)}/mentions"):
        answers = [one.get(f"/api/v1/{address}").get_json() for one in (whole.client, browser)]
        assert answers[0] == answers[1], address
    for address, key in (
        ("search?q=agra", "facets"),
        ("complete?q=agra", "completions"),
        ("complete?q=ilz", "completions"),
    ):
        told = [one.get(f"/api/v1/{address}").get_json()[key] for one in (whole.client, browser)]
        assert told[0] == told[1], address
