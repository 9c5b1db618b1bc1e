"""All text of a page in blocks, so that an operator can compare it with what was extracted."""

from crawler.extraction.html.parse import blocks, parse_html, tidy
from crawler.page import Page

BLOCKS_MAX, CHARS_MAX = 500, 2_000


def text_blocks(page: Page) -> tuple[str, ...]:
    """Return the blocks of *page* in reading order, menus and footers included, within the limits."""
    found = []
    for block in blocks(parse_html(page.text).body):
        if text := tidy(block.text):
            found.append(text[:CHARS_MAX])
        if len(found) == BLOCKS_MAX:
            break
    return tuple(found)
