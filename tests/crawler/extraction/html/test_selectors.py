"""Selectors find what soupsieve finds, in any notation."""

import random

import pytest
import soupsieve
from bs4 import BeautifulSoup

from crawler.extraction.html.selectors import CACHED_NAME_CHARS_MAX, Elements, may_match

SOUP = BeautifulSoup(
    """<body class="a b"><div class=a><p class=b title="x,y">t</p><a href="/x?a=(1,2)" class="b c">l</a>
    <time datetime=2>1</time></div><main><h1 id=top>T</h1><p>u<span class=a>v</span></p></main></body>""",
    "lxml",
)


@pytest.mark.parametrize(
    "selector",
    [
        "p", "P", "p, a", ".a .b", "DIV.a > A", "body *.a", "h1#top", "[href]", "a[ href ]", "*",
        'p[title="x,y"]', 'a[href*="(1,2)"]', 'a[href$=")"]', '[class~="b"]', 'a[class="b c"]',
        "div:not(:is(.z, .y)) > p", "p:has(> span.a, b)", "p:nth-child(1)", "main :is(h1,p)", "div > p + a",
        ":is(p, a:not(.c))", ":is(a, :not(b))", ":is(:is(p,a),h1)", "p/* , x */", r".\\61", "p:not([title])",
    ],
)  # fmt: skip
def test_selector_finds_what_soupsieve_finds(selector: str) -> None:
    assert Elements(SOUP).select(selector) == soupsieve.select(selector, SOUP)


NAMES, CLASSES = ("div", "p", "a"), ("x", "y", "z")


def random_page(chance: random.Random) -> BeautifulSoup:
    """Return a page of nested elements of few kinds."""

    def element(depth: int) -> str:
        name = chance.choice(NAMES)
        attributes = f" class='{' '.join(chance.sample(CLASSES, chance.randrange(3)))}'"
        attributes += f" id={chance.choice(CLASSES)}" * (chance.random() < 0.2)
        attributes += f" title='{chance.choice(('u v', 'v', ''))}'" * (chance.random() < 0.4)
        inside = "".join(element(depth + 1) for _ in range(chance.randrange(4 - depth))) if depth < 4 else ""
        return f"<{name}{attributes}>{inside}</{name}>"

    return BeautifulSoup("".join(element(0) for _ in range(4)), "html.parser")


def random_selector(chance: random.Random) -> str:
    def compound() -> str:
        keys = [chance.choice(("", *NAMES))]
        keys += [f".{chance.choice(CLASSES)}" for _ in range(chance.randrange(3))]
        keys += [f"#{chance.choice(CLASSES)}"] * (chance.random() < 0.1)
        keys += [
            chance.choice(("[title]", "[title=v]", "[title~=v]", "[title^=u]", "[title$=v]", "[title*=' ']"))
        ] * (chance.random() < 0.3)
        return "".join(keys) or "*"

    parts = [" ".join(compound() for _ in range(chance.randint(1, 3))) for _ in range(chance.randint(1, 2))]
    return ", ".join(parts) if chance.random() < 0.8 else parts[0].replace(" ", " > ")


@pytest.mark.parametrize("seed", range(12))
def test_any_selectors_find_what_soupsieve_finds(seed: int) -> None:
    chance = random.Random(seed)
    soup = random_page(chance)
    elements = Elements(soup)
    for _ in range(25):
        one, other = random_selector(chance), random_selector(chance)
        assert elements.select(one) == soupsieve.select(one, soup), one
        assert elements.select(one, other) == soupsieve.select(f"{one}, {other}", soup), (one, other)


@pytest.mark.parametrize("chars", [CACHED_NAME_CHARS_MAX, CACHED_NAME_CHARS_MAX + 1])
@pytest.mark.parametrize("count", [0, 8, 9, 10])
def test_long_names_and_many_attributes_are_found_too(chars: int, count: int) -> None:
    attributes = " ".join(f"data-{number}=1" for number in range(count))
    soup = BeautifulSoup(f"<p class='{'n' * chars}' {attributes}>t</p><p>u</p>", "html.parser")
    elements = Elements(soup)
    assert [tag.text for tag in elements.select(f"p.{'n' * chars}")] == ["t"]
    for number in range(count):
        assert [tag.text for tag in elements.select(f"[data-{number}]")] == ["t"]
    assert elements.select(f".{'n' * (chars - 1)}") == []


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        ("<html><head><title>T</title></head><body><p>t</p></body></html>", "body"),
        ("<html><head><p>t</p></head><body>u</body></html>", "[document]"),
        ("<html><head><main><div>t</div></main></head><body>u</body></html>", "[document]"),
        ("<html><head><span>t</span></head><body>u</body></html>", "body"),
        ("<main><p>t</p></main>", "[document]"),
        ("<body id=a><p>t</p><body id=b>u</body></body>", "body"),
    ],
)
def test_body_is_where_the_text_is(markup: str, name: str) -> None:
    body = Elements(BeautifulSoup(markup, "html.parser")).body
    assert body.name == name
    assert body.get("id", "a") == "a"


def test_strings_are_those_of_the_page_in_order() -> None:
    soup = BeautifulSoup("a<p>b<!--c--><b>d</b></p>e", "html.parser")
    elements = Elements(soup)
    assert elements.strings == ["a", "b", "c", "d", "e"]
    assert [tag.name for tag in elements.all] == ["p", "b"]


@pytest.mark.parametrize(
    ("selector", "markup", "may"),
    [
        ("div.row", "<div class=row>", True),
        ("div.row", "<div class=b>", False),
        ("p.row, div.b", "<div class=b>", True),
        ("#top [href]", "<a href=x>", False),
        ("#top [href]", "<a href=x id=top>", True),
        (":not(.x)", "", True),
        ("div:not(.x)", "<div>", True),
    ],
)
def test_a_selector_may_match_markup_that_has_all_its_names(selector: str, markup: str, *, may: bool) -> None:
    assert may_match(selector, markup) == may
