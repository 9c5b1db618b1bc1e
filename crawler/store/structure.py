"""The structure of a text: which of its characters are headings, lists, tables, emphasis and links."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, get_args
from urllib.parse import unquote

from crawler.store.database import StoreError
from crawler.urls import canonical
from preses_relizes.shared.masking import mask

RULES = 1
"""The version of the rules by which pages are read; raise it if they find any structure otherwise."""

BlockKind = Literal[
    "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "table", "tr", "th", "td", "img"
]
InlineKind = Literal["em", "strong", "a"]
SpanKind = Literal[BlockKind, InlineKind]
Numbering = Literal["1", "a", "A", "i", "I"]
_KINDS = frozenset((*get_args(BlockKind), *get_args(InlineKind)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The characters of a text from ``start`` to before ``end``, and the element that they are.

    An empty cell and an image have no characters.
    """

    start: int
    end: int
    kind: SpanKind
    href: str = ""
    """Of a link or image: where it leads, http or https."""
    text: str = ""
    """Of an image: its caption, which is not in the text."""
    columns: int = 1
    """Of a cell: how many columns it spans."""
    rows: int = 1
    """Of a cell: how many rows it spans."""
    first: int = 1
    """Of an ordered list: the number of its first item."""
    numbering: Numbering = "1"
    """Of an ordered list: how its items are numbered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """The spans of a body and of its lead, each in the order of a tree: what holds another comes first."""

    body: tuple[Span, ...] = ()
    lead: tuple[Span, ...] = ()
    """Emphasis and links only."""
    rules: int = RULES
    """The version of the rules by which the page was read."""


_DEFAULTS = {"href": "", "text": "", "columns": 1, "rows": 1, "first": 1, "numbering": "1"}


def dump_structure(structure: Structure) -> str:
    """Return *structure* as compact JSON."""
    spans = {"body": structure.body, "lead": structure.lead}
    record = {"rules": structure.rules} | {part: [*map(_record, own)] for part, own in spans.items() if own}
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _record(span: Span) -> list[object]:
    others = {name: value for name, usual in _DEFAULTS.items() if (value := getattr(span, name)) != usual}
    return [span.start, span.end, span.kind, *([others] if others else [])]


def load_structure(record: str | None) -> Structure | None:
    """Return the structure from the JSON of `dump_structure`; None if none was kept.

    Raises:
        StoreError: the record is damaged.
    """
    return None if record is None else _load(record)


@lru_cache(64)  # the structure of a release is read for its page and for each of its edits
def _load(record: str) -> Structure:
    try:
        known = json.loads(record)
        body, lead = ([*map(_span, known.get(part, ()))] for part in ("body", "lead"))
        return Structure(body=tuple(body), lead=tuple(lead), rules=int(known["rules"]))
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        message = f"a structure is damaged; restore the file from a backup: {record[:100]!r}"
        raise StoreError(message) from error


def _span(record: Sequence[object]) -> Span:
    start, end, kind, *others = record
    if kind not in _KINDS or not isinstance(start, int) or not isinstance(end, int):
        raise TypeError(record)
    return Span(start=start, end=end, kind=kind, **(others[0] if others else {}))  # type: ignore[arg-type] # a kind


def differ_in_meaning(older: str | None, newer: str | None) -> bool:
    """Whether the records of two structures of one text lead elsewhere, or set its tables otherwise.

    Headings, lists and emphasis are how a text is set: a new design of a site changes them on all pages.
    Structures that were read by different rules, or not at all, differ by our reading, not by an edit.
    """
    if older == newer or older is None or newer is None:
        return False
    before, after = _load(older), _load(newer)
    return before.rules == after.rules and [*_meaning(before)] != [*_meaning(after)]


def _meaning(structure: Structure) -> Iterator[tuple[object, ...]]:
    for spans in (structure.lead, structure.body):
        yield from (_of_span(span) for span in spans if span.kind in ("a", "tr", "th", "td"))
        yield ()


def _of_span(span: Span) -> tuple[object, ...]:
    if span.kind == "a":
        return "a", span.start, span.end, canonical(span.href)
    # A site may set a row apart as a heading without saying anything else.
    return ("tr",) if span.kind == "tr" else ("cell", span.start, span.end, span.columns, span.rows)


def shown_structure(record: str | None, lead: str, body: str) -> Structure | None:
    """Return the structure in *record* as it may be shown, of a text whose *lead* and *body* may be cut.

    Addresses and captions show no e-mail address that the text would not.

    Raises:
        StoreError: the record is damaged.
    """
    known = load_structure(record)
    if known is None:
        return None
    return replace(known, body=_shown(known.body, len(body)), lead=_shown(known.lead, len(lead)))


def _shown(spans: Iterable[Span], chars: int) -> tuple[Span, ...]:
    return tuple(
        replace(span, text=mask(span.text)) if span.text else span
        for span in clip(spans, chars)
        if not span.href or not _names_mailbox(span.href)
    )


def _names_mailbox(href: str) -> bool:
    # A number in an address is hardly ever that of a telephone.
    plain = re.sub(r"\d", "x", unquote(href))
    return mask(plain) != plain


def clip(spans: Iterable[Span], chars: int) -> tuple[Span, ...]:
    """Return *spans* of a text of which only the first *chars* characters are left."""
    return tuple(
        span if span.end <= chars else replace(span, end=chars) for span in spans if span.start <= chars
    )
