"""How much of a page's mark-up is read, and what in it is no text."""

# A TVP page has 250,000 characters; beyond this a page is read from its beginning only.
MARKUP_CHARS_MAX = 600_000
# Images and fonts that stand in the page itself, and other attributes that nobody reads. One after the other:
# what each begins with is quick to find, and one of both is not.
INLINED = (r"""data:[^"'<>\s]{1000,}""", r"""=\s*(?:"[^"]{10000,}"|'[^']{10000,}')""")
# The code in scripts and styles, but for JSON-LD, and after a comment: most of many a news page.
CODE = (
    r"(<(?:script|style|SCRIPT|STYLE)\b(?![^<>]{0,300}ld\+json)[^<>]*>)"
    r"(?:[^<-]++|<(?!/(?:script|style|SCRIPT|STYLE)\b)|-(?!->))*+"
)
