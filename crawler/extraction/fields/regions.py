"""A parsed page, and its text in regions around title and body."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice, takewhile

from bs4 import Tag

from crawler.config import DateOrder, Site, Template
from crawler.extraction.fields.body import densest_elements, general_text, select_outermost
from crawler.extraction.fields.dates import is_day_alone, read_dates, role_of
from crawler.extraction.fields.metadata import Metadata
from crawler.extraction.html.class_names import semantic_names_of
from crawler.extraction.html.parse import Block, Within, blocks, text_of, tidy
from crawler.extraction.html.selectors import Elements
from crawler.extraction.job import DiscoveredUrl

# Title and text together; soft errors and empty pages have less.
TEXT_CHARS_MIN = 40
# A date or category with its label; a selector that finds more has found something else.
_MARK_CHARS_MAX = 100
# Captions, and elements that look the same as text.
_CAPTIONS = ("figcaption", ".field--name-field-image")
_CAPTION_NAMED = (
    "[class*=caption]",
    "[class*=photo-credit]",
    "[class*=image-description]",
    "[class*=copyright]",
)
_CAPTION_NAME = re.compile(
    r"(?:^|[-_])(?:\w{0,5}captions?|photo-credits?|image-descriptions?|copyrights?)(?:$|[-_\d])",
    re.IGNORECASE,
)
# An element with more text has the name for another reason.
_CAPTION_CHARS_MAX = 300
# "Pēdējo reizi atjaunots".
_LABEL_WORDS_MAX = 3
CATEGORY_LABEL = re.compile(
    r"\W*(?:kategorij\w+|rubrika\w*|tēmas?|sadaļa|categor(?:y|ies)|section|topics?|категори[яи]|рубрик[аи]|раздел"
    r"|тем[аы])\s*:\s*(?=\w)",
    re.IGNORECASE,
)
_BODY = ("[itemprop=articleBody]",)
GENERAL_TEXT = "trafilatura"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """A parsed page and all that the extractor knows of it."""

    text: str
    elements: Elements
    url: str
    site: Site
    template: Template
    meta: Metadata
    latest: date
    order: DateOrder
    hints: DiscoveredUrl | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """The text of a page by region: above the title, between title and body, in the body, below it."""

    above: tuple[Block, ...]
    header: tuple[Block, ...]
    body: tuple[Block, ...]
    below: tuple[Block, ...]
    body_rule: str
    elements: tuple[Tag, ...] = ()
    """The elements that hold the body; none if trafilatura found its text."""
    sources: tuple[Block, ...] = ()
    """Without such elements: the blocks in which that text is, too."""


def first_with_text(elements: Elements, selectors: Sequence[str]) -> tuple[Tag, str] | None:
    """Return the first element with text, by the first selector that finds one, and that selector."""
    for selector in selectors:
        for element in elements.select(selector):
            if element.name == "meta" or element.get("datetime") or element.get_text(strip=True):
                return element, selector
    return None


def find_regions(page: PageContext, heading: Tag | None) -> Regions:
    """Return the text of the page in regions around *heading* and the body elements."""
    root = page.elements.body
    everything = list(_join_labels(blocks(root, _select_separate(page, heading))))
    is_title = Within({id(heading)} if heading else ())
    start = next((at for at, block in enumerate(everything) if is_title(block.element)), -1)
    bodies, rule = _select_bodies(page, everything[start + 1 :])
    if not bodies:
        return _general_regions(page, everything, start)
    is_inside = Within({id(element) for element in bodies})
    inside = [is_inside(block.element) for block in everything]
    # The title may follow the whole text.
    after = start if any(inside[start + 1 :]) else -1
    placed = [is_body and at > after and at != start for at, is_body in enumerate(inside)]
    first = placed.index(True) if True in placed else len(everything)
    last = len(placed) - placed[::-1].index(True) if True in placed else len(everything)
    return Regions(
        above=tuple(everything[: start + 1 if heading else first]),
        header=tuple(everything[start + 1 : first] if heading else ()),
        body=tuple(block for block, is_body in zip(everything, placed, strict=True) if is_body),
        below=tuple(everything[last:]),
        body_rule=rule,
        elements=tuple(bodies),
    )


def _join_labels(everything: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks; a label in its own block is joined with the block it labels."""
    label: Block | None = None
    for block in everything:
        if label and _belongs_to_label(block, label):
            yield replace(block, text=f"{label.text.rstrip(': ')}: {block.text}")
            label = None
            continue
        if label:
            yield label
        label = block if _is_label(block) else None
        if not label:
            yield block
    if label:
        yield label


def _is_label(block: Block) -> bool:
    """Whether *block* is the label of a date or category in the next block."""
    words = len(block.text.split())
    marked = block.element.name == "dt" or block.text.endswith(":") or words == 1
    if block.is_heading or words > _LABEL_WORDS_MAX or not marked:
        return False
    return role_of(block.text) != "unlabelled" or _is_category_label(block.text)


def _is_category_label(text: str) -> bool:
    return bool(CATEGORY_LABEL.match(f"{text.rstrip(': ')}: x"))


def _belongs_to_label(block: Block, label: Block) -> bool:
    if len(block.text) >= _MARK_CHARS_MAX or block.is_heading:
        return False
    if _is_category_label(label.text):
        return True
    is_known = role_of(label.text.rstrip(": ")) != "unlabelled"
    return bool(read_dates(block.text, latest=date.max)) if is_known else is_day_alone(block.text)


def _general_regions(page: PageContext, everything: Sequence[Block], start: int) -> Regions:
    """Return the regions of a page whose body trafilatura finds; blocks next to the title are the header."""
    texts = general_text(page.text)
    whole = tidy(" ".join(texts))
    root = page.elements.soup
    near = takewhile(lambda block: not _is_part_of(block, texts, whole), everything[start + 1 : start + 6])
    return Regions(
        above=tuple(everything[: start + 1]),
        header=tuple(near),
        body=tuple(Block(text=text, element=root, linked=0.0) for text in texts),
        below=(),
        body_rule=GENERAL_TEXT if texts else "none",
        sources=tuple(everything[start + 1 :]),
    )


def _is_part_of(block: Block, texts: Sequence[str], whole: str) -> bool:
    """Whether *block* is one of the paragraphs *texts*, or a part of *whole*, the text of all of them."""
    return block.text in texts or (len(block.text) >= TEXT_CHARS_MIN and tidy(block.text) in whole)


def _select_separate(page: PageContext, heading: Tag | None) -> Iterator[Tag]:
    """Yield the elements that are read separately from the text, or not at all."""
    template = page.template
    around = set(map(id, heading.parents)) if heading else set()
    read = page.elements.select(*template.captions, *_CAPTIONS, *template.lead, *template.contact)
    yield from (tag for tag in read if id(tag) not in around)
    texts = page.elements.select(*body_selectors(template))
    around |= {id(holder) for text in texts for holder in (text, *text.parents)}
    named = (tag for tag in page.elements.select(*_CAPTION_NAMED) if _is_named_caption(tag))
    yield from (tag for tag in named if id(tag) not in around)
    marks = page.elements.select(*template.category, *template.published, *template.updated)
    yield from (tag for tag in marks if len(text_of(tag)) < _MARK_CHARS_MAX)


def _is_named_caption(tag: Tag) -> bool:
    named = any(map(_CAPTION_NAME.search, semantic_names_of(tag)))
    beginning = islice(chain.from_iterable(tag.strings), _CAPTION_CHARS_MAX + 1)
    return named and sum(1 for _ in beginning) <= _CAPTION_CHARS_MAX


def body_selectors(template: Template) -> tuple[str, ...]:
    """Return the selectors of the body; the first that finds text wins."""
    # trafilatura returns clean text; an element marked as article also holds bylines and sharing links.
    return template.body if template.general else (*template.body, *_BODY)


def other_selectors(template: Template) -> tuple[str, ...]:
    """Return the selectors of all fields except title and category."""
    return (
        *body_selectors(template),
        *template.lead,
        *template.published,
        *template.updated,
        *template.contact,
        *template.attachments,
    )


def _select_bodies(page: PageContext, after_title: Sequence[Block]) -> tuple[list[Tag], str]:
    selected = select_outermost(page.elements, body_selectors(page.template), TEXT_CHARS_MIN)
    if selected or page.template.general:
        return selected or ([], "none")
    dense = densest_elements(after_title)
    return dense, "densest text" if dense else "none"
