"""The words of a typed query and their spans, so that a suggestion can replace a word."""

from collections.abc import Iterator
from dataclasses import dataclass

from index.analysis.latvian.stopwords import stop_words
from index.query.lexemes import LEXEME, LEXEMES_MAX, OPERATORS
from index.query.periods import bound_spans
from index.query.times.appearances import spell_out_appearance


@dataclass(frozen=True, slots=True)
class Piece:
    """The span of a word, phrase, filter or bound (`pēc 2024. gada`), with the sign or part before it."""

    start: int
    end: int
    word: str
    """The word, if it is a plain word; else empty."""
    name: tuple[int, int] = (0, 0)
    """The span of the part before it (`virsraksts:`); empty if there is none."""


def pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of *text*, without operators, parentheses and stop words.

    >>> [piece.word for piece in pieces('virsraksts:budžets VAI "valsts kase" kas')]
    ['budžets', '']
    """
    text = spell_out_appearance(text)
    bounds = dict(bound_spans(text))
    start = at = 0
    name = (0, 0)
    for _ in range(LEXEMES_MAX):
        if at in bounds:
            yield Piece(start, bounds[at], "")
            start = at = bounds[at]
            continue
        match = LEXEME.match(text, at)
        if not match:
            return
        at = match.end()
        if match.lastgroup in ("minus", "part"):
            name = match.span() if match.lastgroup == "part" else name
            continue
        is_word = match.lastgroup == "word"
        if match.lastgroup in ("phrase", "filter") or (is_word and not _is_stop(match[0])):
            plain = is_word and not (match["exact"] or match["star"] or match["fuzzy"])
            yield Piece(start, at, match["token"] if plain else "", name)
        start, name = at, (0, 0)


def _is_stop(word: str) -> bool:
    return word in OPERATORS or word.lower() in stop_words()
