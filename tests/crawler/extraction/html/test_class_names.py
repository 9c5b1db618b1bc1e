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


TOOLS = (
    *("breadcrumb", "breadcrumbs", "pager", "pagination", "pagenav", "pagenavigation", "nav", "navbar"),
    *(
        "navigation",
        "tabs",
        "share",
        "shares",
        "sharing",
        "social",
        "addthis",
        "addtoany",
        "a2a",
        "sharethis",
    ),
    *("rating", "vote", "createdby", "hits", "skip", "skiplink", "toolbar", "tags", "search", "back"),
    *("atpakal", "pathway", "dalities", "readmore", "read-more", "lang", "langs", "language", "languages"),
    *("print", "print-button", "print-btn", "print-icon", "print-version", "print_mail", "print-email"),
    *("print-pdf", "print-this", "print-header", "print-footer", "print-site", "print-tool", "print-wrapper"),
    *("tab-menu", "o-share", "main-menu", "menu1", "menu_top", "MENU"),
)
NOTICES = (
    *("sidebar", "cookie", "cookies", "gdpr", "consent", "related", "similar", "saistita", "feedback"),
    *("comment", "comments", "footer", "banner", "login", "newsletter", "subscribe", "popup", "modal"),
    *("gallery", "galerija", "slider", "slick", "carousel", "accessibility", "cookie-text", "side-banner"),
)
OTHERS = (
    *("menus", "navy", "shared", "voted", "printed", "print-body", "print-x", "language-lv", "lang-en"),
    *("node-gallery", "page-menu", "path-search", "body-nav", "lead-tags", "date-back", "data-share"),
    *(f"menu-{word}" for word in ("text", "teksts", "content", "saturs", "body", "article", "raksts")),
    *(f"tabs-{word}" for word in ("release", "relize", "story", "entry", "post", "prose", "lead", "title")),
    *(f"search-x-{word}" for word in ("headline", "date", "datums", "published", "attachments", "files")),
    *("bannerx", "footers", "logins", "toolong-menu"),
)
UTILITIES = (
    *("d-nav", "col-menu", "text-nav", "txt-nav", "js-search", "has-sidebar", "is-menu", "no-nav", "not-nav"),
    *("with-menu", "without-menu", "font-nav", "bg-nav", "flex-nav", "grid-nav", "show-nav", "hide-nav"),
    *("on-nav", "in-nav", "of-nav", "w-nav", "h-nav", "m-nav", "mt-nav", "px-nav", "g-nav", "gx-nav"),
    *("gap-nav", "z-nav", "xs-nav", "sm-nav", "md-nav", "lg-nav", "xl-nav", "xxl-nav", "print:menu", "a/b"),
    *("w-[3px]", "!nav", "a@b", "10%"),
)


@pytest.mark.parametrize(
    ("kind", "names"), [("tool", TOOLS), ("notice", NOTICES), (None, OTHERS), (None, UTILITIES)]
)
def test_each_name_is_of_its_kind(kind: str | None, names: tuple[str, ...]) -> None:
    assert {name: boilerplate_kind(name) for name in names} == dict.fromkeys(names, kind)


def test_names_of_layout_do_not_describe() -> None:
    for name in UTILITIES:
        element = BeautifulSoup("<p></p>", "lxml").p
        assert element is not None
        element["class"], element["id"] = [name], name.upper()
        assert semantic_names_of(element) == []
    described = BeautifulSoup("<p class='dx-x textual column'>", "lxml").p
    assert described is not None
    assert semantic_names_of(described) == ["dx-x", "textual", "column"]


def test_an_element_without_names_has_none() -> None:
    for markup in ("<p>", "<p id=''>", "<p class=''>"):
        element = BeautifulSoup(markup, "lxml").p
        assert element is not None
        assert semantic_names_of(element) in ([], [""])
