"""What a site answers at addresses that do not exist."""

import re
from dataclasses import replace

import pytest

from crawler.extraction import Extraction
from crawler.scheduler.identity import ErrorPages, nonsense_url, shape_of
from tests.support.stored_release import RELEASE

SLUG = r"nav-tadas-lapas-[0-9a-f]{8}"
SHAPES = {
    "slug": ("https://iem.example/lv/jaunums/celi", rf"https://iem\.example/lv/jaunums/{SLUG}"),
    "slash": ("https://iem.example/lv/jaunums/celi/", rf"https://iem\.example/lv/jaunums/{SLUG}/"),
    "suffix": ("https://iem.example/jaunums/celi.html", rf"https://iem\.example/jaunums/{SLUG}\.html"),
    "number": ("https://iem.example/jaunums/1234", r"https://iem\.example/jaunums/9\d{9}"),
    "number and suffix": ("https://iem.example/n/1234.html", r"https://iem\.example/n/9\d{9}\.html"),
    "query": ("https://iem.example/news?id=17", r"https://iem\.example/news\?id=9\d{9}"),
    "named query": ("https://iem.example/?raksts=celi", rf"https://iem\.example/\?raksts={SLUG}"),
    "two parameters": (
        "https://iem.example/index.php?lapa=zinas&id=5",
        rf"https://iem\.example/index\.php\?lapa={SLUG}&id=9\d{{9}}",
    ),
    "at the root": ("https://iem.example/celi", rf"https://iem\.example/{SLUG}"),
}


@pytest.mark.parametrize(("url", "pattern"), SHAPES.values(), ids=SHAPES)
def test_address_without_a_release_looks_like_one_with_a_release(url: str, pattern: str) -> None:
    assert re.fullmatch(pattern, nonsense_url(url))
    assert shape_of(nonsense_url(url)) == shape_of(url)


def test_each_address_has_its_own_address_without_a_release() -> None:
    addresses = [f"https://iem.example/lv/jaunums/{name}" for name in ("celi", "robeza", "12", "13")]
    assert len({nonsense_url(url) for url in addresses} - set(addresses)) == 4


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("https://iem.example/lv/celi", "https://iem.example/lv/robeza", True),
        ("https://iem.example/lv/celi", "https://iem.example/en/robeza", False),
        ("https://iem.example/lv/celi", "https://mod.example/lv/robeza", False),
        ("https://iem.example/lv/12", "https://iem.example/lv/13", True),
        ("https://iem.example/lv/12", "https://iem.example/lv/celi", False),
        ("https://iem.example/n?id=1&lang=lv", "https://iem.example/n?lang=lv&id=2", True),
        ("https://iem.example/n?id=1", "https://iem.example/n?nr=1", False),
        ("https://iem.example/n?id=1", "https://iem.example/raksts?id=1", False),
    ],
)
def test_addresses_of_one_folder_and_kind_have_one_shape(one: str, other: str, *, is_same: bool) -> None:
    assert (shape_of(one) == shape_of(other)) is is_same


TEXT = "Šādas lapas mūsu vietnē vairs nav, lūdzu, izmantojiet meklētāju vai pārejiet uz sākumlapu."


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (TEXT, True),
        (f"{TEXT} Adrese: celi", True),
        (f"{TEXT} Ceļu policija pastiprināti uzraudzīs satiksmi pie visām Latvijas skolām.", False),
        (TEXT[:30], False),
        (RELEASE.body, False),
    ],
)
def test_error_page_is_known_by_its_text_whatever_its_title(body: str, *, expected: bool) -> None:
    errors = ErrorPages()
    errors.add(Extraction(release=replace(RELEASE, title="Ups", body=TEXT)))
    assert errors.have(replace(RELEASE, body=body)) is expected


UPS = "Ups! Lapas, kuru meklējat mūsu vietnē, nav vai tā ir pārvietota uz arhīvu"
MENU = ("Sākums", "Jaunumi", "Kontakti", f"{UPS} (kļūda 17a).")


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (MENU, True),
        ((*MENU[:3], f"{UPS} (kļūda 18b)."), True),
        ((*MENU[:3], "Pierakstīties"), True),
        ((*MENU, RELEASE.body), True),
        ((*MENU, TEXT), False),
        (("Pieslēgties", "Parole"), False),
        ((), False),
    ],
)
def test_error_page_without_a_text_is_known_by_its_blocks(blocks: tuple[str, ...], *, expected: bool) -> None:
    errors = ErrorPages()
    errors.add(Extraction(reason="no release", page_text=MENU))
    assert errors.have_outline(blocks) is expected


@pytest.mark.parametrize("answer", [Extraction(reason="no release"), Extraction(text="Pielikums")])
def test_site_that_shows_nothing_has_no_error_page(answer: Extraction) -> None:
    errors = ErrorPages()
    errors.add(answer)
    assert not errors.have(RELEASE)
    assert not errors.have_outline(MENU)
