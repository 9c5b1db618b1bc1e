"""Whether a page says what its address says."""

from dataclasses import replace

import pytest

from crawler.scheduler.identity import addresses_tell, is_misnamed
from crawler.store import Release
from tests.support.stored_release import RELEASE

SLUG = "https://iem.example/lv/jaunums/policija-sanem-jaunas-automasinas"


def page(title: str, lead: str = "", body: str = "") -> Release:
    return replace(RELEASE, title=title, lead=lead, body=body)


HOME = page("Ministrijas mājaslapa", body="Ministrija īsteno valsts politiku un sagatavo tiesību aktus.")


@pytest.mark.parametrize(
    ("url", "release", "expected"),
    [
        (SLUG, HOME, True),
        (f"{SLUG}/", HOME, True),
        (f"{SLUG}?lang=lv", HOME, True),
        (SLUG.replace("-", "_"), HOME, True),
        ("https://iem.example/policija-sa%C5%86em-jaunas-automa%C5%A1%C4%ABnas", HOME, True),
        # A third of the words is enough, in any part of the text, in any form.
        (SLUG, page("Policijas darbs"), True),
        (SLUG, page("Policijas automašīna"), False),
        (SLUG, page("Darbs policijā", lead="Nodotas automašīnu atslēgas."), False),
        (SLUG, page("Darbs", body="Policijai nodotas automašīnu atslēgas."), False),
        # Names of few or short words, and numbers, say nothing.
        ("https://iem.example/lv/jaunums/policija-sanem-jaunas", HOME, False),
        ("https://iem.example/lv/jaunums/policija-sanem-jaunas-un-par-kas", HOME, False),
        ("https://iem.example/lv/jaunums/2026-2027-20261127-88640-11111", HOME, False),
        ("https://iem.example/policija-sanem-jaunas-automasinas?id=5".replace("policija", "x"), HOME, False),
        ("https://iem.example/", HOME, False),
    ],
)
def test_page_says_what_its_address_says(url: str, release: Release, *, expected: bool) -> None:
    assert is_misnamed(release, url) is expected


TOLD = [(f"{SLUG}-{number}", "Policija saņem jaunas automašīnas") for number in range(9)]
HALF = (SLUG, "Policija saņem algas")
LESS = (SLUG, "Policija strādā")
SHORT = ("https://iem.example/lv/jaunums/17", "Policija strādā")


@pytest.mark.parametrize(
    ("releases", "expected"),
    [
        (TOLD, True),
        (TOLD[:5], True),
        (TOLD[:4], False),
        ([*TOLD[:4], SHORT], False),
        ([*TOLD[:4], HALF], True),
        # Nine of ten.
        ([*TOLD, LESS], True),
        ([*TOLD[:8], LESS], False),
        ([*TOLD[:8], LESS, SHORT], False),
        ([], False),
    ],
)
def test_addresses_of_a_site_have_the_words_of_titles(
    releases: list[tuple[str, str]], *, expected: bool
) -> None:
    assert addresses_tell(releases) is expected
