"""Builds Beautiful Soup's tree of a page by linking its nodes directly, four times as fast as the library."""

import sys
import warnings
from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import Any

from bs4 import BeautifulSoup, Comment, Doctype, MarkupResemblesLocatorWarning, ProcessingInstruction, Tag
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import AttributeValueList, NavigableString, PageElement

_ASCII_SPACES = BeautifulSoup.ASCII_SPACES
_STRINGS = LXMLTreeBuilder.DEFAULT_STRING_CONTAINERS
_PRESERVING = LXMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS
_LISTS = LXMLTreeBuilder.DEFAULT_CDATA_LIST_ATTRIBUTES
_LISTS_ANYWHERE = _LISTS["*"]
_LISTS_OF = {name: own | _LISTS_ANYWHERE for name, own in _LISTS.items()}
_SPECIAL = _PRESERVING | _STRINGS.keys()


def build_tree(text: str, *, depth_max: int = sys.maxsize) -> BeautifulSoup:
    """Return the tree that ``BeautifulSoup(text, "lxml")`` returns, node by node.

    No element has more than *depth_max* ancestors; deeper ones become siblings, as in browsers.
    """
    builder = _TreeBuilder(depth_max)
    if "<" in text:
        return BeautifulSoup(text, builder=builder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return BeautifulSoup(text, builder=builder)


class _Element(Tag):
    """An element of an HTML page; attributes with the same value for all elements are on the class."""

    # Slots are faster than the library's dictionary for each instance.
    __slots__ = (
        "attrs",
        "contents",
        "name",
        "next_element",
        "next_sibling",
        "parent",
        "previous_element",
        "previous_sibling",
    )

    parser_class = BeautifulSoup
    namespace = None
    prefix = None
    sourceline = None
    sourcepos = None
    known_xml = False
    can_be_empty_element = False  # only matters for output
    attribute_value_list_class = AttributeValueList
    cdata_list_attributes = _LISTS
    preserve_whitespace_tags = _PRESERVING
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES
    _namespaces: dict[str, str] = {}  # noqa: RUF012 # never written: HTML has no namespaces

    def __init__(self, name: str, attrs: Mapping[str, str], parent: Tag, previous: PageElement) -> None:
        # Like `Tag.__init__` without the checks that cannot fail here.
        self.name = name
        self.contents: list[PageElement] = []
        self.attrs = dict(attrs) if attrs else {}  # an AttributeDict only checks later changes
        _link(self, parent, previous)
        if name in _STRINGS:
            self.interesting_string_types = {_STRINGS[name]}
        lists = _LISTS_OF.get(name, _LISTS_ANYWHERE)
        if attrs and not lists.isdisjoint(attrs):
            for key in lists & attrs.keys():
                self.attrs[key] = attrs[key].split()  # type: ignore[assignment] # as in Beautiful Soup

    def get_text(
        self,
        separator: str = "",
        strip: bool = False,
        types: Any = PageElement.default,
    ) -> str:
        """Return the strings in the element, joined."""
        if types is not PageElement.default:
            return super().get_text(separator, strip, types)
        kinds = self.interesting_string_types or ()
        strings = [node for node in nodes_in(self) if type(node) in kinds]
        return separator.join(filter(None, map(str.strip, strings)) if strip else strings)  # type: ignore[arg-type] # strings


def nodes_in(element: Tag, at_most: int = sys.maxsize) -> list[PageElement]:
    """Return the elements and strings in *element* in document order, the first *at_most*."""
    if not element.contents:
        return []
    last: PageElement = element
    while isinstance(last, Tag) and last.contents:
        last = last.contents[-1]
    nodes: list[PageElement] = []
    add = nodes.append
    node: PageElement | None = element.contents[0]
    stop = last.next_element
    for _ in repeat(None, at_most):
        if node is None or node is stop:
            break
        add(node)
        node = node.next_element
    return nodes


def _link(node: PageElement, parent: Tag, previous: PageElement) -> None:
    """Append *node* to *parent*; *previous* comes just before it in the document."""
    node.parent = parent
    node.previous_element = previous
    previous.next_element = node
    node.next_element = node.next_sibling = node.previous_sibling = None
    if siblings := parent.contents:
        before = siblings[-1]
        before.next_sibling = node
        node.previous_sibling = before
    siblings.append(node)


class _TreeBuilder(LXMLTreeBuilder):
    """Receives the events of lxml's parser and links the nodes itself."""

    def __init__(self, depth_max: int) -> None:
        super().__init__()
        self._depth_max = depth_max

    def prepare_markup(self, markup: Any, *_: object, **__: object) -> Iterator[Any]:
        """Yield the text as it is, then as UTF-8, without Beautiful Soup's XML-parsed-as-HTML warning."""
        text = markup.removeprefix("\N{BYTE ORDER MARK}")
        yield text, None, None, False
        yield text.encode(), "utf8", None, False

    def initialize_soup(self, soup: BeautifulSoup) -> None:
        """Start a tree in *soup*."""
        super().initialize_soup(soup)
        self._open: list[Tag] = [soup]
        self._names = [soup.name]  # of the open elements, including those moved up
        self._special: list[str] = []  # names of open elements that change how text is kept
        self._text: list[str] = []
        self._last: PageElement = soup

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:  # type: ignore[override] # as lxml calls it
        """Open an element."""
        if self._text:
            self._end_text(NavigableString)
        parent = self._open[-1]
        if len(self._open) > self._depth_max:
            # Later content of the deepest element must follow this one, to keep the order.
            parent = self._open[-1] = self._open[self._depth_max - 1]
        self._last = element = _Element(tag, attrib, parent, self._last)
        self._open.append(element)
        self._names.append(tag)
        if tag in _SPECIAL:
            self._special.append(tag)

    def end(self, tag: str) -> None:  # type: ignore[override] # as lxml calls it
        """Close an element and everything open in it."""
        if self._text:
            self._end_text(NavigableString)
        if tag not in self._names:
            return
        closed = None
        while closed != tag:
            self._open.pop()
            closed = self._names.pop()
            if closed in _SPECIAL:
                self._special.pop()

    def data(self, data: str) -> None:  # type: ignore[override] # as lxml calls it
        """Receive a piece of text."""
        self._text.append(data)

    def comment(self, text: str | bytes) -> None:
        """Receive a comment."""
        self._no_text(str(text), Comment)

    def pi(self, target: str, data: str) -> None:
        """Receive a processing instruction."""
        self._no_text(f"{target} {data}", ProcessingInstruction)

    def doctype(self, name: str, pubid: str, system: str) -> None:
        """Receive the document type."""
        self._no_text(str(Doctype.for_name_and_ids(name, pubid, system)), Doctype)

    def feed(self, markup: str | bytes) -> None:
        """Parse the whole page."""
        super().feed(markup)
        if self._text:
            self._end_text(NavigableString)

    def _no_text(self, string: str, kind: type[NavigableString]) -> None:
        if self._text:
            self._end_text(NavigableString)
        self._text.append(string)
        self._end_text(kind)

    def _end_text(self, kind: type[NavigableString]) -> None:
        text = "".join(self._text)
        self._text.clear()
        is_blank = (text.isspace() or not text) and not text.strip(_ASCII_SPACES)
        if is_blank and _PRESERVING.isdisjoint(self._special):
            text = "\n" if "\n" in text else " "
        if self._special and kind is NavigableString:
            kind = next((_STRINGS[name] for name in reversed(self._special) if name in _STRINGS), kind)
        string = str.__new__(kind, text)
        _link(string, self._open[-1], self._last)
        self._last = string
