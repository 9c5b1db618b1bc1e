"""Finds the related terms of a query that led to its hits: those that are marked in them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from crawler.config import Language
from index.engines.answers.marked_terms import Tokens, tokens_of
from index.query import Expansion, RelatedTerm


def find_terms(expansions: Sequence[Expansion], marked: Sequence[Sequence[Tokens]]) -> tuple[Expansion, ...]:
    """Return *expansions* with the terms that stand among the *marked* tokens of the passages of each hit.

    Those of the first hits come first. Expansions without such a term are left out.
    """
    passages = [_Passage(place, tokens) for place, each in enumerate(marked, 1) for tokens in each]
    by_lemma: dict[str, set[int]] = {}
    for number, passage in enumerate(passages):
        for token in passage.tokens:
            for lemma in token.lemmas:
                by_lemma.setdefault(lemma, set()).add(number)
    found = [_keep_marked(each, passages, by_lemma) for each in expansions]
    return tuple(each for each in _name_once(found) if each.terms)


def _name_once(expansions: Iterable[Expansion]) -> Iterator[Expansion]:
    """Yield *expansions* without the terms of earlier ones: phrases that overlap have the same concepts."""
    named: set[tuple[str, Language]] = set()
    for each in expansions:
        terms = {(term.text, term.language): term for term in each.terms}
        yield replace(each, terms=tuple(term for name, term in terms.items() if name not in named))
        named.update(terms)


class _Passage(NamedTuple):
    place: int
    """Of its hit, from 1."""
    tokens: Tokens


def _keep_marked(
    expansion: Expansion, passages: Sequence[_Passage], by_lemma: Mapping[str, set[int]]
) -> Expansion:
    shares = []
    # Few of the terms are marked in any hit, so most are left out by their first word.
    marked = by_lemma.keys()
    for term in (term for term in expansion.terms if not marked.isdisjoint(term.words[0])):
        places = {passages[number].place for number in _standing_in(term, passages, by_lemma)}
        if places:
            shares.append((sum(1 / place for place in places), term))
    terms = [term for _, term in sorted(shares, key=lambda pair: -pair[0])]
    return replace(expansion, terms=tuple(_explain_once(terms)))


def _explain_once(terms: Iterable[RelatedTerm]) -> Iterator[RelatedTerm]:
    """Yield *terms* without those of which an earlier one explains what they mark."""
    by_lemma: dict[str, list[RelatedTerm]] = {}
    for term in terms:
        first, *_ = term.words
        if not any(_names(other, term) for other in by_lemma.get(first[0], ())):
            yield term
        for lemma in first:
            by_lemma.setdefault(lemma, []).append(term)


def _standing_in(
    term: RelatedTerm, passages: Sequence[_Passage], by_lemma: Mapping[str, set[int]]
) -> Collection[int]:
    """Return the numbers of the passages in which *term* stands."""
    numbers: set[int] | None = None
    for lemmas in term.words:
        having = set[int]().union(*(by_lemma[lemma] for lemma in lemmas if lemma in by_lemma))
        numbers = having if numbers is None else numbers & having
        if not numbers:
            return ()
    if len(term.words) == 1:
        return numbers or ()
    return [number for number in numbers or () if tokens_of(term, passages[number].tokens)]


def _names(term: RelatedTerm, other: RelatedTerm) -> bool:
    """Return whether *term* explains what *other* marks: a form of the same words, and of no further ones."""
    return len(term.words) == len(other.words) and all(
        set(lemmas) >= set(others) for lemmas, others in zip(term.words, other.words, strict=True)
    )
