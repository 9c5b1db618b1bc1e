"""Lists that do not show all their releases: a button, a script, a frame, or parts of a page has them."""

import re
from collections import defaultdict
from urllib.parse import urldefrag

from bs4 import Tag

from crawler.extraction.fields.dates import fold
from crawler.extraction.html.parse import base_url_of, text_of
from crawler.extraction.html.selectors import Elements
from crawler.urls import address

# Fewer parts of a page are its table of contents.
PARTS_MIN = 3
TITLE_CHARS_MIN = 15

_MORE = re.compile(
    r"(?:ieladet|radit|paradit|skatit|atvert) (?:vel |vairak|nakam|citas|vecak)\w*.{0,30}|vairak(?: \w+)?|vel"
    r"|(?:load|show|view|see) more.{0,30}|more(?: \w+)?|older(?: \w+)?"
    r"|(?:показать|загрузить|смотреть) (?:еще|больше).{0,30}|еще(?: \w+)?"
)
_BUTTONS = ("button", "[role=button]", "input[type=button]", "input[type=submit]", "a")
# The element that a script fills is empty, and named after what it will hold.
_FILLED = re.compile(r"app|root|news|list|feed|item|result|content|jaunum|zin|raksti|relizes", re.IGNORECASE)


def remark_on_list(elements: Elements, url: str, releases: int, *, has_next_page: bool) -> str:
    """Return what is left out of the list page at *url*, which leads to *releases*; empty: nothing."""
    parts = _most_parts_of_a_page(elements, url)
    if parts > max(releases, PARTS_MIN - 1):
        return f"the list links to {parts} parts of one page, which are not read as releases"
    if not has_next_page and any(map(_is_more, elements.select(*_BUTTONS))):
        return f"the list shows {releases}, older ones are behind a button"
    if releases:
        return ""
    if frames := [str(frame["src"]) for frame in elements.select("iframe[src]")]:
        return f"the list is in a frame: name {address(frames[0], url) or frames[0]} in `start`"
    return "the list is made by a script: see `json_list`" if _is_filled_by_script(elements) else ""


def _most_parts_of_a_page(elements: Elements, url: str) -> int:
    """Return the number of titles that lead to parts of the same page."""
    base = base_url_of(elements, url)
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for link in elements.select("a[href*='#']"):
        page, part = urldefrag(str(link["href"]))
        if part and not part.startswith("!") and len(text_of(link)) >= TITLE_CHARS_MIN:
            parts[(address(page, base) if page else None) or url].add(part)
    return max(map(len, parts.values()), default=0)


def _is_more(button: Tag) -> bool:
    """Whether *button* asks for more of the list, and leads to no page."""
    href = str(button.get("href", "")).strip()
    if href and not href.startswith(("#", "javascript:")):
        return False
    text = str(button.get("value", "")) if button.name == "input" else text_of(button)
    return bool(_MORE.fullmatch(fold(text).strip(" .…>»+↓")))


def _is_filled_by_script(elements: Elements) -> bool:
    if not elements.select("script"):
        return False
    holders = elements.select("div[id]", "div[class]", "main", "section", "ul", "tbody")
    return any(
        not text_of(holder)
        and (
            holder.name in ("main", "ul", "tbody")
            or _FILLED.search(f"{holder.get('id')} {holder.get('class')}")
        )
        for holder in holders
    )
