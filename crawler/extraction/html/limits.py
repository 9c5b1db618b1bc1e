"""How much of a page's mark-up is read, and what in it is no text."""

import re

from crawler.charset import without_comments

# A TVP page has 250,000 characters; beyond this a page is read from its beginning only.
MARKUP_CHARS_MAX = 600_000
# Letters of Latvian and Russian take two bytes at most.
MARKUP_BYTES_MAX = 2 * MARKUP_CHARS_MAX
# Shorter ones are addresses and icons.
INLINED_CHARS_MIN = 1000

# Each of these patterns either fails near where it began or takes all that it looked at, so that a page of
# nothing but beginnings takes no longer than any other.

# Images and fonts within the page, and other attributes that nobody reads. One pattern after the other: what
# each begins with is quick to find, and what either begins with is not.
_INLINED = re.compile(r"""data:[^"'<>\s]*+""")
_LONG_ATTRIBUTE = re.compile(r"""=\s*(?:"[^"]{10000,}"|'[^']{10000,}')""")
_CODE = r"(?:[^<-]++|<(?!/(?:script|style|SCRIPT|STYLE)\b)|-(?!->))*+"
# The code in scripts and styles, but for JSON-LD, and after a comment: most of many a news page.
_SCRIPT = re.compile(r"(<(?:script|style|SCRIPT|STYLE)\b(?![^<>]{0,300}ld\+json)[^<>]*>)" + _CODE)
_ANY_SCRIPT = re.compile(r"(<(?:script|SCRIPT)\b[^<>]*>)" + _CODE)


def strip_bulk(text: str, at_most: int) -> str:
    """Return the mark-up *text* without what is no text, as far as needed for *at_most* characters."""
    bare = _LONG_ATTRIBUTE.sub("=_", _INLINED.sub(_shorten_inlined, text))
    if len(bare) > at_most:
        bare = _SCRIPT.sub(r"\1", bare)
    if len(bare) > at_most:  # none can begin within a script any more
        bare = without_comments(bare)
    if len(bare) > at_most:  # JSON-LD of that size says nothing of the page
        bare = _ANY_SCRIPT.sub(r"\1", bare)
    return bare


def _shorten_inlined(inlined: re.Match[str]) -> str:
    return inlined[0] if len(inlined[0]) < INLINED_CHARS_MIN else "=_"
