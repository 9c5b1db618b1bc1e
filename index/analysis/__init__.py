"""What is a word? From text to tokens with their dictionary forms, stems and folds."""

from index.analysis.analyzer import Analyzer, Forms, Token, analyze, default_analyzer

__all__ = [
    "Analyzer",
    "Forms",
    "Token",
    "analyze",
    "default_analyzer",
]
