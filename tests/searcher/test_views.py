import html
import re
from http import HTTPStatus
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from index.query import Everything, Query
from index.results import Results
from searcher.asking import SearchResponse
from searcher.search_page.search import NEWEST_SHOWN, REDIRECTED_CHARS, pages
from tests.support.pressing import press


def test_the_page_reports_an_invalid_date_and_keeps_the_query(client: FlaskClient) -> None:
    page = client.get("/?q=budžets&from=nekad")
    assert page.status_code == HTTPStatus.BAD_REQUEST
    assert "nav datums; rakstiet, piemēram, 27.11.2017." in page.text
    assert 'value="budžets"' in page.text
    assert "<title>Kļūda: Sākuma datums: tas nav datums; rakstiet, piemēram, 27.11.2017." in page.text


@pytest.mark.parametrize(
    ("arguments", "heading"),
    [
        (
            "q=refugees",
            '<p class="note">Meklēts arī: <span lang="lv">patvērums</span>, <span lang="lv">patvēruma',
        ),
        ("q=bezdarbs", '<p class="note">Meklēts arī: <span lang="lv">bezdarbnieks</span>'),
    ],
)
def test_the_page_names_the_related_words(client: FlaskClient, arguments: str, heading: str) -> None:
    assert heading in client.get(f"/?{arguments}").text


@pytest.mark.parametrize("text", ["skolotāju algas", "border guard", "refugees help", "bezdarbs", "школы"])
def test_the_page_names_the_first_related_words_and_has_all_of_them_in_boxes(
    client: FlaskClient, text: str
) -> None:
    page = client.get("/", query_string={"q": text}).text
    (note,) = re.findall(r'<p class="note">Meklēts arī: (.*?)</p>', page)
    boxes = re.findall(r'name="without" value="[^"]+"> <span>([^<]+)<', page)
    named = re.findall(r"<span[^>]*>([^<]+)<", note)
    assert {*named} <= {*boxes}
    more = re.search(r"un vēl (\d+)$", note)
    assert (more is not None) == (len(boxes) > 15)
    assert len(named) + int(more[1] if more else 0) == len(boxes)


@pytest.mark.parametrize("text", ["налог на недвижимость", "policists dzelzceļš", "nodoklis ugunsgrēks"])
def test_a_number_beside_a_shorter_query_is_what_its_link_finds_or_called_the_least(
    client: FlaskClient, text: str
) -> None:
    page = client.get("/", query_string={"q": text}).text
    offers = re.findall(r'>(Bez „[^<]*)</button>\s*<span class="count">(vismaz )?(\d+) ', page)
    assert offers
    for label, least, number in offers:
        shorter = press(client, page, html.unescape(label))
        (found,) = re.findall(r'<p role="status">(\d+) ', shorter)
        assert int(found) >= int(number) if least else found == number, label


@pytest.mark.parametrize(
    ("text", "ignored"),
    [("budžets 2017. gadā", None), ("kā budžets 2017. gadā", "kā")],
)
def test_a_word_that_names_an_offered_time_is_not_called_ignored(
    client: FlaskClient, text: str, ignored: str | None
) -> None:
    page = client.get("/", query_string={"q": text}).text
    found = re.search(r"ir pārāk bieži sastopams: ([^<]*)", page)
    assert (found and found[1]) == ignored


def test_the_page_leads_to_what_is_near_and_back(client: FlaskClient) -> None:
    page = client.get("/?q=pensijas+pielikums+oktobrī").text
    (label, number), *_ = re.findall(r">(arī (\d+) tuvāk(?:ā|ās|o)[^<]*)</button>", page)
    wide = press(client, page, label)
    assert "arī tuvākās relīzes</p>" in wide
    assert int(number) > 0
    assert "arī tuvākās relīzes" not in press(client, wide, "bez tuvākajām")


@pytest.mark.parametrize(
    "arguments",
    [
        "page=0",
        "page=x",
        "page=1000",
        "per_page=101",
        "from=nekad",
        "sort=best",
        "language=de",
        "explain=perhaps",
        "q=" + "x" * 20_001,
    ],
)
def test_errors_on_the_latvian_page_are_in_latvian(client: FlaskClient, arguments: str) -> None:
    answer = client.get(f"/?{arguments}")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    (reason,) = re.findall(r'<div class="errors".*?<li>.*?: (.*?)</li>', answer.text, re.DOTALL)
    assert not re.search(r"\b(must|not|only|goes|no|should)\b", reason), reason


def test_the_interface_is_latvian_or_english(client: FlaskClient) -> None:
    assert '<html lang="lv">' in client.get("/").text
    english = client.get("/en/?q=budžets").text
    assert '<html lang="en">' in english
    assert "results</p>" in english


@pytest.mark.parametrize(
    ("address", "texts"),
    [
        (
            "/?q=valsts+budžets&explain=true",
            ("Kāpēc vērtējums ir", "tieši tā, kā ierakstīts", "vārdi ir blakus"),
        ),
        (
            "/en/?q=valsts+budžets&explain=true",
            ("Why the score is", "as typed", "words next to each other, as typed"),
        ),
    ],
)
def test_the_page_explains_scores(client: FlaskClient, address: str, texts: tuple[str, ...]) -> None:
    page = client.get(address).text
    assert [text for text in texts if text not in page] == []
    assert 'class="why"' not in client.get(address.replace("&explain=true", "")).text


def test_a_year_can_be_narrowed_to_a_month(client: FlaskClient) -> None:
    page = client.get("/?q=valsts&from=2020&to=2020").text
    assert "Pa mēnešiem" in page
    (number,) = re.findall(r'to=2020-11" aria-current="true" aria-label="nov.: (\d+) ', page)
    narrow = client.get(f"/?q=valsts&set={quote('from=2020-11&to=2020-11')}", follow_redirects=True)
    assert f"{number} rezultāt" in narrow.text
    assert "Pa mēnešiem" not in client.get("/?q=valsts&from=2019&to=2020").text


def test_a_page_without_hits_says_so_and_offers_no_sorting(client: FlaskClient) -> None:
    page = client.get("/?q=xyzzyqw+qwxyzz").text
    assert "nekas nav atrasts" in page
    assert "te ir tuvākās" not in page
    assert 'name="sort"' not in page


def test_a_page_without_hits_tells_whether_filters_are_the_reason(client: FlaskClient) -> None:
    assert "Ar šiem filtriem" in client.get("/?q=drosiba&from=1999&to=1999").text
    assert "Ar šiem filtriem" not in client.get("/?q=xyzzyqw+qwxyzz").text


@pytest.mark.parametrize(
    ("home", "traits", "offer"),
    [
        ("/", "has=attachment", "Arī bez pielikuma"),
        ("/en/", "has=attachment", "Also without an attachment"),
        ("/ru/", "has=attachment", "И без приложения"),
        ("/", "has=attachment&has=gone", "Arī bez šādām pazīmēm"),
    ],
)
def test_a_search_without_its_only_trait_is_named_by_it(
    shelf_client: FlaskClient, home: str, traits: str, offer: str
) -> None:
    shown = shelf_client.get(f"{home}?q=jūrā&{traits}").text
    assert f">{offer}</button>" in shown


def test_only_a_page_with_hits_offers_files_of_them(shelf_client: FlaskClient) -> None:
    assert ">CSV</a>" in shelf_client.get("/?q=jūrā").text
    assert ">CSV</a>" not in shelf_client.get("/?q=jūrā&has=attachment").text


@pytest.mark.parametrize(("home", "label"), [("/", "Kārtošana:"), ("/en/", "Sort by:"), ("/ru/", "Порядок:")])
def test_the_orders_have_a_label(shelf_client: FlaskClient, home: str, label: str) -> None:
    assert f'<span id="sort">{label}</span>' in shelf_client.get(f"{home}?q=drošība").text


def test_the_box_of_errors_offers_the_search_without_them(shelf_client: FlaskClient) -> None:
    shown = shelf_client.get("/?q=jūrā&from=nekad").text
    box = shown.partition('<div class="errors"')[2].partition("</div>")[0]
    assert ">Meklēt bez kļūdainajiem nosacījumiem</a>" in box


def test_a_page_that_does_not_exist_has_the_search_box(client: FlaskClient) -> None:
    answer = client.get("/en/nowhere")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert 'role="search" action="/en/"' in answer.text


def test_an_unknown_release_is_not_found(client: FlaskClient) -> None:
    assert client.get("/releases/iem-0000000000").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/releases/..%2f..%2fetc%2fpasswd").status_code == HTTPStatus.NOT_FOUND


def test_releases_are_filtered_by_what_they_have(client: FlaskClient) -> None:
    page = client.get("/?q=ministrija&has=attachment").text
    assert "ar pielikumu</button>" in page
    with_attachment = client.get("/api/v1/search?q=ministrija&has=attachment").get_json()
    everything = client.get("/api/v1/search?q=ministrija").get_json()
    counts = {value["value"]: value["count"] for value in everything["facets"]["has"]}
    assert 0 < with_attachment["total"] == counts["attachment"] < everything["total"]


def test_the_page_counts_other_readings_of_an_unaccented_word_apart(client: FlaskClient) -> None:
    page = client.get("/?q=tiesa").text
    assert re.search(r"Vēl \d+ relī(ze|zes|žu) atbilst", page)
    assert 'value="near=true">Vēl ' in page
    assert "more release" in client.get("/en/?q=tiesa").text
    assert "atbilst ar citām" not in client.get("/?q=tieša").text
    assert client.get("/api/v1/search?q=tiesa").get_json()["unaccented"] > 0


@pytest.mark.parametrize(("path", "api"), [("/", "/api"), ("/en/help", "/en/api"), ("/ru/x", "/ru/api")])
def test_every_page_links_to_the_page_of_the_api(client: FlaskClient, path: str, api: str) -> None:
    assert f'<a href="{api}">API</a>' in client.get(path).text


@pytest.mark.parametrize(
    ("path", "example"), [("/", "pagājušajā gadā"), ("/en/", "last year"), ("/ru/", "в прошлом году")]
)
def test_the_example_of_a_time_is_read_as_one(client: FlaskClient, path: str, example: str) -> None:
    assert f">{example}</button>" in client.get(path).text
    answer = client.get("/api/v1/search", query_string={"q": example}).get_json()
    assert answer["query"]["time"]["first"].endswith("-01-01")


ADDRESSES = {
    "": ("/", "/en/", "/ru/"),
    "feed.atom": ("/feed.atom", "/en/feed.atom", "/ru/feed.atom"),
    "feed.json": ("/feed.json", "/en/feed.json", "/ru/feed.json"),
    "opensearch.xml": ("/opensearch.xml", "/en/opensearch.xml", "/ru/opensearch.xml"),
    "institutions": ("/iestades", "/en/institutions", "/ru/institutions"),
    "corrections": ("/labojumi", "/en/corrections", "/ru/corrections"),
    "corrections.atom": ("/labojumi.atom", "/en/corrections.atom", "/ru/corrections.atom"),
    "corrections.json": ("/labojumi.json", "/en/corrections.json", "/ru/corrections.json"),
    "help": ("/palidziba", "/en/help", "/ru/help"),
    "accessibility": ("/pieklustamiba", "/en/accessibility", "/ru/accessibility"),
}


@pytest.mark.parametrize("paths", ADDRESSES.values(), ids=ADDRESSES)
def test_each_page_has_an_address_in_each_language(shelf_client: FlaskClient, paths: tuple[str, ...]) -> None:
    for path in paths:
        answer = shelf_client.get(path, follow_redirects=False)
        assert (path, answer.status_code) == (path, 200)
        assert shelf_client.post(path).status_code == 405
    language = {"/": "lv", "/en/": "en", "/ru/": "ru"}
    for path in paths if "." not in paths[0] else ():
        home = path[:4] if path[:4] in language else "/"
        assert f'<html lang="{language[home]}">' in shelf_client.get(path).text


@pytest.mark.parametrize("path", ["/institutions", "/help", "/en/iestades", "/ru/palidziba", "/lv/", "/de/"])
def test_there_is_no_page_at_the_address_of_another_language(shelf_client: FlaskClient, path: str) -> None:
    assert shelf_client.get(path).status_code == 404


def test_pages_for_robots_have_one_address(shelf_client: FlaskClient) -> None:
    for path in ("/robots.txt", "/sitemap.xml", "/sitemap/iem.xml"):
        assert shelf_client.get(path).status_code == 200
        assert shelf_client.get(f"/en{path}").status_code == 404


def answered(total: int, page: int, per_page: int = 10) -> SearchResponse:
    query = Query(text="", clause=Everything(), reading="", page=page, per_page=per_page)
    return SearchResponse(query, Results(hits=(), total=total))


@pytest.mark.parametrize(
    ("total", "page", "shown"),
    [
        (0, 1, ""),
        (10, 1, ""),
        (11, 1, "[1] 2"),
        (20, 2, "1 [2]"),
        (51, 1, "[1] 2 3 … 6"),
        (51, 3, "1 2 [3] 4 5 6"),
        (51, 4, "1 2 3 [4] 5 6"),
        (91, 5, "1 … 3 4 [5] 6 7 … 10"),
        (91, 10, "1 … 8 9 [10]"),
        (995, 100, "1 … 98 99 [100]"),
        (5_000, 100, "1 … 98 99 [100]"),
    ],
)
def test_the_row_of_pages_has_the_ends_and_the_neighbours(total: int, page: int, shown: str) -> None:
    row = [
        "…" if one.number is None else f"[{one.number}]" if one.current else str(one.number)
        for one in pages(answered(total, page))
    ]
    assert " ".join(row) == shown


@pytest.mark.parametrize(("more", "status"), [(0, 302), (1, 200)])
def test_an_address_is_made_canonical_up_to_its_limit(
    shelf_client: FlaskClient, more: int, status: int
) -> None:
    query = "x" * (REDIRECTED_CHARS - len("q=") + more)
    answer = shelf_client.get(f"/?sort=relevance&q={query}", follow_redirects=False)
    assert (answer.status_code, REDIRECTED_CHARS) == (status, 3_000)
    if status == 302:
        assert answer.location == f"/?q={query}"


def test_the_start_page_shows_the_newest_releases(shelf_client: FlaskClient) -> None:
    shown = shelf_client.get("/").text
    newest = shelf_client.get(f"/api/v1/search?sort=newest&per_page={NEWEST_SHOWN}").get_json()["hits"]
    places = [shown.find(f"/releases/{hit['id']}") for hit in newest]
    assert (NEWEST_SHOWN, sorted(places)) == (6, places)
    assert -1 not in places


def test_a_page_with_errors_searches_without_them(shelf_client: FlaskClient) -> None:
    shown = shelf_client.get("/?q=drošība&from=nekad&language=lv")
    assert shown.status_code == 400
    assert 'value="drošība"' in shown.text
    assert "from=nekad" not in shown.text
    both = shelf_client.get("/?q=drošība&from=2020&to=2019")
    assert both.status_code == 400
    assert 'value="drošība"' in both.text


def test_related_words_are_boxes_that_leave_them_out(client: FlaskClient) -> None:
    page = client.get("/?q=bēgļi&sort=newest").text
    assert '<input form="search" type="checkbox" name="without" value="patvērums">' in page
    assert '<input type="hidden" name="sort" value="newest">' in page.partition("</form>")[0]
    without = client.get("/?q=bēgļi&without=patvērums").text
    assert '<input form="search" type="checkbox" name="without" value="patvērums" checked>' in without
    assert '<span lang="lv">patvērums</span>' not in without
    answers = [client.get(f"/api/v1/search?q=bēgļi{more}").get_json() for more in ("", "&without=patvērums")]
    terms = [[term for each in answer["query"]["related"] for term in each["related"]] for answer in answers]
    assert ["patvērums" in named for named in terms] == [True, False]
    assert answers[1]["total"] <= answers[0]["total"]


@pytest.mark.parametrize(
    ("path", "none", "advice"),
    [
        ("/", "Šajā laikā nav publicēta neviena relīze.", "Mēģiniet ar mazāk"),
        ("/en/", "No release was published in this time.", "Try fewer"),
        ("/ru/", "За это время не опубликовано ни одного релиза.", "Попробуйте меньше"),
    ],
)
def test_a_time_without_releases_needs_no_other_words(
    shelf_client: FlaskClient, path: str, none: str, advice: str
) -> None:
    for query in ("pēdējās 24 stundās", "1999", "no:1999 līdz:2000"):
        page = shelf_client.get(path, query_string={"q": query}).text
        assert (none in page, advice in page) == (True, False)
    page = shelf_client.get(path, query_string={"q": "pēdējās 24 stundās bramburis"}).text
    assert (none in page, advice in page) == (False, True)
    page = shelf_client.get(path, query_string={"q": "pēdējās 24 stundās", "language": "en"}).text
    assert (none in page, advice in page) == (False, False)
