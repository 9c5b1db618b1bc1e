"""The paragraphs and lead of a release, without boilerplate, credits and header lines."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice, takewhile

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from crawler.extraction.fields.category import is_category
from crawler.extraction.fields.contact_block import split_contacts
from crawler.extraction.fields.dates import publication_date_in, update_date_in
from crawler.extraction.fields.imprint import ends_in_credit, is_credit, is_translation_notice, may_be_notice
from crawler.extraction.fields.regions import (
    TEXT_CHARS_MIN,
    PageContext,
    Regions,
    body_selectors,
    first_with_text,
)
from crawler.extraction.html.class_names import semantic_names_of
from crawler.extraction.html.parse import BLOCKS, HEADINGS, Block, elements_in, has_ancestor, text_of, tidy
from crawler.extraction.html.selectors import Elements

# A line between title and body is a lead from this length on; a shorter one is a category or a place.
LEAD_CHARS_MIN = 60
# "Publicēts: 12.03.2021. plkst. 10.00, pēdējo reizi labots 15.03.2021. plkst. 9.30".
_DATE_WORDS_MAX = 12

# Texts of links and buttons that the markup does not distinguish from prose.
_TOOLS = (
    r"(?:atpaka[lļ]|atgriezties|back|назад|uz augšu|back to top|to top|drukāt|izdrukāt|drukas versija|print"
    r"|печать|распечатать|dalīties|dalies|share|поделиться|kopīgot|ieteikt|facebook|twitter|x|linkedin"
    r"|draugiem(?:\.lv)?|whatsapp|telegram|messenger|nosūtīt(?: e-pastā)?|e-pasts|e-mail|email|kopēt saiti"
    r"|copy link|detaļas|details|sākums|home|lasīt vairāk|read more|klausīties|listen|pdf|rss)"
)
_TOOL_LINE = re.compile(rf"\W*{_TOOLS}(?:[\W_]+{_TOOLS})*\W*", re.IGNORECASE)
_BACK_LINE = re.compile(
    r"\W*(?:(?:atpakaļ|atgriezties) uz|back to|return to|назад к|вернуться|pārlekt uz|pāriet uz|skip to"
    r"|перейти к|(?:dalīties|share|поделиться) (?:ar|uz|via|on|with|в)) .{0,40}",
    re.IGNORECASE,
)
_IMPRINT_LINE = re.compile(
    r"\W*(?:©|(?:skatījumi|skatīts|lasīts|hits|views|просмотр\w+)\W*\d[\d ]*(?:reizes?)?\W*$"
    r"|(?:autors|author|written by|автор)\W+(?:super ?user|(?:web)?admin\w*)\W*$).{0,120}$",
    re.IGNORECASE,
)
# Cells of a table of dates: "01.07.2022 | pirmais vilciens".
_ROW = re.compile(r"\d \| .{0,200}[^\W\d]{3}")
_RELATED = re.compile(
    r"\W*(?:saistīt(?:ie|ās|ā|i|as) .{0,30}|citi jaunumi|citas (?:ziņas|aktualitātes)|līdzīgi? .{0,20}"
    r"|skatiet arī|skatīt arī|related .{0,30}|other news|more news|latest news|see also|jaunākās ziņas"
    r"|jaunākie raksti|связанные .{0,30}|похожие .{0,30}|другие новости|читайте также|komentāri|comments)\W*",
    re.IGNORECASE,
)
# A notice has no more strings than this.
_NOTICE_PIECES_MAX = 20
_NO_NOTICE = HEADINGS | {"a", "title", "script", "option"}
_COOKIES = re.compile(
    r"\W*(?:š[aāī]\w* (?:tīmekļa ?)?(?:vietn|lap|mājaslap).{0,60}sīkdat|(?:this|our) (?:web)?site uses"
    r" cookies|we use cookies|mēs izmantojam sīkdat|сайт использует (?:файлы )?cookie)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[^\W\d_]{3}[.!?…:][\"”»’)]*$")
_LEAD_NAME = re.compile(
    r"(?:^|[-_])(?:lead|intro(?:text|duction)?|ievads|ievadteksts|ingress|summary|perex|standfirst|preamble)"
    r"(?:$|[-_])"
)


def header_and_body(
    page: PageContext, regions: Regions, skipped: Iterable[str]
) -> tuple[list[str], list[str]]:
    """Return the lines between title and text, and the paragraphs, without the texts *skipped*."""
    # English pages keep Latvian captions, which repeat the alternative texts of the images.
    skipped = {*skipped, *(tidy(str(image.get("alt", ""))) for image in page.elements.select("img[alt]"))}
    opening, body = _split_opening(page, _paragraphs(regions.body, skipped))
    header = (
        _category_beside_date(page, regions.above[-4:-1]) + _paragraphs(regions.header, skipped) + opening
    )
    return [text for text in header if not _is_date_line(page, text)], body


def _category_beside_date(page: PageContext, above: Sequence[Block]) -> list[str]:
    """Return the category next to a date just above the title, but not breadcrumbs, which are a list."""
    texts = _paragraphs((block for block in above if block.element.name != "li"), ())
    dates = [at for at, text in enumerate(texts) if _is_date_line(page, text)]
    categories = [at for at, text in enumerate(texts) if at not in dates and is_category(text)]
    return [texts[at] for at in categories if at - 1 in dates or at + 1 in dates]


def _paragraphs(region: Iterable[Block], skipped: Container[str]) -> list[str]:
    """Return the paragraphs of *region* without boilerplate, credits and the texts *skipped*."""
    kept = (
        block.text
        for block in _cut_at_related(region)
        if tidy(block.text) not in skipped and not _is_boilerplate_line(block.text) and not _is_caption(block)
    )
    return [text for text in map(_without_tools, kept) if re.search(r"\w", text)]


def _without_tools(text: str) -> str:
    """Return *text* without a last line that is only a link back."""
    before, _, last = text.rpartition("\n")
    return before if before and _TOOL_LINE.fullmatch(last) else text


def _cut_at_related(region: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks up to the heading of a list of other releases; before any text it is a category."""
    has_text = False
    for block in region:
        if has_text and is_related(block.text):
            return
        has_text = has_text or len(block.text) >= LEAD_CHARS_MIN
        yield block


def is_related(text: str) -> bool:
    """Whether *text* is the heading of a list of other releases."""
    return len(text) < 60 and bool(_RELATED.fullmatch(text))


def _is_boilerplate_line(text: str) -> bool:
    if len(text) > 400:
        return False
    if _TOOL_LINE.fullmatch(text) or _BACK_LINE.fullmatch(text) or _IMPRINT_LINE.fullmatch(text):
        return True
    if _COOKIES.match(text):
        return True
    return is_credit(text) or is_translation_notice(text)


def _is_caption(block: Block) -> bool:
    """Whether *block* is an image with a caption that ends in its credit."""
    return ends_in_credit(block.text) and block.element.find("img") is not None


def _is_date_line(page: PageContext, text: str) -> bool:
    """Whether *text* is only the date of publication or update."""
    if len(text.split()) > _DATE_WORDS_MAX:
        return False
    published = publication_date_in(text, latest=date.max, order=page.order)
    return published is not None or update_date_in(text, latest=date.max, order=page.order) is not None


def _split_opening(page: PageContext, body: list[str]) -> tuple[list[str], list[str]]:
    """Return the dates and categories that open the text, and the rest without dates at its end."""
    while body and not _ROW.search(body[-1]) and _is_date_line(page, body[-1]):
        body = body[:-1]
    dates = [at for at, text in enumerate(body[:4]) if _is_date_line(page, text)]
    end = dates[-1] + 1 if dates and all(len(text) < LEAD_CHARS_MIN for text in body[: dates[-1]]) else 0
    while dates and end < len(body) - 1 and end and is_category(body[end]):
        end += 1
    return body[:end], body[end:]


def lead_of(
    page: PageContext, regions: Regions, header: Sequence[str], body: Sequence[str]
) -> tuple[str, str]:
    """Return the lead and the rule that found it: by element, position, bold type or order."""
    by_template = first_with_text(page.elements, page.template.lead)
    if by_template:
        return text_of(by_template[0]), by_template[1]
    opening = (*regions.header, *regions.body[:3])
    texts = page.elements.select(*body_selectors(page.template))
    no_lead = {id(holder) for text in texts for holder in (text, *text.parents)}
    around = (tag for block in opening for tag in _with_ancestors(block.element) if id(tag) not in no_lead)
    named = next((tag for tag in around if _is_named_lead(tag)), None)
    if named is not None and len(text_of(named)) >= TEXT_CHARS_MIN:
        return text_of(named), "named lead"
    between = next((text for text in header if _may_be_lead(page, text)), None)
    if between:
        return tidy(between), "between title and body"
    if len(body) < 2:
        return "", "none"
    is_bold = any(block.text == body[0] and _is_bold(block) for block in regions.body[:4])
    if is_bold and len(body[0]) >= LEAD_CHARS_MIN:
        return tidy(body[0]), "bold first paragraph"
    return (tidy(body[0]), "first paragraph") if page.template.lead_is_first_paragraph else ("", "none")


def without_lead(paragraphs: Sequence[str], lead: str) -> list[str]:
    """Return *paragraphs* without the lead, which old pages repeat at the beginning of the text."""
    opening = [text for text in paragraphs[:4] if tidy(text) not in lead or len(text) < TEXT_CHARS_MIN]
    return [*opening, *paragraphs[4:]]


def _with_ancestors(element: Tag) -> Iterator[Tag]:
    yield element
    yield from islice(element.parents, 2)


def _is_named_lead(tag: Tag) -> bool:
    named = tag.name not in ("body", "article", "main") and any(
        map(_LEAD_NAME.search, semantic_names_of(tag))
    )
    # An "intro" may also hold the title, or the whole text.
    return named and not elements_in(tag, HEADINGS)


def _is_bold(block: Block) -> bool:
    return any(text_of(tag) == tidy(block.text) for tag in block.element.find_all(["strong", "b"], limit=3))


def _may_be_lead(page: PageContext, text: str) -> bool:
    """Whether *text* is a sentence; with the general template it must end like one, unlike a byline."""
    if len(text) < LEAD_CHARS_MIN or len(text.split()) < 8 or split_contacts([text]).contact:
        return False
    return not page.template.general or bool(_SENTENCE_END.search(text))


def is_machine_translated(elements: Elements) -> bool:
    """Whether a line of the page, other than links and headings, says that a machine translated it."""
    if not may_be_notice("\n".join(elements.strings)):
        return False
    hinting = (string for string in elements.strings if may_be_notice(string))
    return any(
        not has_ancestor(string, _NO_NOTICE) and is_translation_notice(_line_of(string)) for string in hinting
    )


def _line_of(string: NavigableString) -> str:
    """Return the line of text around *string*, including parts in bold."""
    node: PageElement = string
    while node.parent is not None and node.parent.name not in BLOCKS:
        node = node.parent
    before = takewhile(_is_inline, islice(node.previous_siblings, _NOTICE_PIECES_MAX))
    after = takewhile(_is_inline, islice(node.next_siblings, _NOTICE_PIECES_MAX))
    pieces = (_leading_text(piece) for piece in (*reversed([*before]), node, *after))
    return tidy("".join(pieces))


def _leading_text(node: PageElement) -> str:
    strings = node.strings if isinstance(node, Tag) else (str(node),)
    return "".join(islice(strings, _NOTICE_PIECES_MAX))


def _is_inline(node: PageElement) -> bool:
    return not (isinstance(node, Tag) and (node.name in BLOCKS or node.name == "br"))
