"""Selectors find what soupsieve finds, in any notation."""

import pytest
import soupsieve
from bs4 import BeautifulSoup

from crawler.extraction.html.selectors import Elements

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
