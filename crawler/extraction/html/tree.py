"""The tree of a page: Beautiful Soup's own nodes, linked directly; the library takes four times as long."""

import sys
import warnings
from collections.abc import Iterator, Mapping
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

    No element stands in more than *depth_max* others: what would, stands beside the deepest, as in a browser.
    """
    builder = _TreeBuilder(depth_max)
    if "<" in text:
        return BeautifulSoup(text, builder=builder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return BeautifulSoup(text, builder=builder)


class _Element(Tag):
    """An element of an HTML page; what is the same of all stands in the class."""

    # Quicker made than the library's, whose instances hold all this in a dictionary each.
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
    can_be_empty_element = False  # matters only to who writes mark-up
    attribute_value_list_class = AttributeValueList
    cdata_list_attributes = _LISTS
    preserve_whitespace_tags = _PRESERVING
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES
    _namespaces: dict[str, str] = {}  # noqa: RUF012 # never written: HTML has none

    def __init__(self, name: str, attrs: Mapping[str, str], parent: Tag, previous: PageElement) -> None:
        # As `Tag.__init__` does, which asks many questions first whose answers are known here.
        self.name = name
        self.contents: list[PageElement] = []
        self.attrs = dict(attrs) if attrs else {}  # an AttributeDict only checks what is set later
        _link(self, parent, previous)
        if name in _STRINGS:
            self.interesting_string_types = {_STRINGS[name]}
        lists = _LISTS_OF.get(name, _LISTS_ANYWHERE)
        if attrs and not lists.isdisjoint(attrs):
            for key in lists & attrs.keys():
                self.attrs[key] = attrs[key].split()  # type: ignore[assignment] # as the library has it

    def get_text(
        self,
        separator: str = "",
        strip: bool = False,
        types: Any = PageElement.default,
    ) -> str:
        """Return the strings of the element and those in it, joined."""
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
    while node is not None and node is not stop:
        add(node)
        if len(nodes) == at_most:
            break
        node = node.next_element
    return nodes


def _link(node: PageElement, parent: Tag, previous: PageElement) -> None:
    """Put *node*, which follows on *previous* in the document, at the end of *parent*."""
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
    """Hears of lxml's parser what it reads, and links the nodes itself."""

    def __init__(self, depth_max: int) -> None:
        super().__init__()
        self._depth_max = depth_max

    def prepare_markup(self, markup: Any, *_: object, **__: object) -> Iterator[Any]:
        """Yield what to try: the text as it is, then as UTF-8. That it may be XML is no news to anyone."""
        text = markup.removeprefix("\N{BYTE ORDER MARK}")
        yield text, None, None, False
        yield text.encode(), "utf8", None, False

    def initialize_soup(self, soup: BeautifulSoup) -> None:
        """Begin a tree in *soup*."""
        super().initialize_soup(soup)
        self._open: list[Tag] = [soup]
        self._names = [soup.name]  # of the open elements; the deepest of them are another's place
        self._special: list[str] = []  # of the open elements, the names that matter to the text in them
        self._text: list[str] = []
        self._last: PageElement = soup

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:  # type: ignore[override] # as lxml calls it
        """Open an element."""
        if self._text:
            self._end_text(NavigableString)
        parent = self._open[-1]
        if len(self._open) > self._depth_max:
            # What follows in the one that was the deepest stands after this one, so that order is kept.
            parent = self._open[-1] = self._open[self._depth_max - 1]
        self._last = element = _Element(tag, attrib, parent, self._last)
        self._open.append(element)
        self._names.append(tag)
        if tag in _SPECIAL:
            self._special.append(tag)

    def end(self, tag: str) -> None:  # type: ignore[override] # as lxml calls it
        """Close an element, and what is open in it."""
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
        """Hear a piece of text."""
        self._text.append(data)

    def comment(self, text: str | bytes) -> None:
        """Hear a comment."""
        self._no_text(str(text), Comment)

    def pi(self, target: str, data: str) -> None:
        """Hear a processing instruction."""
        self._no_text(f"{target} {data}", ProcessingInstruction)

    def doctype(self, name: str, pubid: str, system: str) -> None:
        """Hear what type of document it is."""
        self._no_text(str(Doctype.for_name_and_ids(name, pubid, system)), Doctype)

    def feed(self, markup: str | bytes) -> None:
        """Read the whole page."""
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
