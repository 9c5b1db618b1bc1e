import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from lxml import html

from crawler.store import release_id
from searcher import create_app
from searcher.pages.release_page import host_of
from tests.searcher.pages.conftest import Library, Page
from tests.support.browsing import browse
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.library import BASE_URL
from tests.support.new_store import new_store
from tests.support.shelf import index
from tests.support.stored_release import publish

HOMES = {"lv": "/", "en": "/en/", "ru": "/ru/"}


def test_the_query_is_carried_and_its_matches_are_marked(page: Page) -> None:
    shown = page("/releases/{seminars}?q=drosibas&hit=1")
    assert 'value="drosibas"' in shown
    assert "<mark>drošības</mark> izaicinājumiem" in shown
    assert "<mark>" not in page("/releases/{seminars}")


def test_the_way_back_leads_to_the_hit_on_its_page(library: Library) -> None:
    found = library.page("/?q=droš*&sort=oldest&page=2")
    link = re.findall(r'<h2 [^>]*><a href="([^"]+)"', found)[-1].replace("&amp;", "&")
    shown = library.page(link)
    back = re.search(r'class="back" href="([^"#]+)#([^"]+)"', shown)
    assert back is not None
    assert f'<li id="{back[2]}">' in library.page(back[1].replace("&amp;", "&"))
    assert "Iepriekšējais rezultāts" in shown


def test_previous_and_next_lead_through_all_hits(library: Library) -> None:
    found = library.page("/?q=droš*&sort=newest")
    link = re.search(r'<h2 [^>]*><a href="([^"]+)"', found)
    assert link is not None
    visited = []
    address: str | None = link[1]
    while address:
        visited.append(address.partition("?")[0])
        shown = library.page(address.replace("&amp;", "&"))
        following = re.search(r'rel="next" href="([^"]+)"', shown)
        address = following[1] if following else None
    total = re.search(r"(\d+) rezultāt", found)
    assert total is not None
    assert len(visited) == len(set(visited)) == int(total[1])


@pytest.mark.parametrize(
    "arguments", ["hit=0", "hit=x", "hit=99999999", "q=drosibas&from=abc", "page=0", "hit="]
)
def test_a_wrong_search_is_ignored(page: Page, arguments: str) -> None:
    assert "<h1" in page("/releases/{seminars}?" + arguments)


def test_provenance_names_host_dates_and_copies(page: Page) -> None:
    shown = page("/releases/{seminars}")
    for text in ("iem.example</a>", "Pirmoreiz nolasīta", "01.03.2026. plkst. 11:00", "Veselības ministrija"):
        assert text in shown


@pytest.mark.parametrize(
    ("home", "said"), [("", "PDF, 1,2 MB"), ("/en", "PDF, 1.2 MB"), ("/ru", "PDF, 1,2 МБ")]
)
def test_an_attachment_has_its_type_and_size(page: Page, home: str, said: str) -> None:
    assert f">{said}</span>" in page(home + "/releases/{seminars}")


def test_an_edit_is_told_as_noticed_between_two_crawls(page: Page) -> None:
    shown = page("/releases/{seminars}")
    assert "Pamanīts starp 01.03.2026. un 03.03.2026." in shown
    assert '– <span class="count">pievienots 1 vārds, svītrots 1 vārds' in shown


@pytest.mark.parametrize(("view", "texts"), [("", 'class="diff"'), ("?view=side", 'class="sides"')])
def test_an_edit_has_an_address_of_its_own(page: Page, view: str, texts: str) -> None:
    shown = page("/releases/{seminars}/revisions/1" + view)
    assert texts in shown
    assert (' data-label="Pēc"' in shown) == bool(view)
    assert "[pievienots: </span>10.00." in shown
    assert "[svītrots: </span>9.00." in shown
    assert '<ul class="reasons" aria-label="Kāpēc"><li>laiks 9.00 → 10.00</li></ul>' in shown


@pytest.mark.parametrize(
    "path", ["revisions/0", "revisions/2", "revisions/x", "beside/{budzets}", "beside/x"]
)
def test_unknown_edits_and_translations_are_not_found(library: Library, path: str) -> None:
    address = "/releases/{seminars}/" + path
    assert library.client.get(address.format(**library.ids)).status_code == 404


def test_a_release_is_shown_beside_its_translation(page: Page) -> None:
    shown = page("/ru/releases/{seminars}/beside/{seminar}")
    assert shown.index('<article class="text" lang="lv">') < shown.index('<article class="text" lang="en">')
    assert "A seminar on security." in shown


def follow(library: Library, shown: str, text: str) -> str:
    """Return the page to which the link *text* on the page *shown* leads."""
    links = html.fromstring(shown.encode()).xpath("//a[normalize-space()=$text]/@href", text=text)
    assert links, text
    return library.page(links[0].partition("#")[0])


@pytest.mark.parametrize("language", ["lv", "ru"])
def test_an_edit_leads_back_to_the_release_and_the_results(library: Library, language: str) -> None:
    shown = library.page("/releases/{seminars}?q=drosibas&sort=oldest&hit=1")
    edit = follow(library, shown, "Skatīt šos labojumus atsevišķā lapā, arī divās slejās")
    beside = follow(library, edit, "Divās slejās")
    assert 'class="sides"' in beside
    assert 'value="drosibas"' in beside
    back, results = "Atpakaļ pie relīzes", "Atpakaļ pie rezultātiem"
    if language == "ru":
        beside = follow(library, beside, "RU")
        assert 'class="sides"' in beside
        back, results = "Назад к релизу", "Назад к результатам"
    release = follow(library, beside, back)
    assert "<mark>drošības</mark> izaicinājumiem" in release
    assert 'rel="next"' in release
    found = follow(library, release, results)
    assert 'name="sort" value="oldest"' in found


def test_a_translation_leads_back_to_the_release_and_the_results(library: Library) -> None:
    beside = library.page("/releases/{seminars}/beside/{seminar}?q=drosibas&hit=1")
    found = follow(library, follow(library, beside, "Atpakaļ pie relīzes"), "Atpakaļ pie rezultātiem")
    assert 'value="drosibas"' in found


def test_search_engines_are_led_to_the_original(page: Page) -> None:
    head = page("/en/releases/{seminars}").partition("</head>")[0]
    assert '<link rel="canonical" href="https://www.iem.example/seminars">' in head
    assert "noindex" not in head
    assert "noindex" in page("/releases/{seminars}?q=drosibas").partition("</head>")[0]


def versions(library: Library, path: str) -> dict[str, str]:
    """Return the addresses that the page at *path* offers to search engines, by language."""
    root = html.fromstring(library.page(path).encode())
    names = {id_: name for name, id_ in library.ids.items()}
    offered = {one.get("hreflang"): one.get("href") for one in root.xpath("//link[@rel='alternate']")}
    return {
        language: address.removeprefix(BASE_URL).replace(id_, name)
        for language, address in offered.items()
        for id_, name in names.items()
        if address.endswith(id_)
    }


def test_a_release_with_translations_is_offered_in_their_languages(library: Library) -> None:
    both = {"lv": "/releases/seminars", "en": "/en/releases/seminar"}
    assert versions(library, "/releases/{seminars}") == both
    assert versions(library, "/en/releases/{seminars}") == {}


def test_a_release_without_translations_is_offered_with_each_interface(library: Library) -> None:
    each = {language: f"{home}releases/budzets" for language, home in HOMES.items()}
    assert [versions(library, f"{home}releases/{{budzets}}") for home in HOMES.values()] == [each] * 3


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://www.iem.gov.lv/lv/x", "iem.gov.lv"), ("http://a.lv:80/", "a.lv"), ("javascript:x", "")],
)
def test_a_host_is_shown_as_people_write_it(url: str, host: str) -> None:
    assert host_of(url) == host


def test_the_category_of_a_release_leads_to_others_with_it(page: Page) -> None:
    assert '<a href="/?category=Notikumi" lang="lv">Notikumi</a>' in page("/releases/{seminars}")
    found = page("/?q=drošība&category=Notikumi")
    assert found.count('<li id="iem-') == 1
    assert 'value="Notikumi" checked>' in found
    assert "Noņemt filtru: </span>Notikumi</button>" in found


def test_a_version_has_an_address_of_its_own_with_its_time(page: Page) -> None:
    shown = page("/releases/{seminars}")
    links = re.findall(r'href="(/releases/[^"]+/versions/\d+)"', shown)
    assert [link.rpartition("/")[2] for link in links] == ["1", "2"]
    first, second = (page(link) for link in links)
    assert ("1. redakcija no 2" in first, "2. redakcija no 2" in second) == (True, True)
    assert "Pirmais nolasītais teksts" in first
    assert "pirmoreiz nolasīta 01.03.2026. plkst. 11:00" in first
    assert ("pašreizējais teksts" in first, "pašreizējais teksts" in second) == (False, True)
    assert f"{links[0]}</span>" in first  # cited
    assert '<meta name="robots" content="noindex">' in first
    assert (f'rel="next" href="{links[1]}"' in first, f'rel="prev" href="{links[0]}"' in second) == (
        True,
        True,
    )


@pytest.mark.parametrize(
    ("home", "name"), [("/en", "Version 1 of 2"), ("/ru", "Редакция 1 из 2"), ("", "1. redakcija no 2")]
)
def test_a_version_is_shown_in_each_language(page: Page, home: str, name: str) -> None:
    assert name in page(home + "/releases/{seminars}/versions/1")


def since(page: Page, address: str) -> str:
    """Return what the page of a version says of the time after it."""
    [section] = html.fromstring(page(address)).xpath("//section[@id='since']")
    return " ".join(section.text_content().split())


def test_the_page_of_a_cited_text_says_what_changed_since(page: Page) -> None:
    said = since(page, "/en/releases/{seminars}/versions/1")
    assert "The institution has edited the text 1 time since. What differs from the current text:" in said
    assert "[removed: 9.00.]" in said
    assert "[added: 10.00.]" in said


def test_the_page_of_the_current_text_says_that_nothing_changed(page: Page) -> None:
    said = since(page, "/en/releases/{seminars}/versions/2")
    assert "The text has not changed. Last seen on the site: " in said
    assert "differs" not in said


@pytest.mark.parametrize("number", ["0", "3", "x", "9" * 30])
def test_an_unknown_version_is_not_found(library: Library, number: str) -> None:
    address = f"/releases/{library.ids['seminars']}/versions/{number}"
    assert library.client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("prefix", "name"), [("/releases", "Iekšlietu ministrija"), ("/en/releases", "Ministry of the Interior")]
)
@pytest.mark.parametrize("ending", ["", "/revisions/1", "/versions/1"])
def test_the_institution_is_named_in_the_language_of_the_page(
    page: Page, prefix: str, name: str, ending: str
) -> None:
    assert f">{name}<" in page(f"{prefix}/{{seminars}}{ending}")


@pytest.mark.parametrize(
    ("home", "count"), [("", "5 šādi labojumi"), ("/en", "5 edits like this"), ("/ru", "5 таких исправлений")]
)
def test_going_back_and_forth_is_one_row_with_a_count(tmp_path: Path, home: str, count: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}', encoding="utf-8")
    seen = datetime(2026, 3, 2, 9, tzinfo=UTC)
    release = publish("ieeja", "Ieeja", "", date(2026, 3, 2))
    bodies = ["Ieeja ir brīva.", "Ieeja ir liegta."] * 3
    with new_store(tmp_path / "data" / "releases.sqlite3") as store:
        for day, body in enumerate([*bodies, "Ieeja ir liegta. Būs 5 viesi."]):
            store.save(replace(release, body=body), seen=seen + timedelta(day))
    index(config)
    client = browse(create_app(config))
    page = html.fromstring(client.get(f"{home}/releases/{release_id(release.site, release.url)}").data)
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//*[@id='versions']/details/summary")]
    assert len(rows) == 2
    assert count not in rows[0]
    assert rows[1].endswith(count)


@pytest.mark.parametrize(
    ("home", "said"),
    [("/", "šeit ir tikai tā sākums"), ("/en/", "only its beginning"), ("/ru/", "только его начало")],
)
@pytest.mark.parametrize("length", [1_000, 200_000])
def test_a_text_that_was_cut_says_so(tmp_path: Path, home: str, said: str, length: int) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}', encoding="utf-8")
    with new_store(tmp_path / "data" / "releases.sqlite3") as store:
        release = publish("budzets", "Budžets", ("Budžets. " * length)[:length], date(2026, 3, 2))
        store.save(release, seen=datetime(2026, 3, 2, 9, tzinfo=UTC))
    index(config)
    client = browse(create_app(config))
    id_ = release_id(release.site, release.url)
    for path in (f"releases/{id_}", f"releases/{id_}/versions/1"):
        assert (said in client.get(home + path).text) == (length == 200_000)
        assert client.get(f"/api/v1/{path}").get_json()["cut"] == (length == 200_000)
