"""A page and its template make a release; pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice, takewhile
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from crawler import contacts
from crawler.config import DateOrder, Language, Site, Template
from crawler.dates import fold, published_in, readings, role_of, stamped, today, updated_in
from crawler.discovery import Found, base_of, has_release_path, is_list, rows_on
from crawler.language import declared_language, language_of
from crawler.markup import (
    BLOCKS,
    HEADINGS,
    Block,
    Elements,
    blocks,
    parsed,
    text_of,
    tidy,
    within,
    without_furniture,
)
from crawler.metadata import Metadata, metadata
from crawler.store import Attachment, Confidence, DateSource, Release
from crawler.urls import address, canonical

# Title and text together; what soft errors and empty pages have is shorter.
TEXT_CHARS_MIN = 40
# Rows that many, holding this share of the text, make a list page.
LIST_ROWS_MIN = 3
LIST_SHARE = 0.5
# A lone line between title and body is a lead from here on; below it is a category or a place.
LEAD_CHARS_MIN = 60
# "This page was translated by a machine translator and may hold mistakes": longer is about translation.
_NOTICE_WORDS_MAX = 16
# A label in a block of its own: "Pēdējo reizi atjaunināts:".
_LABEL_CHARS_MAX = 40
# Rubrics seen: "Statistika", "Press information", "News Support for Ukraine".
_CATEGORY_WORDS_MAX = 5

_NO_RELEASE = re.compile(
    r"\b(?:404|403)\b|(?:lapa|saturs|dokuments) (?:nav|netika) atrast|(?:page|document|content) (?:was )?not found"
    r"|not found$|страница не наидена|access denied|pieeja liegta|piekluve liegta|доступ запрещен"
    r"|^(?:log ?in|sign in|pieslegties|pieslegsanas|autorizacija|ienakt|вход)$|under maintenance|apkopes darbi"
    r"|service unavailable|^(?:kluda|error|ошибка)\b"
)
_TOOLS = (
    r"(?:atpaka[lļ]|atgriezties|back|назад|uz augšu|back to top|to top|drukāt|izdrukāt|drukas versija|print|печать"
    r"|распечатать|dalīties|dalies|share|поделиться|kopīgot|ieteikt|facebook|twitter|x|linkedin|draugiem(?:\.lv)?"
    r"|whatsapp|telegram|messenger|nosūtīt(?: e-pastā)?|e-pasts|e-mail|email|kopēt saiti|copy link|sākums|home"
    r"|lasīt vairāk|read more|klausīties|listen|pdf|rss)"
)
_TOOL_LINE = re.compile(rf"\W*{_TOOLS}(?:[\W_]+{_TOOLS})*\W*", re.IGNORECASE)
_BACK_LINE = re.compile(
    r"\W*(?:(?:atpakaļ|atgriezties) uz|back to|return to|назад к|вернуться|pārlekt uz|pāriet uz|skip to|перейти к"
    r"|(?:dalīties|share|поделиться) (?:ar|uz|via|on|with|в)) .{0,40}",
    re.IGNORECASE,
)
_LEAD_NAME = re.compile(
    r"(?:^|[-_])(?:lead|intro(?:text|duction)?|ievads|ievadteksts|ingress|summary|perex|standfirst|preamble)(?:$|[-_])"
)
_RELATED = re.compile(
    r"\W*(?:saistīt(?:ie|ās|ā|i|as) .{0,30}|citi jaunumi|citas (?:ziņas|aktualitātes)|līdzīgi? .{0,20}|skatiet arī"
    r"|skatīt arī|related .{0,30}|other news|more news|latest news|see also|jaunākās ziņas|jaunākie raksti"
    r"|связанные .{0,30}|похожие .{0,30}|другие новости|читайте также|komentāri|comments)\W*",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\W*(?:foto(?:grāfij[aau])?|photos?|attēl[sāi]|фото|publicitātes foto)\s*(?::|©|/|no )", re.IGNORECASE
)
_MACHINE = re.compile(
    r"translated by machine|machine[- ]translat|mašīntulk|automātisk\w+ tulko|automatically translated"
    r"|tulkots automātiski|машинн\w+ перевод|переведено автоматически",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r"\W*(?:š[aāī]\w* (?:tīmekļa ?)?(?:vietn|lap|mājaslap).{0,60}sīkdat|(?:this|our) (?:web)?site uses cookies"
    r"|we use cookies|mēs izmantojam sīkdat|сайт использует (?:файлы )?cookie)",
    re.IGNORECASE,
)
_UPDATED_NAME = re.compile(r"updat|modif|chang|atjaun|labot|expir|event|norise|deadline", re.IGNORECASE)
_CAPTIONS = (
    "figcaption", ".caption", "[class*=caption]", "[class*=photo-credit]", "[class*=image-description]",
    ".field--name-field-image", "[class*=copyright]",
)  # fmt: skip
_BODY = ("[itemprop=articleBody]",)
_FILE = re.compile(
    r"/media/\d+/download|[?&]attachment\b|\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|zip|asice?|edoc)(?:$|[?#])",
    re.IGNORECASE,
)
_SITE_WORDS = re.compile(
    r"minist|kancelej|kabinet|gov\.lv|agentur|inspekcij|parvald|policij|dienest|latvij|portals|portal|министер"
    r"|jaunumi|aktualitates|zinas|news|parlie|republic|centrs|birojs"
)


class ExtractionError(Exception):
    """A page is no release; the message names it and says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page made ready for reading."""

    elements: Elements
    url: str
    site: Site
    template: Template
    meta: Metadata
    latest: date
    order: DateOrder
    hints: Found | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Zones:
    """The text of a page by where it stands: above its title, between title and body, in the body, below."""

    above: tuple[Block, ...]
    header: tuple[Block, ...]
    body: tuple[Block, ...]
    below: tuple[Block, ...]
    body_rule: str


@dataclass(frozen=True, slots=True)
class _Published:
    day: date | None
    source: DateSource
    confidence: Confidence
    rule: str


def extract(
    text: str,
    url: str,
    site: Site,
    templates: Mapping[str, Template],
    *,
    fetched: datetime,
    hints: Found | None = None,
) -> Release:
    """Return the release on the page *text* that answered at *url*.

    Raises:
        ExtractionError: the page is no release.
    """
    latest = today(fetched)
    elements = parsed(text)
    meta = metadata(elements, url, latest=latest)
    template = _template(elements, site, templates, latest)
    language = declared_language(url, meta.language) or "lv"
    page = _Page(
        elements=elements,
        url=url,
        site=site,
        template=template,
        meta=meta,
        latest=latest,
        order=template.date_order.get(language, "DMY"),
        hints=hints,
    )
    return _release(page, language)


def _release(page: _Page, declared: Language) -> Release:
    recognised = _first(page.elements, page.template.release) is not None
    heading = _heading(page)
    rows = _rows(page, heading)
    title, title_rule = _title(page, heading)
    machine = _is_machine_translated(page.elements.soup)
    kept = [heading] if heading else []
    page = replace(page, elements=without_furniture(page.elements, page.template.drop, kept))
    zones = _zones(page, heading)
    if _is_list(page, zones, rows):
        raise ExtractionError(f"{page.url}: a list page")
    published = _published(page, zones, title)
    category = _category(page)
    updated = _updated(page, zones)
    header = _prose(zones.header, title, category)
    opening, body = _opening(page, _prose(zones.body, title, category))
    header = [text for text in header + opening if not _is_date_line(page, text)]
    category = category or next(filter(_is_rubric, header), None)
    lead, lead_rule = _lead(page, zones, header, list(contacts.split(body).body))
    split = contacts.split(_without_lead(body, lead))
    contact = _contact(page, zones, _without_lead(header, lead), split)
    body = list(split.body)
    _refuse_unless_release(page, title, lead, body, published, recognised=recognised)
    text = "\n\n".join(body)
    return Release(
        url=_canonical(page),
        site=page.site.id,
        ministry=page.site.ministry,
        language=language_of(f"{title}. {lead} {text}", declared=declared),
        title=title,
        lead=lead,
        body=text,
        contact="\n".join(contact),
        published=published.day,
        published_source=published.source,
        published_confidence=published.confidence,
        updated=updated,
        category=category,
        attachments=_attachments(page),
        translations=_translations(page, declared),
        machine_translated=machine,
        rules=(
            ("title", title_rule),
            ("lead", lead_rule),
            ("body", zones.body_rule),
            ("published", published.rule),
        ),
    )


def _template(elements: Elements, site: Site, templates: Mapping[str, Template], day: date) -> Template:
    """Return the template that recognises the page; the site's own where none does."""
    valid = [
        template
        for template in (templates[name] for name in (site.template, *site.older_templates))
        if (template.valid_from or date.min) <= day <= (template.valid_until or date.max)
    ] or [templates[site.template]]
    return next((template for template in valid if _first(elements, template.release)), valid[0])


def _first(elements: Elements, selectors: Sequence[str]) -> tuple[Tag, str] | None:
    """Return the first element that has text, by the first selector that finds one, and that selector."""
    for selector in selectors:
        for element in elements.select(selector):
            if element.name == "meta" or element.get("datetime") or element.get_text(strip=True):
                return element, selector
    return None


# --- title ---


def _heading(page: _Page) -> Tag | None:
    """Return the heading of the release: not the site's name, not one of a menu."""
    known = fold(page.meta.title or (page.hints.title if page.hints and page.hints.title else ""))
    usable = [
        element
        for selector in (*page.template.title, "h1", "h2")
        for element in page.elements.select(selector)
        if not _is_site_name(page, text_of(element)) and not element.find_parent(["nav", "footer", "aside"])
    ]
    same = [element for element in usable if known and fold(text_of(element)) == known]
    first = [element for element in usable if element.name != "h2" or known == ""]
    return next(iter(same or first), None)


def _title(page: _Page, heading: Tag | None) -> tuple[str, str]:
    if heading is not None:
        return text_of(heading), heading.name
    if page.meta.title and not _is_site_name(page, page.meta.title):
        return _without_site(page, page.meta.title), "og:title"
    head_title = _without_site(page, page.meta.head_title)
    if head_title and not _is_site_name(page, head_title):
        return head_title, "title element"
    if page.hints and page.hints.title:
        return tidy(page.hints.title), page.hints.source
    raise ExtractionError(f"{page.url}: no title")


def _is_site_name(page: _Page, text: str) -> bool:
    """Whether *text* names the site and nothing more, as its ministry, og:site_name or title element do."""
    # Drupal's title element ends in the site's name.
    last = page.meta.head_title.rpartition(" | ")[2] if " | " in page.meta.head_title else ""
    names = {fold(name) for name in (page.site.ministry, page.meta.site_name, last) if name}
    bare = re.sub(r"^(?:latvijas republikas|lr|republic of latvia) ", "", fold(text))
    return not bare or fold(text) in names or bare in names


def _without_site(page: _Page, text: str) -> str:
    """Return *text* without the site's name at its end."""
    for separator in (" | ", " :: ", " » ", " — ", " – ", " - "):
        before, found, after = text.rpartition(separator)
        words = fold(after)
        if found and (
            separator == " | "
            or _is_site_name(page, after)
            or (len(words) < 60 and _SITE_WORDS.search(words))
        ):
            return before.strip()
    return text


# --- zones ---


def _zones(page: _Page, heading: Tag | None) -> _Zones:
    root = page.elements.soup.body or page.elements.soup
    everything = list(blocks(root, _apart(page, heading)))
    start = next(
        (at for at, block in enumerate(everything) if heading and within(block.element, {id(heading)})), -1
    )
    bodies, rule = _bodies(page, everything[start + 1 :])
    inside = {id(element) for element in bodies}
    placed = [within(block.element, inside) and at > start for at, block in enumerate(everything)]
    first = placed.index(True) if True in placed else len(everything)
    last = len(placed) - placed[::-1].index(True) if True in placed else len(everything)
    return _Zones(
        above=tuple(everything[: start + 1 if heading else first]),
        header=tuple(everything[start + 1 : first] if heading else ()),
        body=tuple(block for block, is_body in zip(everything, placed, strict=True) if is_body),
        below=tuple(everything[last:]),
        body_rule=rule,
    )


def _apart(page: _Page, heading: Tag | None) -> Iterator[Tag]:
    """Yield the elements that are read apart from the text, or not at all."""
    template = page.template
    for selector in (*template.captions, *_CAPTIONS, *template.lead, *template.contact):
        yield from (
            tag for tag in page.elements.select(selector) if heading is None or tag not in heading.parents
        )
    for selector in (*template.category, *template.published, *template.updated):
        yield from (tag for tag in page.elements.select(selector) if len(text_of(tag)) < 100)


def _bodies(page: _Page, after_title: Sequence[Block]) -> tuple[list[Tag], str]:
    for selector in (*page.template.body, *_BODY):
        found = page.elements.select(selector)
        known = {id(element) for element in found}
        outermost = [tag for tag in found if not any(id(parent) in known for parent in tag.parents)]
        if sum(len(text_of(tag)) for tag in outermost) >= TEXT_CHARS_MIN:
            return outermost, selector
    densest = _densest(after_title)
    return ([densest], "densest text") if densest else ([], "none")


def _densest(after_title: Sequence[Block]) -> Tag | None:
    """Return the element whose own paragraphs hold most text; what holds it counts half."""
    scores: dict[int, float] = {}
    tags: dict[int, Tag] = {}
    for block in after_title:
        if block.is_heading or block.linked > 0.5 or len(block.text) < 25:
            continue
        holders = (tag for tag in (block.element, *block.element.parents) if tag.name in _HOLDERS)
        for weight, tag in zip((1.0, 0.5), holders, strict=False):
            scores[id(tag)] = scores.get(id(tag), 0.0) + weight * len(block.text)
            tags[id(tag)] = tag
    return tags[max(scores, key=lambda key: scores[key])] if scores else None


_HOLDERS = frozenset(("div", "section", "article", "main", "td", "center", "body", "form"))


def _is_machine_translated(soup: BeautifulSoup) -> bool:
    """Whether a line of the page, none of its links or headings, says that a machine translated it."""
    lines = (string for string in soup.find_all(string=_MACHINE) if len(string.split()) <= _NOTICE_WORDS_MAX)
    return any(line.find_parent(["a", *HEADINGS, "title", "script", "option"]) is None for line in lines)


# --- text ---


def _prose(zone: Iterable[Block], title: str, category: str | None) -> list[str]:
    """Return the paragraphs of *zone* without furniture, credits and what repeats title or category."""
    repeated = {fold(title), fold(category or "")}
    return [
        block.text
        for block in _until_related(zone)
        if fold(block.text) not in repeated
        and not _is_furniture_line(block.text)
        and re.search(r"\w", block.text)
    ]


def _until_related(zone: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks before the heading of a list of other releases; above the text it is a rubric."""
    has_text = False
    for block in zone:
        if has_text and len(block.text) < 60 and _RELATED.fullmatch(block.text):
            return
        has_text = has_text or len(block.text) >= LEAD_CHARS_MIN
        yield block


def _is_furniture_line(text: str) -> bool:
    if len(text) > 400:
        return False
    if _TOOL_LINE.fullmatch(text) or _BACK_LINE.fullmatch(text) or _COOKIES.match(text):
        return True
    words = len(text.split())
    return (words <= 25 and bool(_CREDIT.match(text))) or (words <= 12 and bool(_MACHINE.search(text)))


def _is_date_line(page: _Page, text: str) -> bool:
    if len(text) > 120:
        return False
    if published_in(text, latest=date.max, order=page.order) or updated_in(
        text, latest=date.max, order=page.order
    ):
        return len(text.split()) <= 12
    return False


def _opening(page: _Page, body: list[str]) -> tuple[list[str], list[str]]:
    """Return the date and rubric lines that open the text, and the text without them and without dates that close it."""
    while body and _is_date_line(page, body[-1]):
        body = body[:-1]
    dates = [at for at, text in enumerate(body[:4]) if _is_date_line(page, text)]
    end = dates[-1] + 1 if dates and all(len(text) < LEAD_CHARS_MIN for text in body[: dates[-1]]) else 0
    while dates and end < len(body) - 1 and end and _is_rubric(body[end]):
        end += 1
    return body[:end], body[end:]


def _is_rubric(text: str) -> bool:
    return (
        len(text.split()) <= _CATEGORY_WORDS_MAX
        and len(text) <= 40
        and not re.search(r"[.!?:;,]$|\d{3}", text)
    )


def _lead(page: _Page, zones: _Zones, header: list[str], body: list[str]) -> tuple[str, str]:
    """Return the lead and the rule that found it: by its element, its place, its weight, its order."""
    found = _first(page.elements, page.template.lead)
    if found:
        return text_of(found[0]), found[1]
    opening = (*zones.header, *zones.body[:3])
    named = next((tag for block in opening for tag in _around(block.element) if _is_named_lead(tag)), None)
    if named is not None and len(text_of(named)) >= TEXT_CHARS_MIN:
        return text_of(named), "named lead"
    between = next((text for text in header if len(text) >= LEAD_CHARS_MIN and _is_sentence(text)), None)
    if between:
        return tidy(between), "between title and body"
    bold = next(
        (block for block in zones.body[:4] if body and block.text == body[0] and _is_bold(block)), None
    )
    if bold and len(body) > 1 and len(bold.text) >= LEAD_CHARS_MIN:
        return tidy(bold.text), "bold first paragraph"
    if page.template.lead_is_first_paragraph and len(body) > 1:
        return tidy(body[0]), "first paragraph"
    return "", "none"


def _without_lead(paragraphs: list[str], lead: str) -> list[str]:
    """Return *paragraphs* without the lead at their beginning, where old pages repeat it."""
    opening = [text for text in paragraphs[:4] if tidy(text) not in lead or len(text) < TEXT_CHARS_MIN]
    return opening + paragraphs[4:] if lead else paragraphs


def _around(element: Tag) -> Iterator[Tag]:
    yield element
    yield from islice(element.parents, 2)


def _is_named_lead(tag: Tag) -> bool:
    names = [str(name) for name in tag.get_attribute_list("class") if name]
    return tag.name not in ("body", "article", "main") and any(map(_LEAD_NAME.search, names))


def _is_bold(block: Block) -> bool:
    return any(text_of(tag) == tidy(block.text) for tag in block.element.find_all(["strong", "b"], limit=3))


def _is_sentence(text: str) -> bool:
    return not contacts.split([text]).contact and len(text.split()) >= 8


def _contact(page: _Page, zones: _Zones, header: list[str], split: contacts.Split) -> tuple[str, ...]:
    own = [element for selector in page.template.contact for element in page.elements.select(selector)]
    if own:
        return tuple(line for block in blocks(own[0]) for line in block.text.split("\n"))
    found = contacts.split(header).contact + split.contact
    return found or contacts.split([block.text for block in zones.below[:12]]).contact


# --- dates ---


def _published(page: _Page, zones: _Zones, title: str) -> _Published:
    """Return the day of publication by the most trusted evidence there is."""
    if page.meta.published:
        return _Published(page.meta.published.day, "meta", "high", page.meta.published.rule)
    for found in (_by_time(page, zones), _by_selector(page), _by_label(page, zones), _by_line(page, zones)):
        if found:
            return found
    hints = page.hints
    if hints and hints.published and hints.published <= page.latest and hints.source != "sitemap":
        return _Published(hints.published, hints.source, "medium", hints.source)
    return _by_text(page, zones, title)


def _by_time(page: _Page, zones: _Zones) -> _Published | None:
    chosen = [tag for selector in page.template.published for tag in page.elements.select(selector)]
    own = [time for tag in chosen for time in (tag, *tag.select("[datetime]")) if time.get("datetime")]
    for element in (*own, *_times_at_title(page, zones)):
        day = stamped(str(element["datetime"]), latest=page.latest)
        if day and not _is_of_something_else(element):
            return _Published(day, "time", "high", "time[datetime]")
    return None


def _times_at_title(page: _Page, zones: _Zones) -> list[Tag]:
    """Return the time elements between title and text, then those just above the title."""
    prose = next((block for block in zones.body if len(block.text) >= LEAD_CHARS_MIN), None)
    near = {id(block.element) for block in zones.above[-4:]}
    after, before = [], []
    title = zones.above[-1].element if zones.above else None
    passed = title is None
    for tag in page.elements.all:
        if prose is not None and tag is prose.element:
            break
        passed = passed or tag is title
        if tag.name == "time" and tag.get("datetime"):
            if passed:
                after.append(tag)
            elif within(tag, near) or (title is not None and within(tag.parent, set(map(id, title.parents)))):
                before.append(tag)
    return after + before


def _is_of_something_else(element: Tag) -> bool:
    """Whether *element* dates an update or an event, by its names or the words beside it."""
    near = [element, *list(element.parents)[:2]]
    names = " ".join(
        str(value)
        for tag in near
        for key in ("class", "id", "itemprop")
        for value in tag.get_attribute_list(key)
    )
    if _UPDATED_NAME.search(names) and "publish" not in names.lower():
        return True
    said = role_of(_words_before(element))
    return said in ("updated", "other")


def _words_before(element: Tag) -> str:
    """Return the words on the line of *element* before it; those of a short block before it where there are none."""
    beside = takewhile(
        lambda node: not (isinstance(node, Tag) and node.name in BLOCKS), element.previous_siblings
    )
    words = " ".join(node.get_text(" ") for node in list(beside)[::-1])
    previous = element.find_previous_sibling() or (element.parent and element.parent.find_previous_sibling())
    if words.strip() or previous is None or previous.name in HEADINGS:
        return words
    label = previous.get_text(" ", strip=True)
    return label if len(label) < _LABEL_CHARS_MAX else ""


def _by_selector(page: _Page) -> _Published | None:
    for selector in page.template.published:
        for element in page.elements.select(selector):
            reading = published_in(text_of(element), latest=page.latest, order=page.order)
            if reading and not _is_of_something_else(element):
                source: DateSource = "label" if reading.role == "published" else "text"
                return _Published(reading.day, source, "high" if source == "label" else "medium", selector)
    return None


def _by_label(page: _Page, zones: _Zones) -> _Published | None:
    for text in _lines(zones):
        found = readings(text, latest=page.latest, order=page.order) if len(text) <= 150 else ()
        for reading in found:
            if reading.role == "published":
                return _Published(reading.day, "label", "high", "labelled text")
    return None


def _by_line(page: _Page, zones: _Zones) -> _Published | None:
    nearest = [*zones.header[:8], *zones.body[:3], *reversed(zones.above[-4:])]
    for block in nearest:
        for text in block.text.split("\n"):
            reading = published_in(text, latest=page.latest, order=page.order) if len(text) <= 120 else None
            if reading:
                return _Published(reading.day, "text", "medium", "date line")
    return None


def _by_text(page: _Page, zones: _Zones, title: str) -> _Published:
    """Take the first day that title or opening paragraphs name: better than none, and marked so."""
    archive = re.search(r"/((?:19|20)\d\d)/", urlsplit(page.url).path)
    year = int(archive[1]) if archive else None
    for text in (title, *(block.text for block in (*zones.header, *zones.body)[:3])):
        for reading in readings(text, latest=page.latest, order=page.order, year=year):
            if reading.role in ("unsaid", "published"):
                return _Published(
                    reading.day, "body", "low", "year of the path" if reading.inferred else "text"
                )
    return _Published(None, "none", "none", "none")


def _lines(zones: _Zones) -> Iterator[str]:
    """Yield the lines around the text in which a page says when it was published or updated."""
    below = takewhile(lambda block: not _RELATED.fullmatch(block.text), zones.below[:20])
    for block in (*zones.header, *zones.body[:4], *zones.body[-3:], *zones.above[-6:], *below):
        yield from block.text.split("\n")


def _updated(page: _Page, zones: _Zones) -> date | None:
    if page.meta.updated:
        return page.meta.updated.day
    own = (text_of(tag) for selector in page.template.updated for tag in page.elements.select(selector))
    for text in own:
        found = readings(text, latest=page.latest, order=page.order)
        if found:
            return found[0].day
    days = (
        updated_in(text, latest=page.latest, order=page.order) for text in _lines(zones) if len(text) <= 150
    )
    return next((day for day in days if day), None)


# --- what stands beside the text ---


def _category(page: _Page) -> str | None:
    for selector in page.template.category:
        texts = [text_of(element) for element in page.elements.select(selector)]
        kept = [text for text in dict.fromkeys(texts) if text and len(text) <= 80]
        if kept:
            return ", ".join(kept)
    return None


def _attachments(page: _Page) -> tuple[Attachment, ...]:
    own = [tag for selector in page.template.attachments for tag in page.elements.select(selector)]
    links = [link for tag in own for link in ([tag] if tag.name == "a" else tag.select("a[href]"))]
    links += [link for link in page.elements.select("a[href]") if _FILE.search(str(link["href"]))]
    base = base_of(page.elements, page.url)
    found: dict[str, Attachment] = {}
    for link in links:
        target = address(str(link.get("href", "")), base)
        if target and target not in found:
            found[target] = Attachment(url=target, title=_link_title(link, target))
    return tuple(found.values())


def _link_title(link: Tag, target: str) -> str:
    text = re.sub(
        r",? ?(?:Ārējā saite|External link)$|\s*[(\[][^()]*\b(?:[KM]B|baiti)\b[^()]*[)\]]$", "", text_of(link)
    )
    return text or unquote(urlsplit(target).path.rsplit("/", 1)[-1])


def _canonical(page: _Page) -> str:
    own = canonical(page.url)
    said = page.meta.canonical
    if said and _is_beside(page, said) and urlsplit(said).path.strip("/").count("/") >= 1:
        return canonical(said)
    return own


def _is_beside(page: _Page, target: str) -> bool:
    """Whether *target* is on the site and none of its lists."""
    hosts = {urlsplit(str(start)).netloc for start in page.site.start} | set(page.site.hosts)
    hosts = {host.removeprefix("www.") for host in (*hosts, urlsplit(page.url).netloc)}
    lists = {urlsplit(str(start)).path.rstrip("/") for start in page.site.start}
    parts = urlsplit(target)
    return parts.netloc.removeprefix("www.") in hosts and parts.path.rstrip("/") not in lists


def _translations(page: _Page, declared: Language) -> tuple[str, ...]:
    """Return the addresses of the page in other languages: links to a front page are none."""
    own = _canonical(page)
    found = (
        canonical(target)
        for tag, target in page.meta.alternates
        if tag[:2] in ("lv", "en", "ru") and tag[:2] != declared and _is_beside(page, target)
    )
    return tuple(dict.fromkeys(address for address in found if address != own and _is_deep(address)))


def _is_deep(target: str) -> bool:
    return urlsplit(target).path.strip("/").count("/") >= 1 or bool(urlsplit(target).query)


# --- is it a release? ---


def _rows(page: _Page, heading: Tag | None) -> set[int]:
    """Return the ids of the elements that would be rows of a list page; none where these are few."""
    above = set(map(id, heading.parents)) if heading else set()
    rows = {id(row) for _, row in rows_on(page.elements, page.url, page.site, page.template)} - above
    return rows if len(rows) >= LIST_ROWS_MIN else set()


def _is_list(page: _Page, zones: _Zones, rows: set[int]) -> bool:
    if is_list(page.url, page.site):
        return True
    listed = sum(len(block.text) for block in zones.body if within(block.element, rows))
    return listed > LIST_SHARE * sum(len(block.text) for block in zones.body)


def _refuse_unless_release(
    page: _Page,
    title: str,
    lead: str,
    body: Sequence[str],
    published: _Published,
    *,
    recognised: bool,
) -> None:
    size = len(lead) + sum(map(len, body))
    if _NO_RELEASE.search(fold(title)) and len(title.split()) <= 10:
        raise ExtractionError(f"{page.url}: no release, its title is {title!r}")
    if size < TEXT_CHARS_MIN:
        raise ExtractionError(f"{page.url}: no text beside the title {title!r}")
    dated = published.source not in ("body", "none")
    on_path = has_release_path(page.url, page.template)
    if not (dated or recognised or on_path or page.hints or page.meta.is_article):
        raise ExtractionError(f"{page.url}: nothing says it is a release: no date, no list that links to it")
