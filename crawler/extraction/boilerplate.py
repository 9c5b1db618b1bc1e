"""Removes a page's boilerplate: menus, breadcrumbs, sharing links and notices."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile
from urllib.parse import urlsplit

from bs4 import Tag

from crawler.extraction.fields.body import select_outermost
from crawler.extraction.fields.links import FILE
from crawler.extraction.fields.regions import TEXT_CHARS_MIN, PageContext, body_selectors, other_selectors
from crawler.extraction.html.class_names import boilerplate_kind, class_names_of, semantic_names_of
from crawler.extraction.html.parse import Within, blocks, elements_in, has_ancestor, text_of
from crawler.extraction.html.selectors import CACHED_NAME_CHARS_MAX, Elements
from crawler.urls import address, canonical

_NO_TEXT = (
    "script, style, noscript, template, svg, iframe, object, embed, button, select, input, textarea, audio, "
    "video, canvas, map, dialog"
)
_HIDDEN = (
    "[hidden], [aria-hidden=true], "
    # Text for screen readers within a paragraph; elsewhere such text may be a label.
    "p .visually-hidden, li .visually-hidden, p .sr-only, li .sr-only, p .element-invisible, "
    "li .element-invisible"
)
_ELEMENTS = (
    "nav, aside, footer, form, [role=navigation], [role=search], [role=banner], [role=contentinfo], "
    "[role=complementary], [role=dialog], [role=alertdialog], [role=menu]"
)
_TEASER = re.compile(r"(?:^|[-_])teaser(?:$|[-_])")

_SHARING = re.compile(
    r"facebook\.com/(?:sharer?|dialog)|twitter\.com/(?:intent|share|home)|//x\.com/(?:intent|share)"
    r"|linkedin\.com/share|draugiem\.lv/say|wa\.me/|whatsapp|t\.me/share|telegram\.me|pinterest\.|mailto:\?",
    re.IGNORECASE,
)
# Elements that contain the whole page: never boilerplate, whatever their names.
_PAGE = frozenset(("html", "body", "main", "article", "h1"))
# An unlinked paragraph of this length is text; "Vai šī lapa bija noderīga? Palīdziet mums to uzlabot!" is
# not.
_PARAGRAPH_CHARS = 120
# "Šī vietne izmanto sīkdatnes. …"
_COOKIES = re.compile(r"s[iī]kdat|cookies?\b|файлы? cookie", re.IGNORECASE)
_NOTICE_CHARS_MAX = 1_000
# Minimum size of a link text that may be the title of another release; shorter ones name tools, categories
# and files.
_TITLE_CHARS_MIN, _TITLE_WORDS_MIN = 20, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateMatches:
    """The elements that the template's selectors find, before boilerplate is removed."""

    heading: Tag | None
    text: Tag | None
    """The first body element after the heading."""
    fields: tuple[Tag, ...]
    """The elements of all other fields."""
    ancestors: frozenset[int]
    """The ids of their ancestors."""


def match_template(page: PageContext, heading: Tag | None) -> TemplateMatches:
    """Return the elements of *page* that its template finds, with its *heading*."""
    template = page.template
    bodies, _ = select_outermost(page.elements, body_selectors(template), TEXT_CHARS_MIN) or ([], "")
    ids = _ids(bodies)
    after = dropwhile(lambda tag: heading is not None and tag is not heading, page.elements.all)
    text = next((tag for tag in after if id(tag) in ids), bodies[0] if bodies else None)
    fields = page.elements.select(*other_selectors(template), *template.category)
    ancestors = frozenset(_ids(holder for tag in fields for holder in tag.parents))
    return TemplateMatches(heading=heading, text=text, fields=tuple(fields), ancestors=ancestors)


def remove_boilerplate(page: PageContext, matches: TemplateMatches) -> Elements:
    """Remove boilerplate and the template's `drop` from the tree of *page*; return what is left.

    Ancestors of the heading or the text stay, whatever their names. Elements that the template finds, their
    descendants and their ancestors are removed only by `drop`, except cookie notices and lists of other
    releases, whose markup is the same as a release's. An element with most of the text stays too: some pages
    are one form.
    """
    elements = page.elements
    boilerplate = _Boilerplate(page, matches)
    most = len(elements.body.get_text()) / 2
    removed: list[Tag] = []
    removed_ids: set[int] = set()  # with their descendants
    for element in elements.all:
        if element.parent is None:  # removed with an ancestor
            continue
        if id(element.parent) in removed_ids:
            removed_ids.add(id(element))
        elif boilerplate.includes(element) and len(element.get_text()) < most:
            removed_ids.add(id(element))
            removed.append(element)
    for element in removed:
        element.extract()
    return Elements(elements.soup)


class _Boilerplate:
    """Decides which elements of a page are boilerplate."""

    def __init__(self, page: PageContext, matches: TemplateMatches) -> None:
        elements = page.elements
        kept = [tag for tag in (matches.heading, matches.text) if tag is not None]
        self._url = page.url
        self._dropped = _ids(elements.select(*page.template.drop))
        self._without_text = _ids(elements.select(_NO_TEXT))
        self._hidden = _ids(elements.select(_HIDDEN))
        self._elements = _ids(elements.select(_ELEMENTS))
        self._protected = {id(element) for tag in kept for element in (tag, *tag.parents)}
        self._matched = _ids((*matches.fields, *kept))
        self._is_in_match = Within(self._matched)
        self._around_matches = matches.ancestors

    def includes(self, element: Tag) -> bool:
        """Whether *element* is boilerplate."""
        key = id(element)
        if key in self._protected:
            return False
        if key in self._dropped or key in self._without_text:
            return True
        if self._is_in_match(element):
            return key not in self._matched and self._is_out_of_text(element)
        if (
            key not in self._hidden
            and not self._is_by_element(element)
            and not _is_boilerplate_by_name(element)
        ):
            return False
        if key not in self._around_matches:
            return True
        return self._lists_others(element, self._is_in_match) or _is_about_cookies(element)

    def _is_out_of_text(self, element: Tag) -> bool:
        """Whether *element*, within a field of the template, is hidden or lists other releases."""
        if id(element) in self._hidden:
            return True
        return self._is_by_element(element) and self._lists_others(element, Within(()))

    def _is_by_element(self, element: Tag) -> bool:
        if element.name == "article":
            return any(map(_TEASER.search, semantic_names_of(element)))
        # The footer of a quotation names its source.
        is_source = element.name == "footer" and has_ancestor(element, ("blockquote",))
        return id(element) in self._elements and not is_source

    def _lists_others(self, element: Tag, is_excluded: Within) -> bool:
        """Whether a link in *element* is the title of another page; links that *is_excluded* are skipped."""
        links = (link for link in elements_in(element, ("a",)) if not is_excluded(link))
        return any(self._leads_to_other(link) for link in links)

    def _leads_to_other(self, link: Tag) -> bool:
        target = address(str(link.get("href", "")), self._url)
        if target is None or urlsplit(target).netloc != urlsplit(self._url).netloc or FILE.search(target):
            return False
        title = text_of(link)
        is_title = len(title) >= _TITLE_CHARS_MIN and len(title.split()) >= _TITLE_WORDS_MIN
        return is_title and canonical(target) != canonical(self._url)


def _ids(tags: Iterable[Tag]) -> set[int]:
    return set(map(id, tags))


def _is_boilerplate_by_name(element: Tag) -> bool:
    if not element.attrs or element.name in _PAGE:
        return False
    if element.name == "a" and _is_sharing_link(str(element.attrs.get("href") or "")):
        return True
    kinds = set(map(boilerplate_kind, class_names_of(element)))
    return "notice" in kinds or ("tool" in kinds and not _has_paragraph(element))


def _is_about_cookies(element: Tag) -> bool:
    text = element.get_text()
    return len(text) <= _NOTICE_CHARS_MAX and bool(_COOKIES.search(text))


def _has_paragraph(element: Tag) -> bool:
    return any(
        len(block.text) >= _PARAGRAPH_CHARS and block.linked < 0.5 and "|" not in block.text
        for block in blocks(element)
    )


def _is_sharing_link(href: str) -> bool:
    return (
        _matches_sharing(href) if len(href) <= CACHED_NAME_CHARS_MAX else _matches_sharing.__wrapped__(href)
    )


@lru_cache(maxsize=4096)
def _matches_sharing(href: str) -> bool:
    return bool(_SHARING.search(href))
