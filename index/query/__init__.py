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
    Note,
    NoteKind,
    Part,
    Phrase,
    Prefix,
    Query,
    Sort,
    Wildcard,
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
    "Note",
    "NoteKind",
    "Part",
    "Period",
    "Phrase",
    "Piece",
    "Prefix",
    "Query",
    "Sort",
    "Synonyms",
    "Wildcard",
    "Word",
    "parse",
    "pieces",
    "read_date",
]
