"""What does a typed text ask for? Any text is a query, parsed into filters and a tree of clauses."""

from crawler.config import Language
from index.query.ast import (
    AllOf,
    AnyOf,
    AskedInterval,
    Clause,
    EnoughOf,
    Everything,
    Expansion,
    Fuzzy,
    InOpening,
    Interval,
    MostOf,
    Not,
    Note,
    NoteKind,
    Part,
    Phrase,
    Prefix,
    Query,
    Related,
    RelatedTerm,
    Sort,
    Wildcard,
    Word,
)
from index.query.filters import BY_NAME, COMPLETED, FILTERS, TRAITS, Filter, Filters, InterfaceText
from index.query.parser import parse
from index.query.periods import Period, read_date
from index.query.pieces import Piece, pieces
from index.query.synonyms import Synonyms
from index.query.times import Days
from index.query.typed_filters import KnownValues, drop_days, drop_times

__all__ = [
    "BY_NAME",
    "COMPLETED",
    "FILTERS",
    "TRAITS",
    "AllOf",
    "AnyOf",
    "AskedInterval",
    "Clause",
    "Days",
    "EnoughOf",
    "Everything",
    "Expansion",
    "Filter",
    "Filters",
    "Fuzzy",
    "InOpening",
    "InterfaceText",
    "Interval",
    "KnownValues",
    "Language",
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
    "Related",
    "RelatedTerm",
    "Sort",
    "Synonyms",
    "Wildcard",
    "Word",
    "drop_days",
    "drop_times",
    "parse",
    "pieces",
    "read_date",
]
