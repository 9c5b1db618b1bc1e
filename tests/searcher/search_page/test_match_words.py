import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from typer.testing import CliRunner

from index.reindex import app as reindex
from searcher import create_app
from searcher.params import SearchParams
from searcher.search_page.match_words import FORMS_MAX, WordMatch, match_words
from tests.searcher.pages.conftest import Page
from tests.support.browsing import browse
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.new_store import new_store
from tests.support.stored_release import publish


def test_each_word_is_explained_by_where_and_in_which_form_it_is(page: Page) -> None:
    shown = " ".join(page("/?q=seminārs+drosiba&explain=true").split())
    assert "„seminārs” – virsrakstā kā ierakstīts" in shown
    assert 'virsrakstā citā formā (<span lang="lv">drošību</span>)' in shown


def test_without_a_wish_nothing_is_explained(page: Page) -> None:
    assert 'class="why"' not in page("/?q=seminārs")


def test_other_forms_are_named_apart_from_the_typed_one(client: FlaskClient) -> None:
    shown = " ".join(client.get("/?q=budžets&explain=true").text.split())
    described = re.findall(r"kā ierakstīts un citā formā \(<span lang=\"lv\">([^<]+)", shown)
    assert described
    assert [forms for forms in described if "budžets" in forms.lower().split(", ")] == []


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A release whose words are in its title, lead and text, in several forms."""
    folder = tmp_path_factory.mktemp("words")
    config = folder / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}', encoding="utf-8")
    release = publish(
        "a",
        "Robeža slēgta",
        "Robeža pie robežas, robežai un ar robežu: Robežām, robežās.",
        date(2024, 1, 1),
        lead="Robežu sargās policija.",
    )
    with new_store(folder / "data" / "releases.sqlite3") as store:
        store.save(release, seen=datetime(2026, 1, 1, tzinfo=UTC))
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    return browse(create_app(config))


def matches_of(client: FlaskClient, query: str) -> list[WordMatch]:
    service = client.application.extensions["service"]
    params = SearchParams(q=query, explain=True)
    answer = service.search(params)
    [found] = match_words(service, params, answer).values()
    return [*found]


def test_each_part_names_its_forms_in_order(explained: FlaskClient) -> None:
    assert matches_of(explained, "robeža") == [
        WordMatch(word="robeža", part="title", how="as typed", forms=()),
        WordMatch(word="robeža", part="lead", how="in another form", forms=("Robežu",)),
        WordMatch(
            word="robeža",
            part="body",
            how="as typed and in another form",
            forms=("robežas", "robežai", "robežu"),
        ),
    ]
    assert FORMS_MAX == 3


def test_each_word_is_told_apart(explained: FlaskClient) -> None:
    found = matches_of(explained, "policija robeza")
    assert [(one.word, one.part, one.how) for one in found] == [
        ("policija", "lead", "as typed"),
        ("robeza", "title", "in another form"),
        ("robeza", "lead", "in another form"),
        ("robeza", "body", "in another form"),
    ]


def test_only_a_hit_that_is_explained_has_matches(explained: FlaskClient) -> None:
    service = explained.application.extensions["service"]
    params = SearchParams(q="robeža")
    assert match_words(service, params, service.search(params)) == {}
