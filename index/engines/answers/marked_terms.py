"""Where the related terms of a query stand among the marks of a passage: as words, or as whole phrases."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.latvian.tokenizer import TOKEN
from index.query import RelatedTerm
from index.query.specificity import is_common
from index.results import Hit, Passage

_ROOM = 3
"""The most other words within a phrase, as in what matches it, besides its own stop words."""


class MarkedToken(NamedTuple):
    """A marked token of a passage."""

    place: int
    """The number of spaces before it: nearly that of the words, and soon counted."""
    start: int
    end: int
    lemmas: frozenset[str]


Tokens = Sequence[MarkedToken]
"""The marked tokens of a passage, in order."""
LemmasOf = Callable[[str, Language], frozenset[str]]
"""Returns the lemmas of a token of a text in a language."""


def lemmas_by(analyzer: Analyzer) -> LemmasOf:
    """Return what finds the lemmas of the tokens of one answer, which has the same ones again and again."""
    return cache(lambda token, language: frozenset(analyzer.forms(token, language).lemma))


def marked_tokens(passage: Passage, language: Language, lemmas_of: LemmasOf) -> Tokens:
    """Return the marked tokens of *passage*, which is in *language*."""
    text, tokens = passage.text, []
    place = end = 0
    for first, last in passage.marks:
        for match in TOKEN.finditer(text, first, last):
            place += text.count(" ", end, match.start())
            end = match.end()
            tokens.append(MarkedToken(place, match.start(), end, lemmas_of(match[0], language)))
    return tokens


def marked_passages(hit: Hit, lemmas_of: LemmasOf) -> list[Tokens]:
    """Return the marked tokens of the title of *hit* and of each of its passages."""
    return [marked_tokens(each, hit.language, lemmas_of) for each in (hit.title, *hit.passages)]


def tokens_of(term: RelatedTerm, tokens: Tokens) -> set[MarkedToken]:
    """Return those of the marked *tokens* of a passage in which *term* stands, whole.

    A phrase stands there in its order; what one does with something, in either. A common word of it must be
    beside another word of it.
    """
    if len(term.words) == 1:
        return {token for token in tokens if not token.lemmas.isdisjoint(term.words[0])}
    orders = (term.words, term.words[::-1]) if term.has_verb else (term.words,)
    reach = len(term.words) - 1 + term.slop + _ROOM
    return {
        token
        for words in orders
        for found in _occurrences(words, tokens, reach)
        if _has_common_words_beside(found, 1 + term.slop)
        for token in found
    }


def _occurrences(words: Sequence[tuple[str, ...]], tokens: Tokens, reach: int) -> Iterator[list[MarkedToken]]:
    """Yield the tokens of *words* in their order, the last at most *reach* words after the first."""
    for at, first in enumerate(tokens):
        if first.lemmas.isdisjoint(words[0]):
            continue
        found = [first]
        for token in tokens[at + 1 :]:
            if token.place - first.place > reach or len(found) == len(words):
                break
            if not token.lemmas.isdisjoint(words[len(found)]):
                found.append(token)
        if len(found) == len(words):
            yield found


def _has_common_words_beside(found: Sequence[MarkedToken], gap: int) -> bool:
    """Return whether each common word among *found* is at most *gap* words from another of them."""
    gaps = [after.place - before.place for before, after in pairwise(found)]
    least = map(min, zip([gap + 1, *gaps], [*gaps, gap + 1], strict=True))
    return all(
        apart <= gap or not any(map(is_common, token.lemmas))
        for apart, token in zip(least, found, strict=True)
    )
