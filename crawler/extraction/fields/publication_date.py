"""The publication date of a release, by the most trusted evidence on its page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from urllib.parse import urlsplit

from bs4 import Tag
from bs4.element import PageElement

from crawler.extraction.fields.dates import (
    parse_timestamp,
    publication_date_in,
    read_dates,
    role_of,
    update_date_in,
)
from crawler.extraction.fields.paragraphs import LEAD_CHARS_MIN, is_related
from crawler.extraction.fields.regions import PageContext, Regions
from crawler.extraction.html.class_names import semantic_names_of
from crawler.extraction.html.parse import BLOCKS, HEADINGS, Within, elements_in, text_of
from crawler.store import Confidence, DateSource

# A label in its own block: "Pēdējo reizi atjaunināts:".
_LABEL_CHARS_MAX = 40
# A line of dates and labels; a longer one is prose.
_LINE_CHARS_MAX = 150
_UPDATED_NAME = re.compile(
    r"updat|modif|atjaun|labot|expir|norise|deadline|(?<![a-z])(?:chang|event)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """The publication date with its source, confidence and rule."""

    day: date | None
    source: DateSource
    confidence: Confidence
    rule: str


def find_publication_date(page: PageContext, regions: Regions, title: str) -> PublicationDate:
    """Return the publication date by the most trusted evidence."""
    if page.meta.published:
        return PublicationDate(page.meta.published.day, "meta", "high", page.meta.published.rule)
    by_markup = (
        _find_by_time_element(page, regions)
        or _find_by_selector(page)
        or _find_by_label(page, regions)
        or _find_by_line(page, regions)
    )
    if by_markup:
        return by_markup
    hints = page.hints
    if hints and hints.published and hints.published <= page.latest and hints.source != "sitemap":
        return PublicationDate(hints.published, hints.source, "medium", hints.source)
    return _find_in_text(page, regions, title)


def _find_by_time_element(page: PageContext, regions: Regions) -> PublicationDate | None:
    chosen = [tag for selector in page.template.published for tag in page.elements.select(selector)]
    own = [tag for holder in chosen for tag in (holder, *elements_in(holder)) if tag.get("datetime")]
    for element in (*own, *_times_at_title(page, regions)):
        day = parse_timestamp(str(element["datetime"]), latest=page.latest)
        if day and not _is_of_something_else(element):
            return PublicationDate(day, "time", "high", "time[datetime]")
    return None


def _times_at_title(page: PageContext, regions: Regions) -> list[Tag]:
    """Return the time elements between title and text, then those just above the title."""
    prose = next((block for block in regions.body if len(block.text) >= LEAD_CHARS_MIN), None)
    is_near = Within({id(block.element) for block in regions.above[-4:]})
    after, before = [], []
    title = regions.above[-1].element if regions.above else None
    is_beside = Within(set(map(id, title.parents)) if title is not None else ())
    passed = title is None
    for tag in page.elements.all:
        if prose is not None and tag is prose.element:
            break
        passed = passed or tag is title
        if tag.name == "time" and tag.get("datetime"):
            if passed:
                after.append(tag)
            elif is_near(tag) or is_beside(tag.parent):
                before.append(tag)
    return after + before


def _is_of_something_else(element: Tag) -> bool:
    """Whether *element* dates an update or an event, by its names or adjacent words."""
    near = [element, *list(element.parents)[:2]]
    names = " ".join(
        name
        for tag in near
        for name in (*semantic_names_of(tag), *map(str, tag.get_attribute_list("itemprop")))
    )
    if _UPDATED_NAME.search(names) and "publish" not in names.lower():
        return True
    return role_of(_label_before(element)) in ("updated", "other")


def _label_before(element: Tag) -> str:
    """Return the words before *element* on its line, else the short block before it."""
    beside = list(takewhile(_is_inline, element.previous_siblings))
    words = " ".join(node.get_text(" ") for node in reversed(beside))
    previous = _element_before(element) or (element.parent and _element_before(element.parent))
    if words.strip() or previous is None or previous.name in HEADINGS:
        return words
    label = previous.get_text(" ", strip=True)
    # A line with its own date is not a label.
    return label if len(label) < _LABEL_CHARS_MAX and not re.search(r"\d", label) else ""


def _element_before(element: Tag) -> Tag | None:
    """Return the sibling element before *element*."""
    return next((node for node in element.previous_siblings if isinstance(node, Tag)), None)


def _is_inline(node: PageElement) -> bool:
    return not (isinstance(node, Tag) and node.name in BLOCKS)


def _find_by_selector(page: PageContext) -> PublicationDate | None:
    for selector in page.template.published:
        for element in page.elements.select(selector):
            reading = publication_date_in(text_of(element), latest=page.latest, order=page.order)
            if reading and not _is_of_something_else(element):
                source: DateSource = "label" if reading.role == "published" else "text"
                return PublicationDate(
                    reading.day, source, "high" if source == "label" else "medium", selector
                )
    return None


def _find_by_label(page: PageContext, regions: Regions) -> PublicationDate | None:
    for text in _lines_around_text(regions):
        label = re.split(r"\d", " ".join(text.split()[:2]), maxsplit=1)[0]
        if len(text) > _LINE_CHARS_MAX or role_of(label) == "unlabelled":
            continue
        reading = publication_date_in(text, latest=page.latest, order=page.order)
        if reading and reading.role == "published":
            return PublicationDate(reading.day, "label", "high", "labelled text")
    return None


def _find_by_line(page: PageContext, regions: Regions) -> PublicationDate | None:
    nearest = [*regions.header[:8], *regions.body[:3], *reversed(regions.above[-4:])]
    for block in nearest:
        for text in block.text.split("\n"):
            reading = (
                publication_date_in(text, latest=page.latest, order=page.order)
                if len(text) <= _LINE_CHARS_MAX
                else None
            )
            if reading:
                return PublicationDate(reading.day, "text", "medium", "date line")
    return None


def _find_in_text(page: PageContext, regions: Regions, title: str) -> PublicationDate:
    """Take the only date in the title or an opening paragraph, with low confidence."""
    archive = re.search(r"/((?:19|20)\d\d)/", urlsplit(page.url).path)
    year = int(archive[1]) if archive else None
    for text in (title, *(block.text for block in (*regions.header, *regions.body)[:3])):
        readings = read_dates(text, latest=page.latest, order=page.order, year=year)
        days = {reading.day: reading for reading in readings if reading.role in ("unlabelled", "published")}
        if len(days) == 1:
            [reading] = days.values()
            rule = "text, year of the path" if reading.inferred else "text"
            return PublicationDate(reading.day, "body", "low", rule)
    return PublicationDate(None, "none", "none", "none")


def _lines_around_text(regions: Regions) -> Iterator[str]:
    """Yield the lines around the text that may date its publication or update."""
    below = takewhile(lambda block: not is_related(block.text), regions.below[:20])
    for block in (*regions.header, *regions.body[:4], *regions.body[-3:], *regions.above[-6:], *below):
        yield from block.text.split("\n")


def find_update_date(page: PageContext, regions: Regions) -> date | None:
    """Return the date of the last update."""
    if page.meta.updated:
        return page.meta.updated.day
    own = (text_of(tag) for selector in page.template.updated for tag in page.elements.select(selector))
    for text in own:
        readings = read_dates(text, latest=page.latest, order=page.order)
        if readings:
            return readings[0].day
    lines = [text for text in _lines_around_text(regions) if len(text) <= _LINE_CHARS_MAX]
    days = (update_date_in(text, latest=page.latest, order=page.order) for text in lines)
    return next((day for day in days if day), None)
