"""Finds the elements with the text of a release, or the text itself by trafilatura."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

from bs4 import Tag

from crawler.extraction.file_access import own_files
from crawler.extraction.html.class_names import semantic_names_of
from crawler.extraction.html.parse import Block, Within, blocks, read_beginning, tidy
from crawler.extraction.html.selectors import Elements

# Shorter blocks are dates, labels and links.
PROSE_CHARS_MIN = 25
_HOLDERS = frozenset(("div", "section", "article", "main", "td", "center", "body", "form"))
# Wrappers are at most this many elements above their paragraphs.
_WRAPPERS_MAX = 3
# Class names for text. Elements that only share the names of a grid may have different subjects.
_TEXT_WORDS = ("paragraph", "text", "field", "content", "wysiwyg", "component")


def select_outermost(
    elements: Elements, selectors: Sequence[str], chars_min: int
) -> tuple[list[Tag], str] | None:
    """Return the outermost elements of the first of *selectors* that finds enough text, and the selector."""
    for selector in selectors:
        matches = elements.select(selector)
        is_match = Within({id(element) for element in matches})
        outermost = [tag for tag in matches if not is_match(tag.parent)]
        if _has_text(outermost, chars_min):
            return outermost, selector
    return None


def _has_text(tags: Sequence[Tag], chars_min: int) -> bool:
    """Whether *tags* together have *chars_min* characters of text; often the first block suffices."""
    chars = 0
    for tag in tags:
        between = 0
        for block in blocks(tag):
            chars += len(tidy(block.text)) + between
            between = 1
            if chars >= chars_min:
                return True
    return False


def densest_elements(candidates: Sequence[Block]) -> list[Tag]:
    """Return the element whose own paragraphs have most text, with its siblings of the same kind."""
    prose = [
        block
        for block in candidates
        if not block.is_heading and block.linked <= 0.5 and len(block.text) >= PROSE_CHARS_MIN
    ]
    lone = {key for key, count in Counter(id(block.element) for block in prose).items() if count == 1}
    beside = Counter(id(block.element.parent) for block in prose if id(block.element) in lone)
    # The parent of a paragraph scores twice as much as its grandparent.
    scores: Counter[int] = Counter()
    tags: dict[int, Tag] = {}
    for block in prose:
        # A div among others may serve as a paragraph.
        is_paragraph = id(block.element) in lone and beside[id(block.element.parent)] > 1
        around = block.element.parents if is_paragraph else (block.element, *block.element.parents)
        for weight, tag in zip((2, 1), (tag for tag in around if tag.name in _HOLDERS), strict=False):
            scores[id(tag)] += weight * len(block.text)
            tags[id(tag)] = tag
    if not scores:
        return []
    best = tags[max(scores, key=lambda key: scores[key])]
    return next((candidates for candidates in _sibling_groups(best, prose) if len(candidates) > 1), [best])


def _sibling_groups(tag: Tag, prose: Sequence[Block]) -> Iterator[list[Tag]]:
    """Yield *tag* with its siblings of the same kind that hold *prose*, then the same for each ancestor."""
    holding = {id(element) for block in prose for element in (block.element, *block.element.parents)}
    for _ in range(_WRAPPERS_MAX):
        if tag.parent is None or tag.name == "body":
            return
        siblings = tag.parent.find_all(tag.name, recursive=False)
        yield [
            sibling
            for sibling in siblings
            if sibling is tag or (id(sibling) in holding and _is_like(sibling, tag))
        ]
        tag = tag.parent


def _is_like(one: Tag, other: Tag) -> bool:
    """Whether both share a class name for text, and *one* is not a teaser."""
    shared = set(semantic_names_of(one)) & set(semantic_names_of(other))
    of_text = any(word in name.lower() for name in shared for word in _TEXT_WORDS)
    return of_text and not one.select_one("time, h1 a, h2 a, h3 a, h4 a")


# trafilatura's time grows with the square of their number.
BREAKS_MAX = 1_000
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
# From a short page trafilatura also extracts by its second method, which loads a hundred word lists.
_SHORT_PAGE = "<html><body><h1>Virsraksts</h1><p>Teksts, kas ir pavisam īss.</p></body></html>"


def general_text(text: str) -> tuple[str, ...]:
    """Return the paragraphs that trafilatura extracts from the page *text*."""
    load()
    extracted = _run_trafilatura(_without_surplus_breaks(read_beginning(text)))
    return tuple(line.removeprefix("- ") for line in (extracted or "").split("\n") if line.strip())


def _without_surplus_breaks(text: str) -> str:
    """Return *text* with newlines instead of the line breaks after the first BREAKS_MAX."""
    surplus = next(islice(_BREAK.finditer(text), BREAKS_MAX, None), None)
    return text if surplus is None else text[: surplus.start()] + _BREAK.sub("\n", text[surplus.start() :])


@cache
def load() -> None:
    """Load the files of trafilatura; only readers of a general template need them."""
    with own_files():
        _run_trafilatura(_SHORT_PAGE)


def _run_trafilatura(text: str) -> str | None:
    from trafilatura import extract  # noqa: PLC0415 (takes half a second)

    return extract(text, include_comments=False, include_tables=True)
