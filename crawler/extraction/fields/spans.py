"""Finds the structure of a text: the elements of the page from which its characters come."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import get_args
from urllib.parse import quote

from bs4 import Tag
from bs4.element import NavigableString

from crawler.extraction.fields.regions import PageContext, Regions, first_with_text
from crawler.extraction.fields.source_lines import LineStrings, SourceLine, source_lines
from crawler.extraction.html.parse import (
    HEADINGS,
    Block,
    Within,
    base_url_of,
    blocks,
    is_data_cell,
    resolve_link,
    tidy,
)
from crawler.store.structure import BlockKind, InlineKind, Numbering, Span, SpanKind, Structure
from crawler.urls import ADDRESS_CHARS_MAX

_LISTS = frozenset(("ul", "ol"))
_CELLS = frozenset(("td", "th"))
_INLINE: Mapping[str, InlineKind] = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "a": "a"}
_KINDS: Mapping[str, SpanKind] = {**{kind: kind for kind in get_args(BlockKind)}, **_INLINE}
_NUMBERINGS: Mapping[str, Numbering] = {kind: kind for kind in get_args(Numbering)}
# Smaller images are icons.
_IMAGE_PIXELS_MIN = 50
_IMAGES_MAX, _CAPTION_CHARS_MAX = 50, 300
# From a list within a list to the item that it belongs to.
_BESIDE_MAX = 10
# From an image to its figure, and to the text after it.
_WRAPPERS_MAX, _NODES_MAX = 4, 500
# Above these, browsers cut too. Source: https://html.spec.whatwg.org/multipage/tables.html
_COLUMNS_MAX, _ROWS_MAX = 1_000, 65_534
_ITEMS_MAX = 1_000_000
_IN_FRAGMENT = "%/!$&'()*+,;=:@~?"


def find_structure(page: PageContext, regions: Regions, lead: str, body: str) -> Structure:
    """Return the structure of *lead* and *body*, which were read from *regions*."""
    finder = _SpanFinder(page, regions.elements)
    images = finder.images()
    return Structure(
        body=finder.body(body, regions.sources or regions.body, images),
        lead=finder.lead(lead, regions) if lead else (),
    )


@dataclass(frozen=True, slots=True)
class _Holders:
    """The elements around a string that are kept, the outermost first."""

    blocks: tuple[Tag, ...] = ()
    inline: tuple[Tag, ...] = ()
    in_cell: bool = False
    """Whether they are in a cell of figures or phrases, within which blocks are not told apart."""


_NO_HOLDERS = _Holders()


@dataclass(slots=True)
class _Open:
    """A span that may not have ended yet."""

    key: tuple[int, int]
    tag: Tag
    start: int
    end: int
    cells: Iterator[Tag]
    """Of a row: those of its cells that were not passed."""


class _SpanFinder:
    """Finds the spans of the texts of one page."""

    def __init__(self, page: PageContext, tops: Sequence[Tag]) -> None:
        self._page = page
        self._tops = tops
        self._base: str | None = None
        self._known: dict[int, _Holders] = {id(tag): _NO_HOLDERS for tag in (*tops, page.elements.soup)}
        self._tables: dict[int, bool] = {}
        self._lines = LineStrings()
        self._targets: dict[int, str] = {}

    def body(self, text: str, sources: Sequence[Block], images: Sequence[Tag]) -> tuple[Span, ...]:
        """Return the spans of *text*, the lines of which are in *sources*, and of *images*."""
        found = _Spans(self)
        starts: dict[int, int] = {}  # of the top element around each string
        for line in source_lines(text, sources):
            for start, end, holders, string in self._parts(line):
                found.add(start, end, holders, line.start)
                if images and string is not None:
                    starts[id(string)] = found.top_start(line.paragraph)
        found.close(0)
        spans = [self._span(one) for one in found.all]
        return self._with_images(spans, images, starts, len(text)) if images else tuple(spans)

    def lead(self, text: str, regions: Regions) -> tuple[Span, ...]:
        """Return the emphasis and links of the lead, which is one line."""
        own = first_with_text(self._page.elements, self._page.template.lead)
        found, at = _Spans(self), 0
        for block in blocks(own[0]) if own else (*regions.header, *regions.body[:6]):
            if not text.startswith(tidy(block.text), at):
                continue
            for number, line in enumerate(block.text.split("\n")):
                for start, end, holders, _ in self._parts(SourceLine(at, at, line, block, number)):
                    found.add(start, end, _Holders(inline=holders.inline), 0)
                at += len(line) + 1
            if at >= len(text):
                break
        found.close(0)
        return tuple(map(self._span, found.all)) if at > len(text) else ()

    def images(self) -> list[Tag]:
        """Return the images in the elements of the body that show something."""
        if not self._tops:
            return []
        is_inside = Within({id(tag) for tag in self._tops})
        return [
            tag
            for tag in self._page.elements.select("img")
            if is_inside(tag) and not _is_icon(tag) and self.target(tag)
        ][:_IMAGES_MAX]

    def target(self, tag: Tag) -> str:
        """Return where a link or image leads, http or https; empty if it leads nowhere else."""
        known = self._targets.get(id(tag))
        if known is None:
            if self._base is None:
                self._base = base_url_of(self._page.elements, self._page.url)
            known = self._targets[id(tag)] = _address(tag, self._base)
        return known

    def holders(self, tag: Tag | None) -> _Holders:
        """Return the elements that are kept around the strings of *tag*, itself included."""
        if tag is None:
            return _NO_HOLDERS
        known = self._known.get(id(tag))
        if known is None:
            known = self._known[id(tag)] = self._extend(self.holders(_holder_of(tag)), tag)
        return known

    def _extend(self, around: _Holders, tag: Tag) -> _Holders:
        name = tag.name
        if name in _INLINE:
            kinds = [_INLINE[one.name] for one in around.inline]
            is_new = _INLINE[name] not in kinds and (name != "a" or self.target(tag))
            return _Holders(around.blocks, (*around.inline, tag), around.in_cell) if is_new else around
        if around.in_cell:
            return around
        if name in HEADINGS or name == "blockquote":
            return _Holders((*around.blocks, tag), around.inline)
        if name == "li" and tag.parent is not None and tag.parent.name in _LISTS:
            return _Holders((*around.blocks, tag.parent, tag), around.inline)
        row = tag.parent
        if name in _CELLS and row is not None and row.name == "tr":
            table = next((one for one in row.parents if one.name == "table"), None)
            if table is not None and self._is_data(table):
                return _Holders((*around.blocks, table, row, tag), around.inline, is_data_cell(tag))
        return around

    def _is_data(self, table: Tag) -> bool:
        known = self._tables.get(id(table))
        if known is None:
            known = self._tables[id(table)] = _has_data(table)
        return known

    def _parts(self, line: SourceLine) -> Iterator[tuple[int, int, _Holders, NavigableString | None]]:
        """Yield the parts of *line*: where each starts and ends, the elements around it, its string."""
        placed = self._lines.of(line)
        if placed is None:  # not in the page, or after a label
            around = self.holders(line.block.element) if line.block else _NO_HOLDERS
            yield line.start, line.start + len(line.text), around, None
            return
        for start, end, string in placed:
            yield start, end, self.holders(string.parent), string

    def _span(self, one: "_Open") -> Span:
        tag, kind = one.tag, _KINDS[one.tag.name]
        if kind == "a":
            return Span(start=one.start, end=one.end, kind=kind, href=self.target(tag))
        if kind in _CELLS:
            columns, rows = _number(tag, "colspan", _COLUMNS_MAX), _number(tag, "rowspan", _ROWS_MAX)
            return Span(start=one.start, end=one.end, kind=kind, columns=columns, rows=rows)
        if kind == "ol":
            first, numbering = (
                _number(tag, "start", _ITEMS_MAX),
                _NUMBERINGS.get(str(tag.get("type", "")), "1"),
            )
            return Span(start=one.start, end=one.end, kind=kind, first=first, numbering=numbering)
        return Span(start=one.start, end=one.end, kind=kind)

    def _with_images(
        self, spans: list[Span], images: Sequence[Tag], starts: Mapping[int, int], end: int
    ) -> tuple[Span, ...]:
        """Return *spans* with *images*, each before what it is in, or what follows it."""
        for image in reversed(images):
            at = _start_after(image, starts, end)
            own = Span(start=at, end=at, kind="img", href=self.target(image), text=_caption_of(image))
            # At the end, a table may have empty cells.
            place = len(spans) if at == end else bisect_left(spans, at, key=lambda span: span.start)
            spans.insert(place, own)
        return tuple(spans)


class _Spans:
    """Collects spans in the order of a tree from the parts of a text in reading order."""

    def __init__(self, finder: _SpanFinder) -> None:
        self._finder = finder
        self._open: list[_Open] = []
        self.all: list[_Open] = []

    def add(self, start: int, end: int, holders: _Holders, line: int) -> None:
        """Add the part from *start* to *end* of *line*, with which inline elements end."""
        tags = (*holders.blocks, *holders.inline)
        if not tags and not self._open:
            return
        keys = [(id(tag), -1) for tag in holders.blocks] + [(id(tag), line) for tag in holders.inline]
        shared = 0
        for one, key in zip(self._open, keys, strict=False):
            if one.key != key:
                break
            shared += 1
        self.close(shared)
        for key, tag in zip(keys[shared:], tags[shared:], strict=True):
            if tag.name in _CELLS:
                self._pass_cells(self._open[-1], start, before=tag)
            opened = _Open(key, tag, start, end, _cells_of(tag))
            self._open.append(opened)
            self.all.append(opened)
        for one in self._open:
            one.end = end

    def close(self, kept: int) -> None:
        """Close all but the *kept* outermost spans."""
        while len(self._open) > kept:
            one = self._open.pop()
            if one.tag.name == "tr":
                self._pass_cells(one, one.end)

    def top_start(self, paragraph: int) -> int:
        """Return where the outermost block starts that is open, or else the *paragraph*."""
        return min(paragraph, self._open[0].start) if self._open else paragraph

    def _pass_cells(self, row: _Open, at: int, before: Tag | None = None) -> None:
        """Add the empty cells of *row* that come next, as spans without characters."""
        for cell in row.cells:
            if cell is before:
                return
            self.all.append(_Open((id(cell), -1), cell, at, at, iter(())))


def _cells_of(row: Tag) -> Iterator[Tag]:
    return (cell for cell in row.contents if isinstance(cell, Tag) and cell.name in _CELLS)


def _holder_of(tag: Tag) -> Tag | None:
    """Return the element around *tag*; of a list within a list, the item before it."""
    around = tag.parent
    if tag.name in _LISTS and around is not None and around.name in _LISTS:
        before = islice(tag.previous_siblings, _BESIDE_MAX)
        return next((one for one in before if isinstance(one, Tag) and one.name == "li"), around)
    return around


def _has_data(table: Tag) -> bool:
    """Whether *table* has rows and columns of data: old pages use tables for layout."""
    if table.find("table") is not None:
        return False
    if table.find("th") is not None:
        return True
    rows, cells = table.find_all("tr"), table.find_all("td")
    return 1 < len(rows) < len(cells) and all(map(is_data_cell, cells))


def _address(tag: Tag, base: str) -> str:
    """Return the address in *tag*, a link or image, with its fragment; empty if it is on the page itself."""
    if tag.name == "img":
        sources = (str(tag.get(name, "")) for name in ("src", "data-src"))
        return next(filter(None, (resolve_link(base, source) for source in sources)), "")
    href = str(tag.get("href", ""))
    target = resolve_link(base, href) or ""
    fragment = quote(href.partition("#")[2].strip(), safe=_IN_FRAGMENT)
    is_long = len(target) + len(fragment) >= ADDRESS_CHARS_MAX
    return f"{target}#{fragment}" if target and fragment and not is_long else target


def _start_after(image: Tag, starts: Mapping[int, int], end: int) -> int:
    """Return where the text that follows *image* starts; *end* if none does."""
    following = (starts.get(id(node)) for node in islice(image.next_elements, _NODES_MAX))
    return next((at for at in following if at is not None), end)


def _caption_of(image: Tag) -> str:
    figure = next((one for one in islice(image.parents, _WRAPPERS_MAX) if one.name == "figure"), None)
    caption = figure.find("figcaption") if figure else None
    text = tidy(caption.get_text(" ")) if isinstance(caption, Tag) else ""
    return (text or tidy(str(image.get("alt", ""))))[:_CAPTION_CHARS_MAX]


def _number(tag: Tag, name: str, at_most: int) -> int:
    """Return the number in the attribute *name*, from 1; 1 if it has none."""
    text = str(tag.get(name, "")).strip()
    return max(1, min(int(text), at_most)) if re.fullmatch(r"[0-9]{1,9}", text) else 1


def _is_icon(image: Tag) -> bool:
    sizes = (str(image.get(side, "")).removesuffix("px") for side in ("width", "height"))
    return any(size.isascii() and size.isdigit() and int(size) < _IMAGE_PIXELS_MIN for size in sizes)
