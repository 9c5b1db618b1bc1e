import csv
import io
import re
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from lxml import etree, html

HEALTH = 'ministrija:"Veselības ministrija"'


def shown(client: FlaskClient, path: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def fields(page: html.HtmlElement) -> list[str]:
    return page.xpath("//main//input[@name='q']/@value")


def points(page: html.HtmlElement) -> list[tuple[str, str]]:
    """Return the label and the address of each point that can be pressed."""
    return [(one.get("aria-label"), one.get("href")) for one in page.xpath("//div[@class='plot']//a")]


def test_each_point_opens_a_search_with_as_many_results(compared: FlaskClient) -> None:
    found = points(shown(compared, "/salidzini?q=pensijas&q=skolas&by=year"))
    assert len(found) == 6
    for label, address in found:
        headline = re.search(r'role="status">(\d+)', compared.get(address).text)
        assert headline
        assert re.search(rf": {headline[1]} relīz", label)


@pytest.mark.parametrize(
    ("sent", "canonical"),
    [
        ("q=pensijas&q=&q=pensijas&by=&show=count", "q=pensijas"),
        ("q=a&ministry=Vesel%C4%ABbas+ministrija", f"q=a&q={quote(HEALTH, safe='')}"),
        ("show=share&to=2023&by=month&from=01.01.2022.&q=a", "q=a&from=2022&to=2023&by=month&show=share"),
        ("q=a&x=1&category=B&category=A", "q=a&category=A&category=B"),
    ],
)
def test_an_address_is_redirected_to_the_one_to_be_sent(
    compared: FlaskClient, sent: str, canonical: str
) -> None:
    answer = compared.get(f"/salidzini?{sent}", follow_redirects=False)
    assert (answer.status_code, answer.location) == (302, f"/salidzini?{canonical.replace('%20', '+')}")


@pytest.mark.parametrize(
    ("sent", "field", "reason"),
    [
        ("q=a&q=2023", "q", "Līnija 2: jābūt vārdiem"),
        ("q=a&q=b&q=c&q=d&q=e&q=f", "q", "ne vairāk kā 5"),
        (f"q=a&q={'b' * 501}", "q", "ne vairāk kā 500"),
        ("q=a&from=nekad", "from", "No: "),
        ("q=a&from=2024&to=2023", "to", "Līdz: "),
        ("q=a&by=month&from=2000", "by", "ne vairāk kā 120"),
        ("q=a&ministry=Nav", "ministry", "Līnija iestādei: "),
        ("q=a&show=x", "show", "Rādīt: "),
    ],
)
def test_an_error_is_at_its_field_and_what_was_typed_is_kept(
    compared: FlaskClient, sent: str, field: str, reason: str
) -> None:
    page = shown(compared, f"/salidzini?{sent}", 400)
    (message,) = page.xpath("//form//p[@role='alert']")
    assert reason in message.text_content()
    wrong = page.xpath("//form//*[@aria-invalid]")
    assert {one.get("name") for one in wrong} == {field}
    assert {one.get("aria-describedby") for one in wrong} == {message.get("id")}
    typed = re.findall(r"q=([^&]+)", sent)
    assert fields(page)[: len(typed)] == typed
    for name, value in re.findall(r"(from|to)=([^&]+)", sent):
        assert page.xpath(f"//main//input[@name='{name}']/@value") == [value]


@pytest.mark.parametrize(("sent", "wrong"), [("q=a&q=2023", [1]), ("q=a&q=b&q=c&q=d&q=e&q=f", [5])])
def test_the_line_that_is_wrong_is_marked(compared: FlaskClient, sent: str, wrong: list[int]) -> None:
    page = shown(compared, f"/salidzini?{sent}", 400)
    marked = [one.get("aria-invalid") for one in page.xpath("//main//input[@name='q']")]
    assert [place for place, one in enumerate(marked) if one] == wrong


def test_a_search_is_compared_with_all_that_it_asks_for(compared: FlaskClient) -> None:
    page = shown(compared, "/?q=pensijas&language=lv&from=2021&to=2024")
    (address,) = page.xpath("//figure//a[.='Salīdzināt']/@href")
    assert address == "/salidzini?q=pensijas&language=lv&from=2021&to=2024"
    both = "ministry=Vesel%C4%ABbas+ministrija&ministry=Iek%C5%A1lietu+ministrija"
    (address,) = shown(compared, f"/?q=pensijas&{both}").xpath("//figure//a[.='Salīdzināt']/@href")
    lines = fields(shown(compared, address))
    assert lines[:2] == ['pensijas ministrija:"Iekšlietu ministrija"', f"pensijas {HEALTH}"]


@pytest.mark.parametrize("show", ["", "&show=share"])
def test_the_table_and_the_files_have_the_numbers_of_the_points(compared: FlaskClient, show: str) -> None:
    page = shown(compared, f"/salidzini?q=pensijas&q=skolas&by=year{show}")
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]
    counts = [[int(re.findall(r"\d+", cell)[0]) for cell in row] for row in rows]
    csv_address, svg_address = page.xpath("//figure//p[@class='links']/a/@href")
    text = compared.get(csv_address).get_data(as_text=True).removeprefix("\ufeff")
    head, *lines = csv.reader(io.StringIO(text))
    assert head == ["from", "to", "pensijas", "skolas", "all"]
    assert [[int(line[0][:4]), *map(int, line[2:])] for line in lines] == counts
    drawn = etree.fromstring(compared.get(svg_address).data)
    assert len(drawn.findall(".//{*}polyline")) == 2
    assert {"2021", "2024"} <= {one.text for one in drawn.iter("{*}text")}
    assert sum(count > 0 for row in counts for count in row[1:3]) == len(points(page))


def test_a_cell_of_the_file_runs_no_formula(compared: FlaskClient) -> None:
    text = compared.get('/salidzini.csv?q=="pensijas"').get_data(as_text=True)
    assert next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[2] == '\'="pensijas"'


@pytest.mark.parametrize(
    ("path", "name", "share"),
    [
        ("/salidzini", "Veselības ministrija", "33,33\u00a0%"),
        ("/en/compare", "Ministry of Health", "33.33%"),
        ("/ru/compare", "Министерство здравоохранения", "33,33\u00a0%"),
    ],
)
def test_lines_are_named_and_shares_written_in_the_language_of_the_page(
    compared: FlaskClient, path: str, name: str, share: str
) -> None:
    page = shown(compared, f"{path}?q={quote(HEALTH)}&by=year&show=share")
    assert page.xpath("//figure/ol/li/a/text()") == [name]
    assert any(share in label for label, _ in points(page))


def test_a_corrected_line_says_what_was_searched(compared: FlaskClient) -> None:
    page = shown(compared, "/salidzini?q=pensiajs")
    assert page.xpath("//figure/ol/li/a/text()") == ["pensijas"]
    assert "ievadīts: pensiajs" in page.xpath("string(//figure/ol)")


def test_the_page_without_lines_is_a_form(compared: FlaskClient) -> None:
    page = shown(compared, "/salidzini")
    assert fields(page) == ["", ""]
    assert page.xpath("//figure") == []


def test_hostile_lines_are_harmless(compared: FlaskClient) -> None:
    for path in ("/salidzini", "/salidzini.svg"):
        text = compared.get(f"{path}?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text
        assert "<script>alert" not in text
    assert "<script>alert" in unescape(text)


def test_a_wrong_parameter_of_a_file_is_named(compared: FlaskClient) -> None:
    assert compared.get("/salidzini.csv?q=a&by=week").status_code == 400
