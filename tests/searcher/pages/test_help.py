"""The help documents the whole syntax: what the grammar reads is in one of its examples."""

import re
from html import unescape

import pytest

from index.query.lexemes import LEXEME, OPERATORS, PART_NAMES, PARTS
from tests.searcher.pages.conftest import Page

# Named groups of the grammar that are no syntax of their own: what is around it, and what is ignored.
NO_SYNTAX = {"space", "junk", "boost", "no_versions"}


@pytest.fixture(params=["/palidziba", "/en/help", "/ru/help"])
def examples(request: pytest.FixtureRequest, page: Page) -> list[str]:
    """Return the examples of a help page."""
    shown = re.search(r'<dl class="syntax">.*?</dl>', page(request.param), re.DOTALL)
    assert shown
    codes = re.findall(r"<code>(.*?)</code>", shown[0], re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", code)) for code in codes]


def test_each_piece_of_the_grammar_has_an_example(examples: list[str]) -> None:
    lexemes = [match for text in examples for match in LEXEME.finditer(text)]
    shown = {name for match in lexemes for name, text in match.groupdict().items() if text}
    assert set(LEXEME.groupindex) - NO_SYNTAX - shown == set()


def test_each_part_and_filter_has_an_example(examples: list[str]) -> None:
    matches = [match for text in examples for match in LEXEME.finditer(text)]
    parts = {PARTS[match["part_name"]] for match in matches if match["part_name"]}
    assert parts == set(PART_NAMES)
    filters = {match["filter_name"] for match in matches if match["filter_name"]}
    assert filters >= {"ministrija", "valoda", "gads", "datums", "no", "līdz"}


def test_each_operator_is_named(page: Page) -> None:
    shown = page("/palidziba")
    assert [operator for operator in OPERATORS if operator not in shown] == []


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/palidziba", ("versijas:", "redakcijas:", "laikā:")),
        ("/en/help", ("versions:", "during:")),
        ("/ru/help", ("версии:", "время:")),
    ],
)
def test_earlier_texts_have_names_in_the_language(page: Page, path: str, names: tuple[str, ...]) -> None:
    shown = page(path)
    assert [name for name in names if name not in shown] == []
