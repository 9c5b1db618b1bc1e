import math

import pytest
from flask.testing import FlaskClient


def test_a_page_beyond_the_last_has_no_hits(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=budžets&page=90").get_json()
    assert (answer["hits"], answer["total"] > 0) == ([], True)


def test_each_hit_has_its_release(client: FlaskClient) -> None:
    hits = client.get("/api/v1/search?per_page=3").get_json()["hits"]
    found = [client.get(f"/api/v1/releases/{hit['id']}").get_json() for hit in hits]
    assert [one["id"] for one in found] == [hit["id"] for hit in hits]


def test_a_cursor_reaches_all_hits(client: FlaskClient) -> None:
    ids: list[str] = []
    cursor = "*"
    while cursor:
        answer = client.get(f"/api/v1/search?q=ministrija&per_page=3&cursor={cursor}").get_json()
        ids += [hit["id"] for hit in answer["hits"]]
        cursor = answer["next_cursor"]
    at_once = client.get("/api/v1/search?q=ministrija&per_page=100").get_json()
    assert at_once["total"] > 6
    assert (ids, at_once["next_cursor"]) == ([hit["id"] for hit in at_once["hits"]], None)


def test_histogram_counts_are_the_totals_for_the_same_dates(client: FlaskClient) -> None:
    histogram = client.get("/api/v1/search?q=ministrija&histogram=month").get_json()["histogram"]
    assert histogram["interval"] == "month"
    for period in histogram["periods"]:
        dates = f"from={period['from']}&to={period['to']}"
        assert client.get(f"/api/v1/search?q=ministrija&{dates}").get_json()["total"] == period["count"]
    assert client.get("/api/v1/search?q=ministrija").get_json()["histogram"] is None


@pytest.mark.parametrize(
    "query", ["valsts+budžets", "Rail+Baltica+stacija", "jaunā+valūta", "bēgļu+izmitināšana"]
)
def test_an_explanation_adds_up_to_the_score(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/search?q={query}&explain=true").get_json()
    for hit in (*answer["hits"], *answer["nearest"]):
        why = hit["explanation"]
        total = math.prod(why[factor] for factor in ("recency", "together", "language"))
        total *= sum(word["score"] for word in why["words"])
        assert total == pytest.approx(hit["score"], rel=1e-3)


def test_the_answer_names_the_related_words_only_if_they_were_searched(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=refugees").get_json()
    assert answer["query"]["related"][0]["related"][:2] == ["patvērums", "patvēruma meklētājs"]
    assert client.get("/api/v1/search?q=ministrija").get_json()["query"]["related"] == []


@pytest.mark.parametrize(
    "query", ["bezdarbs", "pensijas pielikums oktobrī", "jauniešu iesaukšana armijā", "ministrija"]
)
@pytest.mark.parametrize("near", ["", "&near=true"])
def test_headline_export_feed_and_facets_count_the_same(client: FlaskClient, query: str, near: str) -> None:
    search = f"q={query}{near}"
    answer = client.get(f"/api/v1/search?{search}").get_json()
    lines = client.get(f"/api/v1/search.ndjson?{search}").text.splitlines()
    feed = client.get(f"/feed.json?{search}&per_page=100").get_json()
    counted = client.get(f"/api/v1/facets?{search}&histogram=year").get_json()
    by_year = sum(period["count"] for period in counted["histogram"]["periods"])
    assert (len(lines), len(feed["items"]), counted["total"], by_year) == (answer["total"],) * 4
    for value in answer["facets"]["language"]:  # a release and its translation count in both languages
        of_language = client.get(f"/api/v1/search?{search}&language={value['value']}").get_json()
        assert of_language["total"] == value["count"]


def test_what_is_near_is_counted_apart_and_is_a_hit_if_chosen(client: FlaskClient) -> None:
    apart = client.get("/api/v1/search?q=pensijas+pielikums+oktobrī").get_json()
    chosen = client.get("/api/v1/search?q=pensijas+pielikums+oktobrī&near=true").get_json()
    assert apart["near"] > 0
    assert (chosen["total"], chosen["near"], chosen["nearest"]) == (apart["total"] + apart["near"], 0, [])


@pytest.mark.parametrize(("path", "label"), [("/", "mašīntulkojums"), ("/en/", "machine translation")])
def test_a_machine_translation_is_labelled(client: FlaskClient, path: str, label: str) -> None:
    search = {"q": "smartphones", "language": "en"}
    hit = client.get("/api/v1/search", query_string=search).get_json()["hits"][0]
    shown = client.get(path, query_string=search).text
    assert (hit["machine_translated"], f'<span class="flag">{label}</span>' in shown) == (True, True)


def test_an_original_is_not_labelled_as_a_machine_translation(client: FlaskClient) -> None:
    search = {"q": "telefonu", "language": "lv"}
    hit = client.get("/api/v1/search", query_string=search).get_json()["hits"][0]
    assert hit["machine_translated"] is False
    assert "mašīntulkojums" not in client.get("/", query_string=search).text


@pytest.mark.parametrize(
    "path", ["search?q=a&q=b", "search?page=1&page=2", "complete?q=a&q=b", "search?to=&to="]
)
def test_the_api_refuses_a_repeated_parameter(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    name = path.partition("?")[2].partition("=")[0]
    assert (answer.status_code, answer.get_json(force=True)["detail"]) == (
        400,
        f"{name}: must be given only once",
    )
    assert client.get("/api/v1/search?language=lv&language=en").status_code == 200


@pytest.mark.parametrize("path", ["search", "complete", "releases/x/similar"])
def test_the_api_refuses_an_unknown_parameter(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}?fbclid=x")
    assert (answer.status_code, answer.get_json(force=True)["detail"]) == (400, "fbclid: no such parameter")


@pytest.mark.parametrize("start", ["per_page=7", "per_page=7&cursor=*", "per_page=7&sort=oldest&fields=id"])
def test_the_next_page_is_linked_until_the_last(client: FlaskClient, start: str) -> None:
    address, ids = f"/api/v1/search?q=ministrija&{start}", list[str]()
    while address:
        answer = client.get(address)
        ids += [hit["id"] for hit in answer.get_json()["hits"]]
        address = answer.headers.get("Link", "").partition(">")[0].removeprefix("<")
    assert len({*ids}) == len(ids) == answer.get_json()["total"]


def test_facets_alone_are_those_of_the_search(client: FlaskClient) -> None:
    query = "q=valsts&language=lv&histogram=year"
    counted, whole = (client.get(f"/api/v1/{path}?{query}").get_json() for path in ("facets", "search"))
    assert {name: counted[name] for name in counted} == {name: whole[name] for name in counted}
    assert "hits" not in counted


@pytest.mark.parametrize("name", ["page", "sort", "cursor", "explain"])
def test_facets_alone_take_no_parameters_of_hits(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/api/v1/facets?{name}=1")
    assert answer.get_json(force=True)["errors"] == {name: "no such parameter"}


@pytest.mark.parametrize("path", ["search", "facets", "search.csv", "search.ndjson"])
@pytest.mark.parametrize("name", ["Finanšu ministrijas", "FM", "finanšu ministrija", " Finanšu ministrija"])
def test_an_institution_that_does_not_exist_is_named(client: FlaskClient, path: str, name: str) -> None:
    known = "Iekšlietu ministrija"
    answer = client.get(f"/api/v1/{path}", query_string={"q": "budžets", "ministry": [known, name]})
    assert answer.status_code == 400
    assert answer.get_json()["errors"] == {
        "ministry": f"no institution is named {name!r}; /api/v1/institutions lists them"
    }


def test_every_institution_of_the_list_is_a_filter(client: FlaskClient) -> None:
    names = [one["name"] for one in client.get("/api/v1/institutions").get_json()["institutions"]]
    assert len(names) > 5
    for name in names:
        assert client.get("/api/v1/facets", query_string={"ministry": name}).status_code == 200


def test_the_page_shows_nothing_of_an_institution_that_does_not_exist(client: FlaskClient) -> None:
    assert client.get("/", query_string={"q": "budžets", "ministry": "Nav"}).status_code == 200


def test_the_link_to_the_next_page_is_canonical(shelf_client: FlaskClient) -> None:
    def link(query: str) -> str | None:
        return shelf_client.get(f"/api/v1/search?{query}").headers.get("Link")

    total = shelf_client.get("/api/v1/search?q=drošība").get_json()["total"]
    assert total > 3
    assert link("q=drošība&per_page=2&sort=oldest&fields=title,url") == (
        '</api/v1/search?q=dro%C5%A1%C4%ABba&sort=oldest&page=2&per_page=2&fields=title%2Curl>; rel="next"'
    )
    assert link(f"q=drošība&per_page={total}") is None
    assert link(f"q=drošība&per_page={total - 1}") is not None
    assert link(f"q=drošība&per_page={total - 1}&page=2") is None


@pytest.mark.parametrize("fields", ["title,url", "title&fields=url", "id,title,url"])
def test_only_the_fields_asked_for_and_the_id_are_in_hits(shelf_client: FlaskClient, fields: str) -> None:
    answer = shelf_client.get(f"/api/v1/search?q=drošība+jūrā+nekas&fields={fields}").get_json()
    hits = [*answer["hits"], *answer["nearest"]]
    assert hits
    assert {tuple(sorted(hit)) for hit in hits} == {("id", "title", "url")}


def test_a_field_that_is_unknown_is_named(shelf_client: FlaskClient) -> None:
    answer = shelf_client.get("/api/v1/search?fields=id,colour")
    assert answer.get_json(force=True)["errors"] == {"fields": "no such field: 'colour'"}


def test_facets_alone_are_of_what_was_typed_if_so_asked(shelf_client: FlaskClient) -> None:
    counted = shelf_client.get("/api/v1/facets?q=drošība&histogram=year").get_json()
    assert counted["histogram"]["interval"] == "year"
    assert sum(period["count"] for period in counted["histogram"]["periods"]) <= counted["total"]
    assert shelf_client.get("/api/v1/facets?q=drošība").get_json()["histogram"] is None
    assert shelf_client.get("/api/v1/facets?verbatim=true&q=x").get_json()["correction"] is None


def test_shares_are_parts_of_all_releases_of_the_period(client: FlaskClient) -> None:
    answer = client.get("/api/v1/compare?q=ministrija&q=skola&by=year").get_json()
    everything = [period["all"] for period in answer["periods"]]
    assert sum(everything) > 0
    for line in answer["lines"]:
        parts = zip(line["counts"], everything, strict=True)
        assert line["shares"] == [round(count / all_, 6) if all_ else 0 for count, all_ in parts]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("q=a&q=2019", "q: must have words or filters, not only a time"),
        ("q=a&by=week", "by: must be 'year', 'quarter' or 'month'"),
        ("q=a&by=month&from=1990&to=2020", "by: must be at most 120 periods"),
        ("q=a&show=share", "show: no such parameter"),
    ],
)
def test_a_wrong_parameter_is_named(client: FlaskClient, query: str, detail: str) -> None:
    answer = client.get(f"/api/v1/compare?{query}")
    assert (answer.status_code, answer.get_json()["detail"]) == (400, detail)
