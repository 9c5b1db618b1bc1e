"""The tree of a page: Beautiful Soup's own nodes, linked directly; the library takes four times as long."""

from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup, Comment, Doctype, ProcessingInstruction, Tag
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import AttributeValueList, NavigableString, PageElement

_ASCII_SPACES = BeautifulSoup.ASCII_SPACES
_STRINGS = LXMLTreeBuilder.DEFAULT_STRING_CONTAINERS
_PRESERVING = LXMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS
_LISTS = LXMLTreeBuilder.DEFAULT_CDATA_LIST_ATTRIBUTES
_LISTS_ANYWHERE = _LISTS["*"]


def tree(text: str) -> BeautifulSoup:
    """Return the tree that ``BeautifulSoup(text, "lxml")`` returns, node by node."""
    return BeautifulSoup(text, builder=_TreeBuilder())


class _Element(Tag):
    """An element of an HTML page; what is the same of all stands in the class."""

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

    def __init__(self, name: str, attrs: Mapping[str, str]) -> None:
        # As `Tag.__init__` does, which asks many questions first whose answers are known here.
        self.name = name
        self.attrs = dict(attrs)  # an AttributeDict only checks what is set later
        self.contents: list[PageElement] = []
        self.next_element = self.next_sibling = None
        if name in _STRINGS:
            self.interesting_string_types = {_STRINGS[name]}
        if attrs:
            self._split_lists(_LISTS.get(name, _NONE))

    def _split_lists(self, also: set[str]) -> None:
        for key, value in self.attrs.items():
            if key in _LISTS_ANYWHERE or key in also:
                self.attrs[key] = value.split()  # type: ignore[union-attr, assignment] # it is a str, as sent

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
        strings = (str(node) for node in nodes_in(self) if type(node) in kinds)
        return separator.join(filter(None, map(str.strip, strings)) if strip else strings)


def nodes_in(element: Tag) -> Iterator[PageElement]:
    """Yield the elements and strings in *element* in document order; the tree may not change meanwhile."""
    if not element.contents:
        return
    last: PageElement = element
    while isinstance(last, Tag) and last.contents:
        last = last.contents[-1]
    node: PageElement | None = element.contents[0]
    stop = last.next_element
    while node is not None and node is not stop:
        yield node
        node = node.next_element


_NONE: set[str] = set()


class _TreeBuilder(LXMLTreeBuilder):
    """Hears of lxml's parser what it reads, and links the nodes itself."""

    def initialize_soup(self, soup: BeautifulSoup) -> None:
        """Begin a tree in *soup*."""
        super().initialize_soup(soup)
        self._open: list[Tag] = [soup]
        self._names = [soup.name]
        self._text: list[str] = []
        self._last: PageElement | None = None

    def start(self, tag: str | bytes, attrib: Mapping[str, str], nsmap: object = None) -> None:  # type: ignore[override] # noqa: ARG002 # as lxml calls it
        """Open an element."""
        if self._text:
            self._end_text(NavigableString)
        element = _Element(str(tag), attrib)
        self._link(element)
        self._open.append(element)
        self._names.append(element.name)

    def end(self, tag: str | bytes) -> None:
        """Close an element, and what is open in it."""
        if self._text:
            self._end_text(NavigableString)
        if tag in self._names[1:]:
            while self._names.pop() != tag:
                self._open.pop()
            self._open.pop()

    def data(self, data: str | bytes) -> None:
        """Hear a piece of text."""
        self._text.append(str(data))

    def comment(self, text: str | bytes) -> None:
        """Hear a comment."""
        self._special(str(text), Comment)

    def pi(self, target: str, data: str) -> None:
        """Hear a processing instruction."""
        self._special(f"{target} {data}", ProcessingInstruction)

    def doctype(self, name: str, pubid: str, system: str) -> None:
        """Hear what type of document it is."""
        self._special(str(Doctype.for_name_and_ids(name, pubid, system)), Doctype)

    def feed(self, markup: str | bytes) -> None:
        """Read the whole page."""
        super().feed(markup)
        if self._text:
            self._end_text(NavigableString)

    def _special(self, text: str, kind: type[NavigableString]) -> None:
        if self._text:
            self._end_text(NavigableString)
        self._text.append(text)
        self._end_text(kind)

    def _end_text(self, kind: type[NavigableString]) -> None:
        text = "".join(self._text)
        self._text.clear()
        if not text.strip(_ASCII_SPACES) and _PRESERVING.isdisjoint(self._names):
            text = "\n" if "\n" in text else " "
        if kind is NavigableString:
            kind = next((_STRINGS[name] for name in reversed(self._names) if name in _STRINGS), kind)
        string = str.__new__(kind, text)
        string.hidden = False
        string.next_element = string.next_sibling = None
        self._link(string)

    def _link(self, node: PageElement) -> None:
        """Put *node* at the end of the open element."""
        parent = node.parent = self._open[-1]
        siblings = parent.contents
        if siblings:
            siblings[-1].next_sibling = node
            node.previous_sibling = siblings[-1]
        else:
            node.previous_sibling = None
        siblings.append(node)
        node.previous_element = self._last
        if self._last is not None:
            self._last.next_element = node
        self._last = node
