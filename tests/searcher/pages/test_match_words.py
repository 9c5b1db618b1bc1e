import re

from flask.testing import FlaskClient

from tests.searcher.pages.conftest import Page


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
