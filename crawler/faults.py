"""Faults that one page may cause, and that must cost no more than that page."""

# What no page should be able to raise. If one does, it must not keep the others from being read and stored.
# MemoryError is not among them: where memory runs out, a fresh process may have enough.
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
# What the report says of a page whose commit met one.
CANNOT_BE_STORED = "cannot be stored"
