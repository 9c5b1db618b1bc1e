"""What is asked? Any text is a query."""

from index.query.ast import (
    AllOf,
    AnyOf,
    AskedInterval,
    Clause,
    Everything,
    Filters,
    Fuzzy,
    Interval,
    MostOf,
    Not,
    Part,
    Phrase,
    Prefix,
    Query,
    Sort,
    Word,
)
from index.query.parser import parse

__all__ = [
    "AllOf",
    "AnyOf",
    "AskedInterval",
    "Clause",
    "Everything",
    "Filters",
    "Fuzzy",
    "Interval",
    "MostOf",
    "Not",
    "Part",
    "Phrase",
    "Prefix",
    "Query",
    "Sort",
    "Word",
    "parse",
]
