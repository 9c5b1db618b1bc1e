"""How do texts become postings, in bounded memory?"""

from index.writer.text_writer import TextWriter
from index.writer.token_buffer import DocumentPart

__all__ = [
    "DocumentPart",
    "TextWriter",
]
