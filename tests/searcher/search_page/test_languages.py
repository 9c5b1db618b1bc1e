"""Each face begins with releases, examples and institutions in its language, and reads names in any."""

import pytest
from flask.testing import FlaskClient
from lxml import html

from tests.searcher.pages.conftest import Page

NAMES = ("Finanšu ministrija", "Ministry of Finance", "Министерство финансов")


@pytest.mark.parametrize("field", ["ministrija", "institution", "учреждение"])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_language_is_the_institution(client: FlaskClient, field: str, name: str) -> None:
    answer = client.get("/api/v1/search", query_string={"q": f'{field}:"{name}"'}).get_json()
    assert answer["query"]["filters"]["ministries"] == ["Finanšu ministrija"]
    assert answer["total"] > 0


@pytest.mark.parametrize(("home", "name"), [*zip(("/", "/en/", "/ru/"), NAMES, strict=True)])
def test_a_face_names_institutions_in_its_language(client: FlaskClient, home: str, name: str) -> None:
    page = html.fromstring(client.get(f"{home}?ministry=Finanšu+ministrija", follow_redirects=True).text)
    assert page.xpath("string(//ul[@class='chosen']//button)").endswith(name)
    assert name in page.xpath("string((//ol[@class='hits']//p[@class='meta'])[1])")
    (label,) = page.xpath("//label[input[@name='ministry' and @value='Finanšu ministrija']]/span[1]/text()")
    assert label == name


@pytest.mark.parametrize("home", ["/", "/en/", "/ru/"])
def test_each_example_of_a_face_finds_something_or_reads_as_meant(client: FlaskClient, home: str) -> None:
    page = html.fromstring(client.get(home).text)
    examples = page.xpath("//ul[@class='examples']//button/text()")
    for example in examples:
        query = client.get("/api/v1/search", query_string={"q": example}).get_json()["query"]
        assert query["notes"] == [], example


@pytest.mark.parametrize(("home", "language"), [("/", "lv"), ("/en/", "en"), ("/ru/", "ru")])
def test_a_face_starts_with_releases_of_its_language(page: Page, home: str, language: str) -> None:
    shown = html.fromstring(page(home)).xpath("//ol[@class='hits']//h2/@lang")
    listed = page(f"{home}?language={language}")
    has_some = "<article>" in listed
    assert not has_some or {*shown} == {language}
    assert shown
