"""How much of a page's mark-up is read, and what in it is no text."""

# A TVP page has 250,000 characters; beyond this a page is read from its beginning only.
MARKUP_CHARS_MAX = 600_000
# Images and fonts that stand in the page itself, and other attributes that nobody reads. One after the other:
# what each begins with is quick to find, and one of both is not.
INLINED = (r"""data:[^"'<>\s]{1000,}""", r"""=\s*(?:"[^"]{10000,}"|'[^']{10000,}')""")
_CODE = r"(?:[^<-]++|<(?!/(?:script|style|SCRIPT|STYLE)\b)|-(?!->))*+"
# What is left out of a page that is too large, one after another until it is not, and what takes its place:
OMITTED = (
    # the code in scripts and styles, but for JSON-LD, and after a comment: most of many a news page;
    (r"(<(?:script|style|SCRIPT|STYLE)\b(?![^<>]{0,300}ld\+json)[^<>]*>)" + _CODE, r"\1"),
    # comments, now that none can begin within a script;
    (r"<!--(?:[^-]++|-(?!->))*+-->", ""),
    # JSON-LD: of that size it says nothing of the page.
    (r"(<(?:script|SCRIPT)\b[^<>]*>)" + _CODE, r"\1"),
)
