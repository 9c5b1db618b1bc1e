"""The category of a release, by template, class name, label or position."""

import re
from collections.abc import Iterable, Iterator

from bs4 import Tag

from crawler.extraction.fields.dates import role_of
from crawler.extraction.fields.regions import CATEGORY_LABEL, PageContext, other_selectors
from crawler.extraction.html.class_names import semantic_names_of
from crawler.extraction.html.parse import Block, Within, elements_in, text_of, tidy

# Categories seen: "Statistika", "Press information", "News Support for Ukraine".
_WORDS_MAX = 5
_CHARS_MAX = 40
# More than this in one element are a tag cloud.
_CATEGORIES_MAX = 5
# Elements before and after the title in which a category belongs to the release.
_ABOVE, _BELOW = 12, 40
_PROSE_CHARS_MIN = 100

_NAME = re.compile(
    r"(?:^|[-_])(?:categor(?:y|ies)|cats?|kategorij\w*|rubri\w*|temas?|terms|taxonomy|topics?|tags?|labels)(?:$|[-_])",
    re.IGNORECASE,
)
# A numeric date with its label, which may follow the previous word without a space.
_DAY = re.compile(
    r"(?:(?:publicēts|publicēšanas datums|published|posted|datums|date|дата|опубликовано)\s*+:?\s*+)?"
    r"\d{1,2}\s?[./]\s?\d{1,2}\s?[./]\s?\d{4}\.?(?:,?\s\d{1,2}:\d{2})?",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[|,;·•/\n]")
_OUTSIDE_NAME = re.compile(r"crumb|menu|\bnav|pathway")
_OUTSIDE = ("nav", "footer", "aside", "form", "ol")


def category_of(page: PageContext) -> str | None:
    """Return the category that the template's selectors find."""
    for selector in page.template.category:
        texts = [_strip_label(text_of(element)) for element in page.elements.select(selector)]
        kept = [text for text in dict.fromkeys(texts) if text and len(text) <= 2 * _CHARS_MAX]
        if kept:
            return ", ".join(kept)
    return None


def take_named_category(page: PageContext, heading: Tag | None) -> str | None:
    """Remove the element near *heading* whose class names categories, and return these.

    Elements that the template finds for another field are skipped.
    """
    other_fields = page.elements.select(*page.template.title, *other_selectors(page.template))
    is_other = Within({*map(id, other_fields), id(heading)})
    ancestors = {id(ancestor) for tag in other_fields for ancestor in tag.parents}
    for element in _elements_near(page, heading):
        if id(element) in ancestors or is_other(element):
            continue
        categories = _categories_in(element)
        if categories:
            element.extract()
            return ", ".join(categories)
    return None


def category_in(header: Iterable[str]) -> str | None:
    """Return the category among the lines after the title: a labelled one, else the first short line."""
    lines = list(header)
    labelled = (_strip_label(line) for line in lines if CATEGORY_LABEL.match(line))
    return next(labelled, None) or next(filter(is_category, lines), None)


def category_beside_date(opening: Iterable[Block]) -> str | None:
    """Return the categories on the line of a date: links, a labelled one, or several with separators.

    A single word is not a category: "Rīga, 12.03.2024." gives a place.
    """
    for block in opening:
        if len(tidy(block.element.get_text())) > 2 * _CHARS_MAX or not _DAY.search(block.text):
            continue
        texts = [text_of(tag) for tag in elements_in(block.element, ("a",))]
        texts = texts or [text for text in map(tidy, _MARKS.split(_DAY.sub("|", block.text))) if text]
        is_sure = len(texts) > 1 or block.linked or any(map(CATEGORY_LABEL.match, texts))
        categories = list(map(_strip_label, texts))
        if is_sure and len(categories) <= _CATEGORIES_MAX and all(map(is_category, categories)):
            return ", ".join(categories)
    return None


def is_category(text: str) -> bool:
    """Whether *text* may be the category between title and text."""
    short = len(text.split()) <= _WORDS_MAX and len(text) <= _CHARS_MAX
    return short and not re.search(r"[.!?:;,]$|\d{3}", text) and role_of(text) not in ("published", "updated")


def _elements_near(page: PageContext, heading: Tag | None) -> Iterator[Tag]:
    """Yield the elements near *heading*, up to the first paragraph, with a class name for categories."""
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


def _categories_in(element: Tag) -> list[str]:
    """Return the categories in *element*, one per innermost element; none if it has other text."""
    inner = elements_in(element, ("a", "li", "span", "div"))
    leaves = [tag for tag in inner if not any(isinstance(node, Tag) for node in tag.contents)] or [element]
    texts = [_strip_label(text_of(leaf)) for leaf in leaves]
    categories = [text for text in dict.fromkeys(texts) if text and not CATEGORY_LABEL.match(f"{text}: x")]
    whole = sum(map(len, texts)) >= 0.8 * len(tidy(element.get_text()))
    return (
        categories
        if whole and len(categories) <= _CATEGORIES_MAX and all(map(is_category, categories))
        else []
    )


def _strip_label(text: str) -> str:
    label = CATEGORY_LABEL.match(text)
    return text[label.end() :] if label else text
