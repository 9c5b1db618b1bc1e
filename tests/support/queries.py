"""The meaning of parsed queries: what a clause matches, and its shape in one line."""

from collections.abc import Callable, Iterator
from datetime import date
from fnmatch import fnmatchcase

from index.analysis import Token
from index.query import (
    AllOf,
    AnyOf,
    Clause,
    Everything,
    Fuzzy,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Query,
    Wildcard,
    Word,
)
from index.query.words import read_unaccented, settle

TODAY = date(2026, 11, 25)
MINISTRIES = ("Iekšlietu ministrija", "Ārlietu ministrija", "Valsts policija")
Parse = Callable[..., Query]


def leaves(clause: Clause) -> Iterator[Clause]:
    match clause:
        case AllOf(clauses) | AnyOf(clauses) | MostOf(clauses):
            for inner in clauses:
                yield from leaves(inner)
        case Not(inner):
            yield from leaves(inner)
        case _:
            yield clause


class TextVocabulary:
    """The terms of one text, as an engine would know them."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens

    def size(self, field: str, text: str) -> int:
        return sum(text in getattr(token.forms, field) for token in self._tokens)


def matches(clause: Clause, tokens: list[Token]) -> bool:
    """Return whether *clause* matches a text, perhaps only if its words are read with diacritics."""
    settled = settle(clause, TextVocabulary(tokens))
    return _matches(settled, tokens) or _matches(read_unaccented(settled) or settled, tokens)


def _matches(clause: Clause, tokens: list[Token]) -> bool:  # noqa: PLR0911  # one for each kind of clause
    """Return whether a settled *clause* matches a text: a reference implementation of the query language."""
    match clause:
        case AllOf(clauses):
            return all(_matches(inner, tokens) for inner in clauses)
        case AnyOf(clauses) | MostOf(clauses):
            return any(_matches(inner, tokens) for inner in clauses)
        case Not(inner):
            return not _matches(inner, tokens)
        case Everything():
            return True
        case Phrase(words=words, slop=slop):
            return any(_phrase_at(words, tokens, at, slop) for at in range(len(tokens)))
        case Prefix(text=text):
            return any(term.startswith(text) for token in tokens for term in token.forms.fold)
        case Word():
            return any(_word_matches(clause, token) for token in tokens)
        case Wildcard(text=text):
            return any(fnmatchcase(term, text) for token in tokens for term in token.forms.fold)
        case Fuzzy(text=text):
            return any(text in token.forms.fold for token in tokens)


def _phrase_at(words: tuple[Word, ...], tokens: list[Token], at: int, slop: int) -> bool:
    first, *rest = words
    if not _word_matches(first, tokens[at]):
        return False
    if not rest:
        return True
    after = range(at + 1, min(at + 2 + slop, len(tokens)))
    return any(_phrase_at(tuple(rest), tokens, place, slop - (place - at - 1)) for place in after)


def _word_matches(word: Word, token: Token) -> bool:
    return any(
        not set(getattr(word, field)).isdisjoint(getattr(token.forms, field))
        for field in ("lemma", "exact", "fold", *(("stem",) if word.stem_matches else ()))
    )


def shape(clause: Clause) -> str:  # noqa: PLR0911  # one for each kind of clause
    """Return *clause* as a line: all in parentheses, alternatives between bars, everything a star."""
    inner = (shape(one) for one in getattr(clause, "clauses", ()))
    match clause:
        case AllOf() | MostOf():
            return f"({' '.join(inner)})"
        case AnyOf():
            return f"({' | '.join(inner)})"
        case Not(one):
            return f"-{shape(one)}"
        case Everything():
            return "*"
    part = f"{clause.part}:" if clause.part else ""
    match clause:
        case Word(text=text):
            return f"{part}{text}"
        case Phrase(words=words, slop=slop):
            return f'{part}"{" ".join(word.text for word in words)}"~{slop}'
        case Prefix(text=text):
            return f"{part}{text}*"
        case Fuzzy(text=text, distance=distance):
            return f"{part}{text}~{distance}"
        case Wildcard(text=text):
            return f"{part}{text}"
