"""The text of a release as HTML with its structure: headings, lists, tables and links, its matches marked.

No other tags than those written here are ever shown: all text is escaped, and addresses are http or https.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from index.history import Span, Structure
from index.results import Passage
from searcher.pages.release_text.marked_text import MarkedText
from searcher.snippets import highlight, link_to

_INLINE = frozenset(("a", "em", "strong"))
# Spans that are only directly in others, and those that may hold all the others.
_HELD_BY = {"li": ("ul", "ol"), "tr": ("table",), "td": ("tr",), "th": ("tr",)}
_HOLDERS = frozenset(("li", "blockquote", "td", "th"))
# The title of the page is its h1.
_TOP_LEVEL, _LAST_LEVEL = 2, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLabels:
    """What the interface says of parts of a text."""

    related: str = ""
    """Of a related word; `%(word)s` becomes the typed one."""
    paragraph: str = ""
    """Of a link to a paragraph; `%(number)s` becomes its number. Empty: paragraphs have no addresses here."""
    image: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class TextHtml:
    """Lead and text of a release as HTML."""

    lead: Markup
    body: Markup


@dataclass(slots=True)
class _Node:
    """A block with those within it."""

    span: Span
    children: list["_Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What a block has of a paragraph."""

    number: int
    """Of the paragraph, from 0."""
    start: int
    end: int
    is_first: bool
    """Whether the paragraph starts with it."""


def text_html(text: MarkedText, structure: Structure | None, labels: TextLabels) -> TextHtml:
    """Return *text* as HTML with *structure*; the paragraph of its first match has one of the id `match`."""
    spans = structure or Structure()
    lead = _TextWriter((text.lead,), spans.lead, labels, None)
    body = _TextWriter(text.paragraphs, spans.body, labels, text.first_match)
    return TextHtml(
        lead=Markup(lead.line(_Stretch(0, 0, len(text.lead.text), is_first=False))),  # noqa: S704 - each part is escaped or ours
        body=Markup("".join(body.write())),  # noqa: S704 - as above
    )


class _TextWriter:
    """Writes one text, from its first paragraph to its last."""

    def __init__(
        self, paragraphs: Sequence[Passage], spans: Sequence[Span], labels: TextLabels, match: int | None
    ) -> None:
        self._paragraphs, self._labels, self._match = paragraphs, labels, match
        self._starts = [0]
        for passage in paragraphs:
            self._starts.append(self._starts[-1] + len(passage.text) + 2)
        self._inline = [span for span in spans if span.kind in _INLINE]
        self._inline_starts = [span.start for span in self._inline]
        self._blocks = _tree(span for span in spans if span.kind not in _INLINE)
        self._levels: list[str] = []  # of the open headings, as the site has them

    def write(self) -> Iterator[str]:
        """Yield the text in parts."""
        yield from self._flow(self._blocks, 0, self._starts[-1])

    def _flow(self, nodes: Iterable[_Node], start: int, end: int) -> Iterator[str]:
        """Yield what is from *start* to *end*: *nodes* and the paragraphs between them."""
        for node in nodes:
            yield from self._plain(start, node.span.start)
            yield from self._block(node)
            start = node.span.end
        yield from self._plain(start, end)

    def _plain(self, start: int, end: int) -> Iterator[str]:
        for piece in self._pieces(start, end):
            yield f'<p dir="auto"{self._id(piece)}>{self.line(piece)}{self._anchor(piece)}</p>\n'

    def _block(self, node: _Node) -> Iterator[str]:
        span = node.span
        match span.kind:
            case "ul" | "ol":
                yield from self._list(node)
            case "table":
                yield from self._table(node)
            case "img":
                yield self._image(span)
            case "blockquote":
                yield "<blockquote>"
                yield from self._flow(node.children, span.start, span.end)
                yield "</blockquote>\n"
            case _:
                name = self._heading_name(span.kind)
                for piece in self._pieces(span.start, span.end):
                    yield f'<{name} dir="auto"{self._id(piece)}>{self.line(piece)}</{name}>\n'

    def _heading_name(self, kind: str) -> str:
        """Return the heading of the page for one of the site; no level is left out below the title."""
        while self._levels and self._levels[-1] >= kind:
            self._levels.pop()
        self._levels.append(kind)
        return f"h{min(_TOP_LEVEL + len(self._levels) - 1, _LAST_LEVEL)}"

    def _list(self, node: _Node) -> Iterator[str]:
        span = node.span
        start = f' start="{span.first}"' if span.first != 1 else ""
        numbering = f' type="{escape(span.numbering)}"' if span.numbering != "1" else ""
        yield f"<{span.kind}{start}{numbering}>\n"
        for item in node.children:
            yield from self._item(item)
        yield f"</{span.kind}>\n"

    def _item(self, node: _Node) -> Iterator[str]:
        start, end = node.span.start, node.span.end
        own = list(self._pieces(start, node.children[0].span.start if node.children else end))
        if len(own) == 1:
            [piece] = own
            yield f'<li dir="auto"{self._id(piece)}>{self.line(piece)}{self._anchor(piece)}'
            start = piece.end
        else:
            yield "<li>"
        yield from self._flow(node.children, start, end)
        yield "</li>\n"

    def _table(self, node: _Node) -> Iterator[str]:
        label = f' aria-label="{escape(self._labels.table)}"' if self._labels.table else ""
        # A wide table scrolls by itself, by keys too.
        yield f'<div class="scrolled" role="group" tabindex="0"{label}><table class="amounts">\n'
        for row in node.children:
            pieces = list(self._pieces(row.span.start, row.span.end))
            yield f"<tr{self._id(pieces[0]) if pieces else ''}>"
            scope = "col" if all(cell.span.kind == "th" for cell in row.children) else "row"
            for cell in row.children:
                yield from self._cell(cell, scope)
            yield "</tr>\n"
        yield "</table></div>\n"

    def _cell(self, node: _Node, scope: str) -> Iterator[str]:
        span = node.span
        name = span.kind if span.start < span.end else "td"  # an empty header names nothing
        wide = f' colspan="{span.columns}"' if span.columns > 1 else ""
        high = f' rowspan="{span.rows}"' if span.rows > 1 else ""
        yield f"<{name}{wide}{high}{f' scope={scope}' if name == 'th' else ''}>"
        if node.children:
            yield from self._flow(node.children, span.start, span.end)
        else:
            yield "<br>\n".join(map(self.line, self._pieces(span.start, span.end)))
        yield f"</{name}>"

    def _image(self, span: Span) -> str:
        opening, closing = _link(span)
        shown = escape(f"{self._labels.image}: {span.text}" if span.text else self._labels.image)
        return f'<p class="image">{opening}{shown}{closing}</p>\n'

    def _pieces(self, start: int, end: int) -> Iterator[_Stretch]:
        """Yield what the paragraphs have from *start* to *end*."""
        number = max(0, bisect_right(self._starts, start) - 1)
        while number < len(self._paragraphs) and self._starts[number] < end:
            first = self._starts[number]
            piece = _Stretch(
                number,
                max(first, start),
                min(first + len(self._paragraphs[number].text), end),
                is_first=start <= first,
            )
            if piece.start < piece.end:
                yield piece
            number += 1

    def _id(self, piece: _Stretch) -> str:
        return f' id="p{piece.number + 1}"' if self._labels.paragraph and piece.is_first else ""

    def _anchor(self, piece: _Stretch) -> str:
        if not self._labels.paragraph:
            return ""
        label = escape(self._labels.paragraph % {"number": piece.number + 1})
        return f'<a class="anchor" href="#p{piece.number + 1}" aria-label="{label}"></a>'

    # --- within a line ---

    def line(self, piece: _Stretch) -> str:
        """Return the characters of *piece* with links, emphasis and marks."""
        at = bisect_left(self._inline_starts, piece.start)
        end = bisect_left(self._inline_starts, piece.end)
        inner = [span for span in self._inline[at:end] if span.end <= piece.end]
        target = '<span id="match"></span>' if self._is_match(piece) else ""
        return target + "".join(self._styled(inner, piece.start, piece.end, piece.number))

    def _is_match(self, piece: _Stretch) -> bool:
        """Whether the first match of the text is in *piece*."""
        if self._match != piece.number + 1:
            return False
        start, end = piece.start - self._starts[piece.number], piece.end - self._starts[piece.number]
        return start <= self._paragraphs[piece.number].marks[0][0] < end

    def _styled(self, spans: Sequence[Span], start: int, end: int, number: int) -> Iterator[str]:
        """Yield the characters from *start* to *end* of the paragraph *number*, styled by *spans* within."""
        at = 0
        while at < len(spans):
            span = spans[at]
            after = at + 1
            while after < len(spans) and spans[after].end <= span.end and spans[after].start < span.end:
                after += 1
            yield self._marked(start, span.start, number)
            opening, closing = _tags_of(span)
            yield opening
            yield from self._styled(spans[at + 1 : after], span.start, span.end, number)
            yield closing
            start, at = span.end, after
        yield self._marked(start, end, number)

    def _marked(self, start: int, end: int, number: int) -> str:
        """Return the characters from *start* to *end* of the paragraph *number*, escaped, matches marked."""
        if start >= end:
            return ""
        whole, first = self._paragraphs[number], self._starts[number]
        start, end = start - first, end - first
        begin = bisect_right(whole.marks, start, key=lambda mark: mark[1])
        stop = bisect_left(whole.marks, end, key=lambda mark: mark[0])
        marks = tuple((max(a, start) - start, min(b, end) - start) for a, b in whole.marks[begin:stop])
        part = Passage(whole.text[start:end], marks, whole.related_to[begin:stop])
        return str(highlight(part, self._labels.related)).replace("\n", "<br>\n")


def _tags_of(span: Span) -> tuple[str, str]:
    if span.kind != "a":
        return f"<{span.kind}>", f"</{span.kind}>"
    return _link(span)


def _link(span: Span) -> tuple[str, str]:
    """Return the tags of a link; none if its address is not http or https."""
    href = link_to(span.href, None)
    return (f'<a href="{escape(href)}" rel="nofollow noopener">', "</a>") if href else ("", "")


def _tree(spans: Iterable[Span]) -> list[_Node]:
    """Return *spans*, in the order of a tree, as trees; one that is not where it may be is left out."""
    roots: list[_Node] = []
    around: list[_Node] = []
    for span in spans:
        while around and not _may_hold(around[-1].span, span):
            around.pop()
        if not around and span.kind in _HELD_BY:
            continue
        node = _Node(span)
        (around[-1].children if around else roots).append(node)
        around.append(node)
    return roots


def _may_hold(outer: Span, inner: Span) -> bool:
    is_within = outer.start <= inner.start and inner.end <= outer.end
    return is_within and outer.kind in _HELD_BY.get(inner.kind, _HOLDERS)
