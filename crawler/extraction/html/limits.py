"""Size limits of markup, and the removal of markup without text."""

import re

from crawler.charset import without_comments

# A page of the shared platform has 250,000 characters. Only this much of a longer page is read.
MARKUP_CHARS_MAX = 600_000
# Latvian and Russian letters take at most two bytes.
MARKUP_BYTES_MAX = 2 * MARKUP_CHARS_MAX
# Shorter data URLs are addresses and icons.
INLINED_CHARS_MIN = 1000

# Each pattern either fails close to its start or consumes everything it scanned, so a page of nothing but
# opening tags stays linear.

# Inlined images and fonts, and other long attributes. Two patterns, since the engine finds one literal prefix
# quickly but not an alternation of two.
_INLINED = re.compile(r"""data:[^"'<>\s]*+""")
_LONG_ATTRIBUTE = re.compile(r"""=\s*(?:"[^"]{10000,}"|'[^']{10000,}')""")
_CODE = r"(?>(?:[^<-]++|<(?!/(?:script|style|SCRIPT|STYLE)\b)|-(?!->))*)"
# Code in scripts and styles, except JSON-LD: most of many news pages.
_SCRIPT = re.compile(r"(<(?:script|style|SCRIPT|STYLE)\b(?![^<>]{0,300}ld\+json)[^<>]*>)" + _CODE)
_ANY_SCRIPT = re.compile(r"(<(?:script|SCRIPT)\b[^<>]*>)" + _CODE)


def strip_bulk(text: str, at_most: int) -> str:
    """Return the markup *text*, dropping code and inlined data until it fits into *at_most* characters."""
    bare = _LONG_ATTRIBUTE.sub("=_", _INLINED.sub(_shorten_inlined, text))
    if len(bare) > at_most:
        bare = _SCRIPT.sub(r"\1", bare)
    if len(bare) > at_most:  # no comment can begin within a script any more
        bare = without_comments(bare)
    if len(bare) > at_most:  # JSON-LD of this size is not metadata
        bare = _ANY_SCRIPT.sub(r"\1", bare)
    return bare


def _shorten_inlined(inlined: re.Match[str]) -> str:
    return inlined[0] if len(inlined[0]) < INLINED_CHARS_MIN else "=_"
