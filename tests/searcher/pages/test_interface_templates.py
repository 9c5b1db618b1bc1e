"""Templates compiled for each interface language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, g, render_template

from searcher.i18n import interfaces
from searcher.pages.interface_templates import InterfaceEnvironment

FILTERS = {language: interface.text("Filters") for language, interface in interfaces().items()}


@pytest.fixture
def templates(tmp_path: Path) -> Iterator[Path]:
    """The folder of the templates of an app that is answering a request."""
    app = Flask(__name__, template_folder=str(tmp_path))
    app.jinja_environment = InterfaceEnvironment
    with app.test_request_context():
        yield tmp_path


def render(language: str, **context: object) -> str:
    g.interface = interfaces()[language]
    return render_template("page.html", **context)


def test_a_fixed_text_is_translated_when_the_template_is_compiled(templates: Path) -> None:
    (templates / "page.html").write_text("{{ _('Filters') }}", encoding="utf-8")
    # There is no function `_` to call.
    assert [render(language) for language in ("lv", "en", "ru", "lv")] == [
        FILTERS[language] for language in ("lv", "en", "ru", "lv")
    ]
    assert len(set(FILTERS.values())) == 3


def test_templates_that_a_template_includes_are_in_its_language(templates: Path) -> None:
    (templates / "page.html").write_text("{% include 'part.html' %}", encoding="utf-8")
    (templates / "part.html").write_text("{{ _('Filters') }}", encoding="utf-8")
    assert {language: render(language) for language in FILTERS} == FILTERS


def test_a_text_chosen_when_the_page_is_made_is_translated_then(templates: Path) -> None:
    (templates / "page.html").write_text("{{ _(key) }}", encoding="utf-8")
    assert render("ru", _=interfaces()["ru"].text, key="Filters") == FILTERS["ru"]


def test_a_fixed_text_is_escaped(templates: Path) -> None:
    (templates / "page.html").write_text("{{ _('<b>') }}", encoding="utf-8")
    assert render("lv") == "&lt;b&gt;"
