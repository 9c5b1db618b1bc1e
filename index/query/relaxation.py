"""Query relaxation: broader queries for one that matches too little."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from msgspec.structs import replace

from index.analysis import Analyzer
from index.query.ast import (
    STRICT,
    AllOf,
    AnyOf,
    Clause,
    EnoughOf,
    Everything,
    InOpening,
    MostOf,
    Not,
    Phrase,
    Word,
)
from index.query.rewrite import all_of, is_optional
from index.query.specificity import specificity
from index.query.words import any_form

# The most clauses that are weighed against each other; what else is asked is less specific.
_WEIGHED = 6
# A word that says nearly as much as the most specific one is as much what was asked.
_KEY_SHARE = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How much of a query a release must say to be counted, as shares of the specificity of its words.

    The most specific of the words must be there, or one that is nearly as specific, or related to either.
    """

    same: float
    """Typed, or in words that mean the same."""
    akin: float
    """In any related words."""
    opening: float
    """In the title or lead, in any related words."""
    near: float
    """If releases are above the line, how much one must say to be near it, in any related words."""


def above(line: Line, typed: Clause, same: Clause, akin: Clause) -> Clause:
    """Return what says all of *typed*, or enough of it to be above *line*; scores as *akin*.

    *same* and *akin* are *typed* with words that mean the same, and with all related ones.
    """
    if not isinstance(typed, AllOf):
        return typed if akin == typed else _scored((akin,), _enough(line, (typed,), (same,), (akin,)))
    required, others = _partition(typed.clauses)
    if not required or (akin == typed and len(required) < 2):
        return typed
    akin_clauses = _required(akin)
    return _scored(akin_clauses, _enough(line, required, _required(same), akin_clauses), others)


def covering(clause: Clause, share: float) -> Clause:
    """Return *clause* relaxed to require clauses that make up *share* of its specificity.

    A clause of which nothing can be left out is returned as it is: a single word, alternatives.
    """
    required, others = _partition(clause.clauses) if isinstance(clause, AllOf) else ((), ())
    if len(required) < 2:
        return clause
    gates = [*_gate(required, tuple(map(specificity, required)), share)]
    return _scored(required, all_of(gates), others)


def _scored(clauses: Sequence[Clause], gate: Clause, others: Sequence[Clause] = ()) -> Clause:
    """Return what matches *gate* and *others*, and scores as *clauses*."""
    return AllOf((MostOf(tuple(clauses)) if len(clauses) > 1 else clauses[0], gate, *others))


def _enough(line: Line, typed: Sequence[Clause], same: Sequence[Clause], akin: Sequence[Clause]) -> Clause:
    """Return what says all of *typed*, or enough of it to be above *line*."""
    weights = tuple(map(specificity, typed))
    in_opening = tuple(map(InOpening, akin))
    if len(typed) == 1:  # what is only akin to a word does not say it
        return _any_of_both(typed[0], all_of((*same, *in_opening)))
    least = _KEY_SHARE * max(weights)
    gates: list[Clause] = [
        *_gate(same, weights, line.same),
        *_gate(in_opening, weights, line.opening),
        *_gate(akin, weights, line.akin),
        AnyOf(tuple(one for one, weight in zip(akin, weights, strict=True) if weight >= least)),
    ]
    return _any_of_both(all_of(typed), all_of(gates))


def _any_of_both(one: Clause, other: Clause) -> Clause:
    """Return what matches either, without a score."""
    return EnoughOf((one, other), (1, 1), 1)


def _gate(clauses: Sequence[Clause], weights: Sequence[float], share: float) -> Iterator[EnoughOf]:
    """Yield what matches *share* of the *weights* of *clauses*, the heaviest first; nothing if that is 0."""
    weighed = sorted(zip(clauses, weights, strict=True), key=itemgetter(1), reverse=True)[:_WEIGHED]
    needed = share * sum(weight for _, weight in weighed)
    if needed > 0:
        yield EnoughOf(tuple(one for one, _ in weighed), tuple(weight for _, weight in weighed), needed)


def _required(clause: Clause) -> tuple[Clause, ...]:
    return _partition(clause.clauses)[0] if isinstance(clause, AllOf) else (clause,)


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
