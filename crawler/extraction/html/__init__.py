"""What are a page's elements and its blocks of text?"""

from crawler.extraction.html.parse import Block, blocks, parse_html, text_of
from crawler.extraction.html.selectors import Elements

__all__ = ["Block", "Elements", "blocks", "parse_html", "text_of"]
