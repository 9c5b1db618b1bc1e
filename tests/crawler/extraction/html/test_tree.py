"""Our tree builder makes the same tree as Beautiful Soup."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from crawler.charset import decode
from crawler.extraction.html.tree import build_tree, nodes_in

pytestmark = pytest.mark.oracle

PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*/*.html"))

ODD = [
    "",
    "only text",
    "https://example.org/",
    "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><p>x</p></html>",
    "a\n<p>\n\n</p>  \u00a0 <b> </b>",
    "<!doctype html><!----><?php x?><![CDATA[x]]><p>",
    "<pre>  \n </pre> <textarea>  </textarea>",
    "<template> a <b> c</b><template> d</template> e</template> f",
    "<ruby>a<rt>b</rt><rp>(</rp></ruby><script>a</script><style>b</style>",
    "</p></div><b><i>a</b>c</i></section>d",
    '<br/><a rel="x y" class="" id=" a b ">\0</a><td headers="a b">',
    "<html><html lang=x><body><body class=a><head><title>t</title>",
    '<meta charset=x><meta http-equiv=a content="text/html; charset=x">',
    "<table><p>a<tr>b<td>c<table><li>d</table>e",
    "<div>" * 3000,
]


def links(node: PageElement | None, places: dict[int, int]) -> Iterator[object]:
    """Yield the content of *node* and the positions of its neighbours."""
    if isinstance(node, Tag):
        yield (node.name, dict(node.attrs), node.interesting_string_types, node.get_text("|", strip=True))
    else:
        yield (type(node), str(node))
    for other in (
        node and node.parent,
        node and node.next_element,
        node and node.previous_element,
        node and node.next_sibling,
        node and node.previous_sibling,
    ):
        yield places.get(id(other))


def describe(soup: BeautifulSoup) -> list[list[object]]:
    nodes = list(soup.descendants)
    assert nodes == list(nodes_in(soup))
    places = {id(node): place for place, node in enumerate(nodes)}
    return [list(links(node, places)) for node in nodes]


@pytest.mark.filterwarnings("ignore::UserWarning")  # the library's, about text like a URL
@pytest.mark.parametrize("text", [*ODD, *(decode(page.read_bytes(), "") for page in PAGES)])
def test_tree_is_the_same_as_the_librarys(text: str) -> None:
    assert describe(build_tree(text)) == describe(BeautifulSoup(text, "lxml"))


@pytest.mark.parametrize("depth_max", [3, 6, 12])
def test_order_is_kept_below_the_depth_limit(depth_max: int) -> None:
    for text in (*ODD, *(decode(page.read_bytes(), "") for page in PAGES)):
        deep, bounded = build_tree(text), build_tree(text, depth_max=depth_max)
        assert [*bounded.descendants] == nodes_in(bounded) == [*nested(bounded)]
        assert all(len([*node.parents]) <= depth_max + 1 for node in bounded.descendants)
        assert [*map(content_of, bounded.descendants)] == [*map(content_of, deep.descendants)]


@pytest.mark.parametrize("levels", [1, 9, 10, 11, 30])
def test_deep_elements_are_as_deep_as_may_be(levels: int) -> None:
    tree = build_tree("<div>" * levels + "dziļi", depth_max=10)
    # The body, the element of the page and the document are above the first one.
    assert [len([*div.parents]) for div in tree.find_all("div")] == [min(3 + n, 10) for n in range(levels)]


def nested(element: Tag) -> Iterator[PageElement]:
    """Yield what is within *element* by the children of each, not by the links from one to the next."""
    for child in element.contents:
        yield child
        if isinstance(child, Tag):
            yield from nested(child)


def content_of(node: PageElement) -> tuple[object, ...]:
    return (node.name, node.attrs) if isinstance(node, Tag) else (type(node), str(node))
