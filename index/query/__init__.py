"""What does a typed text ask for? Any text is a query, parsed into filters and a tree of clauses."""

from index.query.ast import (
    AllOf,
    AnyOf,
    AskedInterval,
    Clause,
    Everything,
    Expansion,
    Filters,
    Fuzzy,
    Interval,
    MostOf,
    Not,
    Part,
    Phrase,
    Prefix,
    Query,
    Related,
    Sort,
    Word,
)
from index.query.parser import parse
from index.query.periods import Period, read_date
from index.query.pieces import Piece, pieces
from index.query.synonyms import Synonyms

__all__ = [
    "AllOf",
    "AnyOf",
    "AskedInterval",
    "Clause",
    "Everything",
    "Expansion",
    "Filters",
    "Fuzzy",
    "Interval",
    "MostOf",
    "Not",
    "Part",
    "Period",
    "Phrase",
    "Piece",
    "Prefix",
    "Query",
    "Related",
    "Sort",
    "Synonyms",
    "Word",
    "parse",
    "pieces",
    "read_date",
]
