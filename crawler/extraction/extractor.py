"""Extracts the release on a page by its template; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from bs4 import Tag

from crawler.config import Language, Template
from crawler.extraction.boilerplate import match_template, remove_boilerplate
from crawler.extraction.discovery.list_page import has_release_path, is_list, rows_on
from crawler.extraction.error_pages import is_error_page, is_output
from crawler.extraction.fields.category import (
    category_beside_date,
    category_in,
    category_of,
    take_named_category,
)
from crawler.extraction.fields.contact_block import ContactSplit, split_contacts
from crawler.extraction.fields.dates import fold
from crawler.extraction.fields.language import declared_language, language_of
from crawler.extraction.fields.links import attachments_of, canonical_of, translations_of
from crawler.extraction.fields.metadata import metadata
from crawler.extraction.fields.paragraphs import header_and_body, is_machine_translated, lead_of, without_lead
from crawler.extraction.fields.publication_date import (
    PublicationDate,
    find_publication_date,
    find_update_date,
)
from crawler.extraction.fields.regions import (
    GENERAL_TEXT,
    TEXT_CHARS_MIN,
    PageContext,
    Regions,
    find_regions,
    first_with_text,
)
from crawler.extraction.fields.spans import find_structure
from crawler.extraction.fields.title import AT_DATE, first_words, heading_of, title_of
from crawler.extraction.html.parse import Block, Within, blocks, parse_html
from crawler.extraction.html.selectors import Elements
from crawler.extraction.job import ExtractionJob
from crawler.extraction.robots_meta import refuses_index
from crawler.page import ROBOTS_TAG
from crawler.store import Release
from crawler.store.structure import dump_structure
from crawler.urls import without_tracking
from preses_relizes.shared.calendar import riga_day

# A page is a list page if it has this many rows with this share of its text.
LIST_ROWS_MIN = 3
LIST_SHARE = 0.5
# About a hundred printed pages. A longer text is an annex or a trap; its beginning is enough for search.
BODY_CHARS_MAX = 200_000

# A page without a title needs this much text to be a release.
UNTITLED_CHARS_MIN = 400

# Matches whole titles: "404 jauni policisti" and "Ceļu apkopes darbi" are releases.
_NO_RELEASE = re.compile(
    r"(?:http |error |kluda |ошибка )*(?:40[0134]|410|50[0234])"
    r"(?:\W+(?:not found|forbidden|error|kluda|ошибка|lapa.*|page.*|страница.*|bad gateway|service.*))?"
    r"|(?:sada |si |diemzel,? )?(?:mekleta |pieprasita )?(?:lapa|saturs|dokuments|raksts)"
    r" (?:nav|netika) atrast[as]"
    r"|(?:sorry,? )?(?:the |this )?(?:requested )?(?:page|document|content)(?: you requested)?"
    r" (?:was |is |could )?not (?:be )?found"
    r"|not found|страница не наидена|access denied|pieeja liegta|piekluve liegta|доступ запрещен"
    r"|error|kluda|ошибка|log ?in|sign in|user login|pieslegties|pieslegsanas|autorizacija|ienakt|вход"
    r"|(?:(?:the |this )?(?:web)?site is |vietn[ea] |majaslapa )?(?:notiek |currently )?"
    r"(?:under maintenance|(?:tehniskie |planotie )?apkopes darbi)|service unavailable"
    r"|(?:meklesanas rezultati|search results|результаты поиска)(?:\W.*)?"
)


class ExtractionError(Exception):
    """A page is not a release; the message gives its URL and the reason."""


class UnreadError(ExtractionError):
    """A page that its template recognises as a release cannot be read as one."""


class ErrorPageError(ExtractionError):
    """A page is a known error page of a firewall, a server or a system, whatever its status."""


class IndexRefusedError(ExtractionError):
    """A release asks not to be indexed; `release` is what it says, for whoever must know that it is one."""

    def __init__(self, message: str, release: Release) -> None:
        super().__init__(message)
        self.release = release


def extract(text: str, job: ExtractionJob) -> Release:
    """Return the release on the page of *job*, whose decoded body is *text*.

    Raises:
        UnreadError: its template recognises a release but cannot read it.
        IndexRefusedError: it asks not to be indexed.
        ErrorPageError: it is a known error page.
        ExtractionError: it is not a release.
    """
    url, fetched = job.page.url, job.page.fetched
    latest = riga_day(fetched)
    elements = parse_html(text)
    meta = metadata(elements, url, latest=latest)
    template = _choose_template(elements, job, latest)
    language = declared_language(url, meta.language) or "lv"
    page = PageContext(
        text=text,
        elements=elements,
        url=url,
        site=job.site,
        template=template,
        meta=meta,
        latest=latest,
        order=template.date_order.get(language, "DMY"),
        hints=job.hints,
    )
    release = _extract_fields(page, language)
    # Checked last: login and error pages ask for it too, and are not releases.
    if refuses_index(job.page.headers.get(ROBOTS_TAG, ""), elements, job.robot, fetched):
        raise IndexRefusedError(f"{url}: asks not to be indexed (robots or X-Robots-Tag)", release)
    return release


def _extract_fields(page: PageContext, declared: Language) -> Release:
    is_recognised = first_with_text(page.elements, page.template.release) is not None
    heading_and_rule = heading_of(page)
    heading = heading_and_rule[0] if heading_and_rule else None
    title, title_rule = title_of(page, heading_and_rule)
    rows = _find_rows(page)
    if _is_in_list(page, heading_and_rule, rows):
        raise ExtractionError(f"{page.url}: a list page")
    # On a site with a template of its own, a missing title means that the template is outdated.
    if not title and (rows or not page.template.general):
        raise _unread_error(
            f"{page.url}: {'a list page' if rows else 'no title'}", is_recognised and not rows
        )
    matches = match_template(page, heading)
    named = take_named_category(page, heading)
    is_translated = is_machine_translated(page.elements)
    page = replace(page, elements=remove_boilerplate(page, matches))
    regions = find_regions(page, heading)
    around = set(map(id, heading.parents if heading else ()))
    if _is_list(page, regions, [row for row in rows if id(row) not in around]):
        raise ExtractionError(f"{page.url}: a list page")
    published = find_publication_date(page, regions, title)
    category = category_of(page) or named
    header, paragraphs = header_and_body(page, regions, {title, category or ""})
    parts = split_contacts(paragraphs)
    lead, lead_rule = lead_of(page, regions, split_contacts(header).body, parts.body)
    body = "\n\n".join(without_lead(parts.body, lead))[:BODY_CHARS_MAX]
    if not title:
        title, title_rule = _title_from_text(page, lead or body), "first words"
    _refuse_unless_release(page, title, lead + body, published, is_recognised=is_recognised)
    return Release(
        url=canonical_of(page),
        site=page.site.id,
        ministry=page.site.ministry,
        language=language_of(f"{title}. {lead} {body}", declared=declared),
        title=title,
        lead=lead,
        body=body,
        structure=dump_structure(find_structure(page, regions, lead, body)),
        contact="\n".join(_find_contact(page, regions, without_lead(header, lead), parts)),
        published=published.day,
        published_source=published.source,
        published_confidence=published.confidence,
        updated=find_update_date(page, regions),
        category=category or category_in(header) or category_beside_date(_blocks_beside_date(page, regions)),
        attachments=attachments_of(page),
        translations=translations_of(page, declared),
        machine_translated=is_translated,
        address=without_tracking(page.url),
        rules=(
            ("title", title_rule),
            ("lead", lead_rule),
            ("body", regions.body_rule),
            ("published", published.rule),
        ),
    )


def _unread_error(why: str, is_recognised: bool) -> ExtractionError:
    return UnreadError(why) if is_recognised else ExtractionError(why)


def _title_from_text(page: PageContext, text: str) -> str:
    """Return a title for a page without one: the first words of *text*."""
    if len(text) < UNTITLED_CHARS_MIN:
        raise ExtractionError(f"{page.url}: no title")
    return first_words(text)


def _blocks_beside_date(page: PageContext, regions: Regions) -> Iterator[Block]:
    """Yield the blocks in which categories may share a line with the publication date."""
    for element in page.elements.select(*page.template.published):
        yield from blocks(element)
    yield from (*regions.header, *regions.body[:2])


def _choose_template(elements: Elements, job: ExtractionJob, day: date) -> Template:
    """Return the template that matches the page's markup, else its path, else the site's own."""
    valid = [
        template
        for template in (job.templates[name] for name in (job.site.template, *job.site.older_templates))
        if (template.valid_from or date.min) <= day <= (template.valid_until or date.max)
    ] or [job.templates[job.site.template]]
    by_markup = (template for template in valid if first_with_text(elements, template.release))
    by_path = (template for template in valid if has_release_path(job.page.url, template))
    return next(by_markup, None) or next(by_path, valid[0])


def _find_contact(
    page: PageContext, regions: Regions, header: Sequence[str], parts: ContactSplit
) -> tuple[str, ...]:
    own = [element for selector in page.template.contact for element in page.elements.select(selector)]
    lines = [line for element in own[:1] for block in blocks(element) for line in block.text.split("\n")]
    nearest = (*lines, *split_contacts(header).contact, *parts.contact)
    below = [block.text for block in regions.below[:12]]
    above = [block.text for block in regions.above[-4:-1] if not block.linked]
    return nearest or split_contacts(below).contact or split_contacts(above).contact


def _find_rows(page: PageContext) -> list[Tag]:
    """Return the elements that could be rows of a list page, each once."""
    rows = (row for _, row in rows_on(page.elements, page.url, page.site, page.template))
    return list({id(row): row for row in rows}.values())


def _is_in_list(page: PageContext, heading_and_rule: tuple[Tag, str] | None, rows: Sequence[Tag]) -> bool:
    """Whether the page's heading names a section and every possible title is in a row."""
    if not page.elements.select("h1"):
        return False
    if heading_and_rule is None:
        return len(rows) >= LIST_ROWS_MIN
    return heading_and_rule[1] == AT_DATE and Within(set(map(id, rows)))(heading_and_rule[0])


def _is_list(page: PageContext, regions: Regions, rows: Sequence[Tag]) -> bool:
    """Whether the text is mostly that of *rows*, other than that of the title."""
    if is_list(page.url, page.site):
        return True
    if len(rows) < LIST_ROWS_MIN:
        return False
    is_in_row = Within(set(map(id, rows)))
    is_general = regions.body_rule == GENERAL_TEXT  # which has no elements
    lines = {block.text for row in rows for block in blocks(row)} if is_general else frozenset()
    listed = sum(len(block.text) for block in regions.body if is_in_row(block.element) or block.text in lines)
    return listed > LIST_SHARE * sum(len(block.text) for block in regions.body)


def _refuse_unless_release(
    page: PageContext,
    title: str,
    text: str,
    published: PublicationDate,
    *,
    is_recognised: bool,
) -> None:
    if _NO_RELEASE.fullmatch(fold(title).rstrip(" .!")):
        raise ExtractionError(f"{page.url}: no release, its title is {title!r}")
    if is_output(text) or (is_error_page(title, text) and not _is_listed(page, title)):
        raise ErrorPageError(f"{page.url}: an error page, its title is {title!r}")
    if len(text) < TEXT_CHARS_MIN:
        raise _unread_error(f"{page.url}: no text beside the title {title!r}", is_recognised)
    dated = published.source not in ("body", "none")
    # Sitemaps also list contacts and notices.
    led_to = page.hints is not None and page.hints.source != "sitemap"
    on_path = has_release_path(page.url, page.template) or page.template.general
    if not (dated or is_recognised or on_path or led_to or page.meta.is_article):
        raise ExtractionError(f"{page.url}: nothing says it is a release: no date, no list that links to it")


def _is_listed(page: PageContext, title: str) -> bool:
    """Whether a list gives this title for the page: releases may be about firewalls, too."""
    return page.hints is not None and fold(page.hints.title or "") == fold(title)
