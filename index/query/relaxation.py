"""Query relaxation: broader queries for one that matches too little."""

from collections.abc import Sequence

from msgspec.structs import replace

from index.analysis import Analyzer
from index.query.ast import STRICT, AllOf, AnyOf, Clause, Everything, MostOf, Not, Phrase, Word
from index.query.rewrite import all_of, is_optional
from index.query.specificity import specificity
from index.query.words import any_form

# The most clauses that are weighed against each other; what else is asked is less specific.
_WEIGHED = 6
_ROUNDING = 1e-9


def covering(clause: Clause, share: float, scored: Clause | None = None) -> Clause:
    """Return *clause* relaxed to require clauses that make up *share* of its specificity; scores as *scored*.

    A clause of which nothing can be left out matches what it did: a single word, alternatives, or words of
    which each is needed.
    """
    match clause, scored or clause:
        case AllOf(clauses), AllOf(scored_clauses):
            required, others = _partition(clauses)
            if len(required) < 2 or (share == 1 and scored_clauses == clauses):
                return clause
            gate = _gate(required, share)
            # A clause excluded twice matches without a score: the clauses score as a part of the query.
            return AllOf((MostOf(_partition(scored_clauses)[0]), Not(Not(gate)), *others))
        case _, AnyOf() as alternatives if alternatives != clause:
            return AllOf((alternatives, Not(Not(clause))))
    return clause


def _gate(clauses: Sequence[Clause], share: float) -> Clause:
    """Return what matches *share* of the specificity of *clauses*, the most specific first."""
    if share == 1:
        return AllOf(tuple(clauses))
    weighed = sorted(clauses, key=specificity, reverse=True)[:_WEIGHED]
    weights = list(map(specificity, weighed))
    return _any_enough(weighed, weights, share * sum(weights)) or Everything()


def _any_enough(clauses: Sequence[Clause], weights: Sequence[float], needed: float) -> Clause | None:
    """Return what matches clauses of at least the weight *needed*; None if nothing is needed."""
    if needed <= _ROUNDING:
        return None
    first, others = clauses[0], clauses[1:]
    rest = _any_enough(others, weights[1:], needed - weights[0])
    including = all_of((first, rest)) if rest else first
    if sum(weights[1:]) < needed - _ROUNDING:
        return including
    excluding = _any_enough(others, weights[1:], needed)
    return AnyOf((including, excluding)) if excluding else including


def _partition(clauses: Sequence[Clause]) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    """Return the required clauses, and those that are negated or optional."""
    others = tuple(clause for clause in clauses if isinstance(clause, Not) or is_optional(clause))
    required = tuple(clause for clause in clauses if clause not in others and clause != Everything())
    return required, others


def relax_phrases(clause: Clause, analyzer: Analyzer) -> Clause:
    """Return *clause*, in which phrases match any form of their words; exact phrases are kept."""
    match clause:
        case Phrase(words=words) if not any(word.text.startswith(STRICT) for word in words):
            return replace(clause, words=tuple(_any_form(word, analyzer) for word in words))
        case AllOf(clauses):
            return AllOf(tuple(relax_phrases(inner, analyzer) for inner in clauses))
        case AnyOf(clauses):
            return AnyOf(tuple(relax_phrases(inner, analyzer) for inner in clauses))
    return clause


def _any_form(word: Word, analyzer: Analyzer) -> Word:
    return replace(any_form(word.text, analyzer), part=word.part, scored=word.scored)
