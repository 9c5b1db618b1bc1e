"""Errors that a single page may cause; only that page may be lost to them."""

# Errors that no page should be able to raise. If one does, the other pages must still be stored.
# MemoryError is not listed: a fresh process may have enough memory.
UNFORESEEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RecursionError,
    SyntaxError,  # lxml's
    TypeError,
    ValueError,
)
# The reason that a crawl reports if one of these is raised while a page is stored.
CANNOT_BE_STORED = "cannot be stored"
