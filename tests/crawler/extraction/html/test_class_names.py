"""Whole words of a class or id name boilerplate; names of layout say nothing."""

import pytest
from bs4 import BeautifulSoup

from crawler.extraction.html.class_names import boilerplate_kind, class_names_of, semantic_names_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("menu", "tool"),
        ("c-nav__item", "tool"),
        ("print-link", "tool"),
        ("cookie-bar", "notice"),
        ("saistitie", "notice"),
        ("menu-text", None),
        ("print-content", None),
        ("page-search", None),
        ("d-print-block", None),
        ("md:menu", None),
        ("searchable", None),
        ("", None),
    ],
)
def test_kind_of_boilerplate_by_name(name: str, kind: str | None) -> None:
    assert boilerplate_kind(name) == kind


def test_names_are_the_classes_then_the_id() -> None:
    element = BeautifulSoup("<p class='text col-6 has-menu' id=lead>", "lxml").p
    assert element is not None
    assert class_names_of(element) == ["text", "col-6", "has-menu", "lead"]
    assert semantic_names_of(element) == ["text", "lead"]


def test_very_long_names_take_linear_time() -> None:
    assert boilerplate_kind("menu-" + "x-" * 200_000) == "tool"
    assert boilerplate_kind("menu-" + "x-" * 200_000 + "text") is None
    assert boilerplate_kind("saistit" + "_a" * 200_000) == "notice"
