"""Here are a text, its structure and its matches: give its HTML."""

from searcher.pages.release_text.marked_text import MarkedText, mark_release
from searcher.pages.release_text.structured_text import TextHtml, TextLabels, text_html

__all__ = ["MarkedText", "TextHtml", "TextLabels", "mark_release", "text_html"]
