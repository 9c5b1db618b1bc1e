"""Query relaxation: broader queries for one that matches too little."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from index.analysis import Analyzer
from index.query.ast import STRICT, AllOf, AnyOf, Clause, Everything, MostOf, Not, Phrase, Word
from index.query.rewrite import all_of, is_optional
from index.query.words import any_form

ENOUGH = 100
"""A clause with related words that finds this many releases is searched as it is: faster, more precise."""


def relax(
    clause: Clause, analyzer: Analyzer, *, related: Clause | None = None
) -> Iterator[tuple[Clause, int]]:
    """Yield what to search instead of *clause*, each with the fewest matches it must have to answer.

    First its phrases in any form of their words; then *related*, the clause with related words, if given;
    then what matches most of the words. Nothing if *clause* cannot be relaxed: a single word without related
    words, exclusions.
    """
    loose = _relax_phrases(clause, analyzer)
    if loose != clause:
        yield loose, 1
    most = _most_of(related or loose)
    if related:
        yield related, ENOUGH if most else 0
    if most:
        yield most, 0


def relax_to_any(clause: Clause, analyzer: Analyzer) -> Clause | None:
    """Return *clause* relaxed to require only one of its words.

    None if it cannot be relaxed: a single word, alternatives, exact words.
    """
    loose = _relax_phrases(clause, analyzer)
    match loose:
        case AllOf(clauses):
            required, others = _partition(clauses)
            return all_of((AnyOf(required), *others)) if len(required) > 1 else None
        case Phrase() if loose != clause:
            return loose
    return None


def _most_of(clause: Clause) -> Clause | None:
    match clause:
        case AllOf(clauses):
            required, others = _partition(clauses)
            return AllOf((MostOf(required), *others)) if len(required) > 1 else None
    return None


def _partition(clauses: Sequence[Clause]) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    """Return the required clauses, and those that are negated or optional."""
    others = tuple(clause for clause in clauses if isinstance(clause, Not) or is_optional(clause))
    required = tuple(clause for clause in clauses if clause not in others and clause != Everything())
    return required, others


def _relax_phrases(clause: Clause, analyzer: Analyzer) -> Clause:
    match clause:
        case Phrase(words=words) if not any(word.text.startswith(STRICT) for word in words):
            return replace(clause, words=tuple(_any_form(word, analyzer) for word in words))
        case AllOf(clauses):
            return AllOf(tuple(_relax_phrases(inner, analyzer) for inner in clauses))
        case AnyOf(clauses):
            return AnyOf(tuple(_relax_phrases(inner, analyzer) for inner in clauses))
    return clause


def _any_form(word: Word, analyzer: Analyzer) -> Word:
    return replace(any_form(word.text, analyzer), part=word.part, scored=word.scored)
