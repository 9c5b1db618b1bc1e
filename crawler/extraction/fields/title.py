"""The title of a release: its heading, or a line in its place on pages without headings."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from bs4 import Tag
from bs4.element import NavigableString

from crawler.extraction.fields.dates import fold, publication_date_in
from crawler.extraction.fields.regions import PageContext
from crawler.extraction.html.parse import BLOCKS, HEADINGS, Within, blocks, elements_in, tidy
from crawler.extraction.html.tree import nodes_in
from crawler.urls import address, canonical

_SITE_WORDS = re.compile(
    r"minist|kancelej|kabinet|gov\.lv|agentur|inspekcij|parvald|policij|dienest|latvij|portal|министер"
    r"|jaunumi|aktualitates|zinas|news|republic|centrs|birojs"
)
_SITE_CHARS_MAX = 60
_SECTIONS = frozenset((
    "jaunumi", "aktualitates", "zinas", "preses relizes", "relizes", "pazinojumi", "arhivs", "preses telpa",
    "news", "latest news", "articles", "press releases", "archive", "новости", "актуальное", "пресс-релизы",
))  # fmt: skip
_SITE_SEPARATORS = (" | ", " :: ", " » ", " — ", " – ", " - ", ": ")
_SEPARATORS = re.compile(r" (?:\||::|»|—|–|-|:) |: ")
# A line that may be a title: a shorter one is a category, a longer one a paragraph.
_LINE_CHARS = range(20, 250)
_LINE_WORDS_MIN = 3
_FIRST_WORDS_CHARS = 120
# A title has no more strings than this.
_STRINGS_MAX = 50
# At most a category and a tool are between title and date.
_LINES_BEFORE_DATE = 3
AT_DATE = "line at the date"
_MENUS = ("nav", "footer", "aside")
_BARE_SELECTOR = re.compile(r"h[1-6]", re.IGNORECASE)
_CONTROLS = ("button", "select", "textarea")
_LETTER = re.compile(r"\w")
_OUTSIDE = ("a", "nav", "footer", "aside", "form", "li", "title", "script", "style")
# Elements that contain a whole page or text: never a title, even if they contain nothing else.
_WHOLE = ("body", "html", "main", "article", "[document]")
# Further headings belong to the text, or to other releases.
_HEADINGS_MAX = 30
# Elements and strings in a title; an element with more was never closed.
_HEADING_NODES_MAX = 200


def heading_of(page: PageContext) -> tuple[Tag, str] | None:
    """Return the element of the title and the rule that found it; inline elements, div and p become h1."""
    heading = (
        _find_by_selector(page, (*page.template.title, "h1"))
        or _find_by_title_element(page)
        or _choose_heading(page, page.elements.select(*page.template.title))  # those in menus
        or _find_by_selector(page, ("h2",))
        or _find_at_date(page)
    )
    if heading and (heading[0].name not in BLOCKS or heading[0].name in ("div", "p")):
        heading[0].name = "h1"
    return heading


def title_of(page: PageContext, heading: tuple[Tag, str] | None) -> tuple[str, str]:
    """Return the title and the rule that found it; empty if there is none."""
    if heading is not None:
        return _heading_text(heading[0]), heading[1]
    if page.meta.title and not _is_site_name(page, page.meta.title):
        return _strip_site_name(page, page.meta.title), "og:title"
    head_title = _strip_site_name(page, page.meta.head_title)
    if head_title and not _is_site_name(page, head_title):
        return head_title, "title element"
    if page.hints and page.hints.title:
        return tidy(page.hints.title), page.hints.source
    return "", "none"


def first_words(text: str) -> str:
    """Return a title for *text*: its first line, cut if it is long.

    >>> first_words("Otrdien ministrija parakstīs līgumu")
    'Otrdien ministrija parakstīs līgumu'
    """
    line = text.partition("\n")[0]
    if len(line) <= _FIRST_WORDS_CHARS:
        return line
    return f"{line[:_FIRST_WORDS_CHARS].rpartition(' ')[0]} …"


def _find_by_selector(page: PageContext, selectors: tuple[str, ...]) -> tuple[Tag, str] | None:
    headings = [element for selector in selectors for element in _select_headings(page, selector)]
    return _choose_heading(page, headings)


def _choose_heading(page: PageContext, headings: list[Tag]) -> tuple[Tag, str] | None:
    """Return the first heading that repeats the title in the head of the page, else the first."""
    each = islice({id(heading): heading for heading in headings}.values(), _HEADINGS_MAX)
    usable = []
    for element in each:
        _take_in_form(element)
        if _may_be_title(page, element):
            usable.append(element)
    expected = _expected_titles(page)
    confirmed = [element for element in usable if fold(_heading_text(element)) in expected]
    return next(((element, element.name) for element in confirmed + usable), None)


def _select_headings(page: PageContext, selector: str) -> list[Tag]:
    """Return the elements that *selector* finds outside menus, or those in menus if it names more than a tag.

    An operator who writes `aside h1` means that heading; one who writes `h1` means it only if nothing else
    is the title.
    """
    matches = page.elements.select(selector)
    is_in_menu = Within(set(map(id, page.elements.select(*_MENUS))))
    outside = [element for element in matches if not is_in_menu(element.parent)]
    return outside or ([] if _BARE_SELECTOR.fullmatch(selector) else matches)


def _take_in_form(heading: Tag) -> None:
    """Move the small form after an empty *heading* into it: the parser ends a heading at a form."""
    if heading.name not in HEADINGS or heading.get_text(strip=True):
        return
    form = heading.next_sibling
    if isinstance(form, NavigableString) and not form.strip():
        form = form.next_sibling
    if not isinstance(form, Tag) or form.name != "form":
        return
    nodes = nodes_in(form, at_most=_STRINGS_MAX + 1)
    if len(nodes) <= _STRINGS_MAX and not any(
        node.name in HEADINGS for node in nodes if isinstance(node, Tag)
    ):
        heading.append(form)


def _may_be_title(page: PageContext, element: Tag) -> bool:
    """Whether *element* names more than a site or section, and leads to no other page."""
    is_long = len(nodes_in(element, at_most=_HEADING_NODES_MAX + 1)) > _HEADING_NODES_MAX
    if is_long or _is_site_name(page, _heading_text(element)):
        return False
    around = next((tag for tag in element.parents if tag.name == "a" and "href" in tag.attrs), None)
    links = [around, *elements_in(element, ("a",))]
    targets = [address(str(link["href"]), page.url) for link in links if link and "href" in link.attrs]
    return all(target is None or canonical(target) == canonical(page.url) for target in targets)


def _heading_text(heading: Tag) -> str:
    """Return the text of *heading* without the labels of its buttons."""
    controls = elements_in(heading, _CONTROLS)
    return tidy(" ".join(block.text for block in blocks(heading, controls)))


def _find_by_title_element(page: PageContext) -> tuple[Tag, str] | None:
    """Return the smallest element with the title from the head of the page."""
    expected = _expected_titles(page)
    for line in _unlinked_strings(page):
        start = fold(line)
        if not any(text.startswith(start) for text in expected):
            continue
        if start in expected and (alone := _element_of_line(line)):
            return alone, "line that is the title element"
        for element in (line.parent, line.parent and line.parent.parent):
            if element and element.name not in _WHOLE and fold(_whole_text(element)) in expected:
                return _outermost(element), "line that is the title element"
    return None


def _find_at_date(page: PageContext) -> tuple[Tag, str] | None:
    """Return the line just above the first date, else the one just below it."""
    recent: list[NavigableString] = []
    lines = _unlinked_strings(page)
    for line in lines:
        if publication_date_in(tidy(line), latest=page.latest, order=page.order):
            break
        recent = [line, *recent][:_LINES_BEFORE_DATE]
    for line in (*recent, *islice(lines, 1)):
        if _reads_as_title(page, tidy(line)) and (alone := _element_of_line(line)):
            return alone, AT_DATE
    return None


def _element_of_line(line: NavigableString) -> Tag | None:
    """Return the largest element that holds only *line*; wraps a line between breaks in a new one."""
    if line.parent and _whole_text(line.parent) == tidy(line):
        return _outermost(line.parent)
    beside = (line.previous_sibling, line.next_sibling)
    if all(node is None or getattr(node, "name", None) == "br" for node in beside):
        return line.wrap(Tag(name="h1"))
    return None


def _reads_as_title(page: PageContext, text: str) -> bool:
    size = len(text) in _LINE_CHARS and len(text.split()) >= _LINE_WORDS_MIN
    return size and not _is_site_name(page, text) and not text.endswith((".", ":", ";", ","))


def _unlinked_strings(page: PageContext) -> Iterator[NavigableString]:
    """Yield the strings of the page that are neither blank nor in a link, a menu or a form."""
    is_outside = Within({id(tag) for tag in page.elements.all if tag.name in _OUTSIDE})
    for string in page.elements.strings:
        if type(string) is NavigableString and _LETTER.search(string) and not is_outside(string.parent):
            yield string


def _outermost(element: Tag) -> Tag:
    """Return the largest element with the same text as *element*."""
    text = _whole_text(element)
    while element.parent and element.parent.name not in _WHOLE and _whole_text(element.parent) == text:
        element = element.parent
    return element


def _whole_text(element: Tag) -> str:
    """Return the text of *element*; empty if it is too long for a title."""
    pieces = list(islice(element.strings, _STRINGS_MAX + 1))
    return tidy("".join(pieces)) if len(pieces) <= _STRINGS_MAX else ""


def _expected_titles(page: PageContext) -> set[str]:
    """Return, folded, the titles in the head of the page and on the list that led here."""
    titles = [page.meta.title, page.meta.head_title, (page.hints and page.hints.title) or ""]
    titles += [_strip_site_name(page, title) for title in titles]
    return {fold(title) for title in titles if title and not _is_site_name(page, title)}


def _is_site_name(page: PageContext, text: str) -> bool:
    """Whether *text* only names the site or a section of it."""
    names = _site_names(page.site.ministry, page.meta.site_name, page.meta.head_title)
    bare = re.sub(r"^(?:latvijas republikas|lr|republic of latvia) ", "", fold(text))
    return bare in names or all(not part or part in names for part in _SEPARATORS.split(bare))


@lru_cache(maxsize=16)
def _site_names(ministry: str, site_name: str, head_title: str) -> frozenset[str]:
    # Drupal's title element ends in the site's name.
    last = head_title.rpartition(" | ")[2] if " | " in head_title else ""
    return frozenset(fold(name) for name in (ministry, site_name, last) if name) | _SECTIONS


def _strip_site_name(page: PageContext, text: str) -> str:
    """Return *text* without the site's name at its beginning or end."""
    for separator in _SITE_SEPARATORS[:-1]:
        before, found, after = text.rpartition(separator)
        if not found or len(after) >= _SITE_CHARS_MAX:
            continue
        if separator == " | " or _is_site_name(page, after) or _SITE_WORDS.search(fold(after)):
            return before.strip()
    for separator in _SITE_SEPARATORS:
        before, found, after = text.partition(separator)
        if found and _is_site_name(page, before):
            return _strip_site_name(page, after.strip())
    return text
