"""The category of a release: where a template, a name in the mark-up, a label or a place says it."""

import re
from collections.abc import Iterable, Iterator

from bs4 import Tag

from crawler.extraction.fields.dates import role_of
from crawler.extraction.fields.regions import CATEGORY_LABEL, PageContext, other_selectors
from crawler.extraction.html.class_names import semantic_names_of
from crawler.extraction.html.parse import Block, Within, elements_in, text_of, tidy

# Rubrics seen: "Statistika", "Press information", "News Support for Ukraine".
_WORDS_MAX = 5
_CHARS_MAX = 40
# As many in one element; more are a cloud of tags.
_RUBRICS_MAX = 5
# Elements above the title and below it among which a rubric is the release's own.
_ABOVE, _BELOW = 12, 40
_PROSE_CHARS_MIN = 100

_NAME = re.compile(
    r"(?:^|[-_])(?:categor(?:y|ies)|cats?|kategorij\w*|rubri\w*|temas?|terms|taxonomy|topics?|tags?|labels)(?:$|[-_])",
    re.IGNORECASE,
)
# A day in figures with its label, which may follow the word before it without a space.
_DAY = re.compile(
    r"(?:(?:publicēts|publicēšanas datums|published|posted|datums|date|дата|опубликовано)\s*+:?\s*+)?"
    r"\d{1,2}\s?[./]\s?\d{1,2}\s?[./]\s?\d{4}\.?(?:,?\s\d{1,2}:\d{2})?",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[|,;·•/\n]")
_OUTSIDE_NAME = re.compile(r"crumb|menu|\bnav|pathway")
_OUTSIDE = ("nav", "footer", "aside", "form", "ol")


def category_of(page: PageContext) -> str | None:
    """Return the rubric that the template points to."""
    for selector in page.template.category:
        texts = [_strip_label(text_of(element)) for element in page.elements.select(selector)]
        kept = [text for text in dict.fromkeys(texts) if text and len(text) <= 2 * _CHARS_MAX]
        if kept:
            return ", ".join(kept)
    return None


def take_named_category(page: PageContext, heading: Tag | None) -> str | None:
    """Take the element near *heading* whose name says that it holds rubrics off the page, and return them.

    What the template's selectors find for another field is none.
    """
    found = page.elements.select(*page.template.title, *other_selectors(page.template))
    is_other = Within({*map(id, found), id(heading)})
    around = {id(around) for tag in found for around in tag.parents}
    for element in _near(page, heading):
        if id(element) in around or is_other(element):
            continue
        rubrics = _rubrics(element)
        if rubrics:
            element.extract()
            return ", ".join(rubrics)
    return None


def category_in(header: Iterable[str]) -> str | None:
    """Return the rubric among the lines between title and text: the labelled, else the first short one."""
    lines = list(header)
    labelled = (_strip_label(line) for line in lines if CATEGORY_LABEL.match(line))
    return next(labelled, None) or next(filter(is_category, lines), None)


def category_beside_date(opening: Iterable[Block]) -> str | None:
    """Return the rubrics that share a line with a day: links, a labelled one, or several with marks between.

    A single word is none: "Rīga, 12.03.2024." says where.
    """
    for block in opening:
        if len(tidy(block.element.get_text())) > 2 * _CHARS_MAX or not _DAY.search(block.text):
            continue
        texts = [text_of(tag) for tag in elements_in(block.element, ("a",))]
        texts = texts or [text for text in map(tidy, _MARKS.split(_DAY.sub("|", block.text))) if text]
        is_sure = len(texts) > 1 or block.linked or any(map(CATEGORY_LABEL.match, texts))
        rubrics = list(map(_strip_label, texts))
        if is_sure and len(rubrics) <= _RUBRICS_MAX and all(map(is_category, rubrics)):
            return ", ".join(rubrics)
    return None


def is_category(text: str) -> bool:
    """Whether *text* may be the rubric that stands between title and text."""
    short = len(text.split()) <= _WORDS_MAX and len(text) <= _CHARS_MAX
    return short and not re.search(r"[.!?:;,]$|\d{3}", text) and role_of(text) not in ("published", "updated")


def _near(page: PageContext, heading: Tag | None) -> Iterator[Tag]:
    """Yield the elements around *heading*, to the first paragraph, that are named like a rubric."""
    everything = page.elements.all
    at = next((at for at, element in enumerate(everything) if element is heading), None)
    if at is None or heading is None:
        return
    around = {id(element) for element in heading.parents}
    for element in everything[max(0, at - _ABOVE) : at + _BELOW]:
        if element.name == "p" and len(element.get_text()) >= _PROSE_CHARS_MIN:
            return
        named = bool(element.attrs) and any(map(_NAME.search, semantic_names_of(element)))
        outer = (tag for tag in element.parents if id(tag) not in around)
        if named and id(element) not in around and not any(map(_is_outside, outer)):
            yield element


def _is_outside(tag: Tag) -> bool:
    return tag.name in _OUTSIDE or bool(_OUTSIDE_NAME.search(" ".join(semantic_names_of(tag))))


def _rubrics(element: Tag) -> list[str]:
    """Return the rubrics in *element*, one for each innermost element; none where there is other text."""
    inner = elements_in(element, ("a", "li", "span", "div"))
    leaves = [tag for tag in inner if not any(isinstance(node, Tag) for node in tag.contents)] or [element]
    texts = [_strip_label(text_of(leaf)) for leaf in leaves]
    rubrics = [text for text in dict.fromkeys(texts) if text and not CATEGORY_LABEL.match(f"{text}: x")]
    whole = sum(map(len, texts)) >= 0.8 * len(tidy(element.get_text()))
    return rubrics if whole and len(rubrics) <= _RUBRICS_MAX and all(map(is_category, rubrics)) else []


def _strip_label(text: str) -> str:
    label = CATEGORY_LABEL.match(text)
    return text[label.end() :] if label else text
