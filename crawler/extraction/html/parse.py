"""Bounded HTML parsing, and a page's text in blocks."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from crawler.extraction.html.limits import MARKUP_CHARS_MAX, strip_bulk
from crawler.extraction.html.selectors import Elements
from crawler.extraction.html.tree import build_tree, nodes_in
from crawler.urls import address

# A page of the shared platform has 3,000 tags. This limit keeps the memory of every page below 30 MB.
TAGS_MAX = 12_000
# Selectors climb to the root for every element. Deeper elements become siblings, so no text is lost.
DEPTH_MAX = 120
# Slices of a list page; half a second each for a page of nothing but links.
SLICES_MAX = 16
SLICE_OVERLAP_TAGS = 500

# One match that all characters are readable takes a third of the time of a search for unreadable ones.
_READABLE = re.compile(r"[\t\n\r -~\x80-\ud7ff\ue000-\U0010ffff]*")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# A less-than sign that opens no tag.
_STRAY = re.compile(r"<(?![a-zA-Z/!?])")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
# The complement, matched first for speed, as above.
_VISIBLE = re.compile(r"[\x00-\xac\xae-\u200a\u2010-\u205f\u2061-\ufefe\uff00-\U0010ffff]*")
# Elements that nest without limit; a <p>, <li> or <td> closes the previous one.
_NESTING = re.compile(
    r"<(/?)(div|span|section|article|main|aside|header|footer|nav|form|fieldset|table|ul|ol|dl|blockquote|figure"
    r"|font|center|b|i|u|em|strong|small|big|q|ins|del|details|svg|g|object)\b[^<>]*>",
    re.IGNORECASE,
)

BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul",
))  # fmt: skip
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Marks between the pieces of a block: before a line, before a cell.
LINE, CELL = "\n", "\x1f"
BETWEEN_CELLS = " | "


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, list item, table row or heading, as text; a newline separates its lines."""

    text: str
    element: Tag
    """The innermost block element around it."""
    linked: float
    """The share of its characters that are in links, 0 to 1."""
    pieces: Sequence[str] = ()
    """The strings of the page that it comes from, with marks between them; blocks that only empty lines
    separate share them."""

    @property
    def is_heading(self) -> bool:
        """Whether it is an h1 to h6."""
        return self.element.name in HEADINGS


def parse_html(text: str) -> Elements:
    """Return the elements of an HTML page, no deeper than DEPTH_MAX."""
    readable = read_beginning(text)
    if not _READABLE.fullmatch(readable):
        readable = _UNREADABLE.sub("", readable)
    return Elements(build_tree(readable, depth_max=DEPTH_MAX))


def read_beginning(text: str) -> str:
    """Return the part of a page's markup within the size limits: all of it for real pages."""
    text = _strip_bulk(text)[:MARKUP_CHARS_MAX]
    if text.count("<") <= TAGS_MAX:
        return text
    [first_left_out] = islice(re.finditer("<", text), TAGS_MAX, TAGS_MAX + 1)
    return text[: first_left_out.start()]


def slices_of(text: str) -> Iterator[tuple[str, bool]]:
    """Yield a page's markup in slices within the size limits, one for real pages; and whether it ends there.

    Slices overlap by as many tags as a row of a list may have, so that each row is whole in one of them.
    """
    bare = strip_bulk(text, MARKUP_CHARS_MAX)
    begin = 0
    for _ in range(SLICES_MAX):
        piece = bare[begin : begin + MARKUP_CHARS_MAX]
        tags = [tag.start() for tag in islice(re.finditer("<", piece), TAGS_MAX + 1)]
        if len(tags) <= TAGS_MAX and begin + len(piece) == len(bare):
            yield piece, True
            return
        end = tags[-1] if len(tags) > 1 else len(piece)
        yield piece[:end], False
        begin += (tags[-SLICE_OVERLAP_TAGS:-1] or [0])[0] or end


def is_read_whole(text: str) -> bool:
    """Whether `read_beginning` keeps all of a page's text."""
    return _is_within_bounds(text) or _is_within_bounds(_strip_bulk(text))


def _is_within_bounds(text: str) -> bool:
    return len(text) <= MARKUP_CHARS_MAX and text.count("<") <= TAGS_MAX


def _strip_bulk(text: str) -> str:
    bare = strip_bulk(text, MARKUP_CHARS_MAX)
    if bare.count("<") > TAGS_MAX:
        bare = _flatten(_STRAY.sub(" ", bare))
    return bare


class Within:
    """Tests whether an element or one of its ancestors has an id in *holders*; caches what it passes."""

    def __init__(self, holders: Container[int]) -> None:
        self._holders = holders
        self._known: dict[int, bool] = {id(None): False}

    def __call__(self, element: Tag | None) -> bool:
        """Whether *element* or one of its ancestors is a holder."""
        known, holders = self._known, self._holders
        passed = []
        while (answer := known.get(id(element))) is None:
            if id(element) in holders:
                answer = True
                break
            passed.append(id(element))
            element = element.parent if element is not None else None
        for key in passed:
            known[key] = answer
        return answer


def elements_in(element: Tag, names: Container[str] | None = None) -> list[Tag]:
    """Return the elements in *element* in document order, filtered by *names* if given."""
    elements = (node for node in nodes_in(element) if isinstance(node, Tag))
    return [tag for tag in elements if names is None or tag.name in names]


def has_ancestor(node: PageElement, names: Container[str]) -> bool:
    """Whether an ancestor of *node* has one of *names*."""
    around = node.parent
    while around is not None and around.name not in names:
        around = around.parent
    return around is not None


def blocks(root: Tag, skipped: Iterable[Tag] = ()) -> Iterator[Block]:
    """Yield the blocks of *root* in reading order, without the elements *skipped*."""
    left_out = {id(element) for element in skipped}
    collected = _BlockCollector(root)
    stack: list[tuple[PageElement, bool]] = [(root, True)]
    while stack:
        node, opening = stack.pop()
        if isinstance(node, NavigableString):
            if type(node) is NavigableString:
                collected.add(node)
        elif isinstance(node, Tag) and id(node) not in left_out:
            if not opening:
                yield from collected.close(node)
                continue
            yield from collected.open(node)
            stack.append((node, False))
            stack.extend((child, True) for child in reversed(node.contents))
    yield from collected.flush()


def text_of(element: Tag) -> str:
    """Return the text of *element* in one line, NFC."""
    return tidy(" ".join(block.text for block in blocks(element)))


def tidy(text: str) -> str:
    """Return *text* in NFC, one line, single spaces, without soft hyphens and zero-width characters.

    >>> tidy("  Ministru   kabinets ")
    'Ministru kabinets'
    """
    composed = unicodedata.normalize("NFC", text)
    if not _VISIBLE.fullmatch(composed):
        composed = _INVISIBLE.sub("", composed)
    return " ".join(composed.split())


class _BlockCollector:
    """Collects the text between two block boundaries."""

    def __init__(self, root: Tag) -> None:
        self._elements = [root]
        self._pieces: list[str] = []
        self._link_depth = 0
        self._linked = 0
        self._in_row = [False]

    def add(self, text: NavigableString) -> None:
        self._pieces.append(text)
        if self._link_depth:
            self._linked += len(text.strip())

    def open(self, tag: Tag) -> Sequence[Block]:
        """Open an element; return the blocks that end before it."""
        if tag.name == "br":
            self._pieces.append(LINE)
        elif tag.name == "a":
            self._link_depth += 1
        elif tag.name in ("td", "th"):
            self._pieces.append(CELL)
            self._in_row.append(is_data_cell(tag))
        elif tag.name in BLOCKS and not self._in_row[-1]:
            before = self.flush()
            self._elements.append(tag)
            return before
        return ()

    def close(self, tag: Tag) -> Sequence[Block]:
        """Close an element; return the blocks that end with it."""
        if tag.name == "a":
            self._link_depth -= 1
        elif tag.name in ("td", "th"):
            self._in_row.pop()
        elif tag.name in BLOCKS and self._in_row[-1]:
            self._pieces.append(" ")
        elif tag.name in BLOCKS:
            inside = self.flush()
            self._elements.pop()
            return inside
        return ()

    def flush(self) -> Sequence[Block]:
        """Return the blocks collected since the last boundary."""
        if not self._pieces:
            return ()
        pieces, linked = self._pieces, self._linked
        self._pieces, self._linked = [], 0
        # Slicing Beautiful Soup's strings is slow.
        text = "".join([piece if type(piece) is str else _collapse_spaces(str(piece)) for piece in pieces])
        letters = len(text.strip())
        if not letters:
            return ()
        share = min(1.0, linked / letters)
        paragraphs = map(_lines, re.split(r"\n\s*\n", text) if "\n" in text else (text,))
        element = self._elements[-1]
        return [Block(text=kept, element=element, linked=share, pieces=pieces) for kept in paragraphs if kept]


def _lines(paragraph: str) -> str:
    lines = map(_cells, paragraph.split("\n"))
    return "\n".join(line for line in lines if line)


def _collapse_spaces(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if text[-1].isspace() else ''}"


def _cells(line: str) -> str:
    if CELL not in line:
        return tidy(line)
    return BETWEEN_CELLS.join(cell for cell in map(tidy, line.split(CELL)) if cell)


def is_data_cell(cell: Tag) -> bool:
    """Whether *cell* holds a figure or a phrase, not a text: old pages use tables for layout."""
    return (
        len(cell.find_all(["p", "div", "table", "h1", "h2", "li"], limit=3)) < 3
        and len(cell.get_text()) < 300
    )


def _flatten(text: str) -> str:
    """Return *text* without the tags of elements nested deeper than DEPTH_MAX."""
    depth, dropped = 0, 0
    pieces: list[str] = []
    last = 0
    for tag in _NESTING.finditer(text):
        if not tag[1]:
            depth += 1
            if depth <= DEPTH_MAX:
                continue
            dropped += 1
        else:
            depth = max(0, depth - 1)
            if depth < DEPTH_MAX or not dropped:
                continue
            dropped -= 1
        pieces += (text[last : tag.start()], " ")
        last = tag.end()
    return "".join(pieces) + text[last:]


def base_url_of(elements: Elements, url: str) -> str:
    """Return the base URL for the links of the page at *url*."""
    base = next(iter(elements.select("base[href]")), None)
    return (resolve_link(url, str(base["href"])) if base else None) or url


def resolve_link(base: str, href: str) -> str | None:
    """Return the target of a link on the page at *base*, or None if it stays on that page."""
    return None if href.strip()[:1] in ("", "#") else address(href, base)
