"""The form in which a query is counted, and which queries are never counted."""

import re
from unicodedata import normalize

from preses_relizes.shared.masking import mask

QUERY_CHARS_MAX = 150
"""Longer queries are pasted texts, which hardly anyone repeats."""
# Latvian personal codes, old and new, and whatever else has as many digits: accounts, cards, registrations.
_NUMBERED = re.compile(r"\d{6}[\s-]?\d{5}|\d(?:[\s-]?\d){8}")


def logged_text(typed: str) -> str | None:
    """Return *typed* as it is counted: one line in lower case; None if it must not be counted.

    >>> logged_text("  Valsts  BUDŽETS "), logged_text("tālr. 67000000"), logged_text("010190-12345")
    ('valsts budžets', None, None)
    """
    text = " ".join(normalize("NFC", typed).split()).lower()
    if not text or len(text) > QUERY_CHARS_MAX or not text.isprintable():
        return None
    return None if _NUMBERED.search(text) or mask(text) != text else text
