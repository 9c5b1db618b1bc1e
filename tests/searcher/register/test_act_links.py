"""The page of an act links its text where the operator, EUR-Lex or a release has it, and nowhere else."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from crawler.store import Release, Store
from crawler.store.structure import Span, Structure, dump_structure
from index.analysis import default_analyzer
from index.mentions import read_acts
from searcher import create_app
from tests.support.browsing import browse
from tests.support.registered import FINANCE, SEEN, Registered, build_registered
from tests.support.stored_release import publish

DECREE, LINK = "MK noteikumi Nr. 445", "https://likumi.lv/ta/id/1"
TABLED = "https://likumi.lv/ta/id/2#p1"


def _linking(name: str, before: str, linked: str, after: str, href: str, *, lead: str = "") -> Release:
    """Return a release whose body links *linked*."""
    span = Span(start=len(before), end=len(before) + len(linked), kind="a", href=href)
    release = publish(name, name, before + linked + after, date(2026, 3, 1), ministry=FINANCE, lead=lead)
    return replace(release, structure=dump_structure(Structure(body=(span,))))


RELEASES = (
    _linking("sasaukts", "To nosaka ", DECREE, ".", LINK, lead="Par šo kārtību paziņots otrdien."),
    _linking("daļa", "To nosaka MK noteikumi ", "Nr. 446", ".", "http://www.vestnesis.lv/op/3"),
    _linking("blakus", "To nosaka MK noteikumi Nr. 447, ", "kartes", " ir šeit.", LINK),
    _linking("cits", "To nosaka ", "MK noteikumi Nr. 448", ".", "https://blogs.example/448"),
    _linking("tabula", "To nosaka ", "MK noteikumi Nr. 449", ".", LINK),
    publish("regula", "Regula", "To nosaka Regula (ES) 2016/679.", date(2026, 3, 1), ministry=FINANCE),
)


@pytest.fixture(scope="module")
def linking(tmp_path_factory: pytest.TempPathFactory) -> Registered:
    return build_registered(tmp_path_factory.mktemp("linking"), also=RELEASES)


@pytest.fixture(scope="module")
def client(linking: Registered) -> FlaskClient:
    config = linking.config
    table = f'\n[searcher.act_addresses]\n"MK 449" = "{TABLED}"\n'
    config.write_text(config.read_text(encoding="utf-8") + table, encoding="utf-8")
    return browse(create_app(config))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/tiesibu-akti/MK 445", f'<a href="{LINK}" rel="noopener">Akta teksts: likumi.lv</a>'),
        ("/en/acts/MK 446", '"http://www.vestnesis.lv/op/3" rel="noopener">Text of the act: vestnesis.lv<'),
        ("/tiesibu-akti/MK 449", f'"{TABLED}" rel="noopener">Akta teksts: likumi.lv<'),
        ("/tiesibu-akti/32016R0679", "https://eur-lex.europa.eu/legal-content/LV/TXT/?uri=CELEX:32016R0679"),
        ("/en/acts/32016R0679", "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32016R0679"),
        ("/ru/acts/32016R0679", "Текст акта: eur-lex.europa.eu"),
    ],
)
def test_the_page_of_an_act_links_its_text(client: FlaskClient, address: str, expected: str) -> None:
    answer = client.get(quote(address))
    assert (answer.status_code, expected in answer.text) == (200, True)


@pytest.mark.parametrize("act", ["MK 447", "MK 448", "MK 2017-03-28 171"])
def test_a_link_beside_it_or_to_no_publisher_is_none_of_its_text(client: FlaskClient, act: str) -> None:
    answer = client.get(quote(f"/tiesibu-akti/{act}"))
    assert (answer.status_code, "Akta teksts" in answer.text) == (200, False)


def test_a_text_that_is_newer_than_the_register_links_no_other_act(tmp_path: Path) -> None:
    made = build_registered(tmp_path, also=RELEASES[:1])
    later = _linking("sasaukts", "To nosaka ", "MK noteikumi Nr. 990", ".", LINK, lead=RELEASES[0].lead)
    with Store(made.store) as store:
        store.save(replace(later, title=RELEASES[0].title), seen=SEEN)
    answer = made.client.get(quote("/tiesibu-akti/MK 445"))
    assert (answer.status_code, "Akta teksts" in answer.text) == (200, False)


def test_acts_are_read_from_a_short_text() -> None:
    assert read_acts(default_analyzer(), f"To nosaka {DECREE}.", "lv") == ("MK 445",)
