"""What is a word? From text to tokens, each with its dictionary forms, stems and folded spelling."""

from index.analysis.analyzer import (
    Analyzer,
    PieceReader,
    Pieces,
    Token,
    TokenColumns,
    analyze,
    default_analyzer,
)
from index.analysis.forms import Forms, QueryForms

__all__ = [
    "Analyzer",
    "Forms",
    "PieceReader",
    "Pieces",
    "QueryForms",
    "Token",
    "TokenColumns",
    "analyze",
    "default_analyzer",
]
