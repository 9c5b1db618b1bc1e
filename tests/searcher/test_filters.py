"""Whatever filter is declared, the page, the API, the feeds, the exports and the saved searches have it."""

import json
import re
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote_plus

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from index.query import COMPLETED, FILTERS, Filter
from searcher.digest.saved_searches import SavedSearch
from searcher.i18n import interfaces
from searcher.params import FilterParams, ParameterError, SearchParams
from searcher.search_address import query_string

PATHS = {"lv": "/", "en": "/en/", "ru": "/ru/"}


@dataclass(frozen=True)
class Chosen:
    """A filter, and its rarest value in the samples."""

    filter: Filter
    value: str
    count: int

    @property
    def query(self) -> str:
        return f"{self.filter.name}={quote_plus(self.value)}"


@pytest.fixture(scope="module", params=FILTERS, ids=lambda one: one.name)
def chosen(request: pytest.FixtureRequest, client: FlaskClient) -> Chosen:
    facet = client.get("/api/v1/facets").get_json()["facets"][request.param.name]
    return Chosen(request.param, facet[-1]["value"], facet[-1]["count"])


def test_parameters_have_their_published_order() -> None:
    assert [*FilterParams.names()] == [
        "q", "ministry", "category", "topic", "language", "has", "attachment_type", "person", "mentions",
        "act", "place", "from", "to", "near", "without", "versions", "during",
    ]  # fmt: skip


def test_the_api_filters_and_counts(client: FlaskClient, chosen: Chosen) -> None:
    answer = client.get(f"/api/v1/search?{chosen.query}").get_json()
    assert answer["total"] == chosen.count
    assert answer["query"]["filters"][chosen.filter.answer] == [chosen.value]
    values = {one["value"]: one["count"] for one in answer["facets"][chosen.filter.name]}
    assert values[chosen.value] == chosen.count


def test_the_api_describes_it(client: FlaskClient, chosen: Chosen) -> None:
    document = client.get("/openapi.json").get_json()
    for path in ("search", "facets", "search.csv", "search.ndjson"):
        described = {one["name"]: one for one in document["paths"][f"/api/v1/{path}"]["get"]["parameters"]}
        parameter = described[chosen.filter.name]
        assert parameter["description"] == chosen.filter.description
        assert tuple(parameter["schema"]["items"].get("enum", ())) == chosen.filter.keys
    answer = document["components"]["schemas"]["FiltersAnswer"]["properties"]
    assert answer[chosen.filter.answer]["examples"] == [[chosen.filter.example]]


def test_the_exports_filter(client: FlaskClient, chosen: Chosen) -> None:
    assert (
        len(client.get(f"/api/v1/search.ndjson?{chosen.query}&fields=id").text.splitlines()) == chosen.count
    )
    lines = client.get(f"/api/v1/search.csv?{chosen.query}&fields=id").text.splitlines()
    assert len(lines) == 1 + chosen.count


@pytest.mark.parametrize("language", PATHS)
def test_the_page_names_it_in_each_language(client: FlaskClient, chosen: Chosen, language: str) -> None:
    page = client.get(f"{PATHS[language]}?{chosen.query}").text
    label = escape(interfaces()[language].value(chosen.filter, chosen.value))
    assert f"<legend>{getattr(chosen.filter.label, language)}</legend>" in page
    box = f'name="{chosen.filter.name}" value="{escape(chosen.value)}" checked><span>{label}<'
    assert box in page
    chip = re.search(r'<ul class="chosen".*?value="([^"]+)">.*?</span>(.*?)</button>', page, re.DOTALL)
    assert chip
    assert chip[2] == label
    pressed = client.get(f"{PATHS[language]}?{chosen.query}&set={quote_plus(unescape(chip[1]))}")
    assert (pressed.request.path, pressed.request.query_string) == (PATHS[language], b"")


@pytest.mark.parametrize("language", PATHS)
def test_the_feed_is_named_by_it(client: FlaskClient, chosen: Chosen, language: str) -> None:
    title = client.get(f"{PATHS[language]}feed.json?{chosen.query}").get_json()["title"]
    assert title.endswith(f": {interfaces()[language].value(chosen.filter, chosen.value)}")


def test_a_saved_search_keeps_it(chosen: Chosen) -> None:
    saved = SavedSearch(name="x", address=f"https://r.example/?q=a&{chosen.query}", to=("a@b.lv",))
    assert saved.params.chosen(chosen.filter) == [chosen.value]
    assert query_string(saved.params, per_page=10) == f"q=a&{chosen.query}&sort=newest"


@pytest.mark.parametrize("language", PATHS)
def test_a_search_without_hits_is_offered_without_it(
    client: FlaskClient, chosen: Chosen, language: str
) -> None:
    years = client.get("/api/v1/facets").get_json()["facets"]["year"]
    with_it = client.get(f"/api/v1/facets?{chosen.query}").get_json()["facets"]["year"]
    free = {one["value"] for one in years} - {one["value"] for one in with_it}
    year = min(free)
    address = f"{PATHS[language]}?{chosen.query}&from={year}&to={year}"
    page = client.get(address).text
    offer = getattr(chosen.filter.offer_without([chosen.value]), language)
    button = re.search(rf'value="([^"]+)">{re.escape(offer)}</button>', page)
    assert button
    pressed = client.get(f"{address}&set={quote_plus(unescape(button[1]))}")
    assert pressed.request.query_string == f"from={year}&to={year}".encode()


@pytest.mark.parametrize("one", [one for one in FILTERS if one.fixed], ids=lambda one: one.name)
def test_no_other_value_is_accepted(client: FlaskClient, one: Filter) -> None:
    answer = client.get(f"/api/v1/search?{one.name}=qwx")
    assert (answer.status_code, [*answer.get_json()["errors"]]) == (400, [one.name])


def test_filters_are_counted_together() -> None:
    params = SearchParams.model_validate(
        {"language": ["lv", "en"], "has": ["gone"], "from": "2019", "to": "2020"}
    )
    assert params.filter_count == 4
    assert SearchParams().filter_count == 0


@pytest.mark.parametrize("name", COMPLETED)
def test_its_values_are_completed_as_filters(client: FlaskClient, name: str) -> None:
    (value, *_) = (one["value"] for one in client.get("/api/v1/facets").get_json()["facets"][name])
    completions = client.get(f"/api/v1/complete?q={quote_plus(value[:8])}").get_json()["completions"]
    kind, label = COMPLETED[name]
    assert {"text": value, "kind": kind, name: value} in [
        {key: one[key] for key in ("text", "kind", name)} for one in completions
    ]
    page = client.get("/").text
    assert f'data-filters="{" ".join(COMPLETED)}"' in page
    kinds = re.search('data-kinds="([^"]+)"', page)
    assert kinds
    assert json.loads(unescape(kinds[1]))[kind] == label.lv


@pytest.mark.parametrize("language", ["lv", "ru"])
@pytest.mark.parametrize("one", FILTERS, ids=lambda one: one.name)
def test_page_refuses_a_value_in_its_own_language(client: FlaskClient, one: Filter, language: str) -> None:
    value = "zz" if one.fixed else "a" * (one.chars_max + 1)
    with pytest.raises(ParameterError) as refused:
        SearchParams.read(MultiDict({one.name: value}))
    message = refused.value.errors[one.name]
    page = unescape(client.get(f"{PATHS[language]}?{one.name}={value}").text)
    assert message not in page
    assert interfaces()[language].text(message) in page


@pytest.mark.parametrize("word", ["published", "language"])
def test_word_named_like_a_filter_is_left_out_as_a_word(client: FlaskClient, word: str) -> None:
    page = client.get(f"/en/?q={word}+šūnu+apraide").text
    assert f"Without “{word}”" in page
