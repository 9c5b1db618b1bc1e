"""Clauses put together and turned round."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.analysis import Analyzer
from index.query.ast import AllOf, AnyOf, Clause, Everything, MostOf, Not, Part, Phrase, Word


def every(clauses: Sequence[Clause]) -> Clause:
    """All of *clauses*, flat; where all exclude, they exclude from everything."""
    flat: list[Clause] = []
    for clause in clauses:
        flat.extend(clause.clauses if isinstance(clause, AllOf) else (clause,))
    if all(isinstance(clause, Not) for clause in flat):
        flat.insert(0, Everything())
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def wished(clause: Clause, times: Sequence[Clause]) -> Clause:
    """Return *clause* with its *times* wished for, not asked for: they count where they stand, and need not.

    They stay asked for where nothing else is.
    """
    match clause:
        case AllOf(clauses) if not all(isinstance(one, Not | Everything) or one in times for one in clauses):
            return AllOf(tuple(AnyOf((one, Everything())) if one in times else one for one in clauses))
    return clause


def is_wish(clause: Clause) -> bool:
    """Whether *clause* is only wished for."""
    return isinstance(clause, AnyOf) and Everything() in clause.clauses


def refuses(clause: Clause) -> bool:
    """Whether *clause* refuses something."""
    return isinstance(clause, Not) or (isinstance(clause, AllOf) and any(map(refuses, clause.clauses)))


def opposite(clause: Clause) -> Clause:
    """Not *clause*, without doubling: parentheses and minus signs may nest as deep as they like."""
    match clause:
        case Not(inner) | AllOf((Everything(), Not(inner))):
            return inner
    return Not(clause)


def within(clause: Clause, part: Part) -> Clause:
    """The clause, only in *part*; what was narrowed inside stays so."""
    match clause:
        case AllOf(clauses):
            return AllOf(tuple(within(inner, part) for inner in clauses))
        case AnyOf(clauses):
            return AnyOf(tuple(within(inner, part) for inner in clauses))
        case MostOf(clauses):
            return MostOf(tuple(within(inner, part) for inner in clauses))
        case Not(inner):
            return Not(within(inner, part))
        case Everything():
            return clause
    return clause if clause.part else replace(clause, part=part)


STRICT = "="
"""The text of a word begins so that is to stand just as it is typed, also if nothing is found."""


def wider(clause: Clause, analyzer: Analyzer, count: Callable[[Clause], int]) -> Clause | None:
    """Return *clause* with its phrases in any form of their words; if that finds nothing, most of its words.

    None where there is nothing to widen: a single word, what is refused.
    """
    loose = _loosened(clause, analyzer)
    if loose != clause and count(loose):
        return loose
    match loose:
        case AllOf(clauses):
            asked, others = _parted(clauses)
            return AllOf((MostOf(asked), *others)) if len(asked) > 1 else None
    return None


def nearer(clause: Clause, analyzer: Analyzer) -> Clause | None:
    """Return what asks for some of what *clause* asks for; what has all of it answers this too.

    None where there is nothing to be content with: a single word, alternatives, what is asked for exactly.
    """
    loose = _loosened(clause, analyzer)
    match loose:
        case AllOf(clauses):
            asked, others = _parted(clauses)
            return every((AnyOf(asked), *others)) if len(asked) > 1 else None
        case Phrase() if loose != clause:
            return loose
    return None


def _parted(clauses: Sequence[Clause]) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    """Return what is asked for, and what is refused or only wished for."""
    asked = tuple(one for one in clauses if not isinstance(one, Not | Everything) and not is_wish(one))
    return asked, tuple(one for one in clauses if isinstance(one, Not) or is_wish(one))


def _loosened(clause: Clause, analyzer: Analyzer) -> Clause:
    match clause:
        case Phrase(words=words) if not any(word.text.startswith(STRICT) for word in words):
            return replace(clause, words=tuple(_any_form(word, analyzer) for word in words))
        case AllOf(clauses):
            return AllOf(tuple(_loosened(inner, analyzer) for inner in clauses))
        case AnyOf(clauses):
            return AnyOf(tuple(_loosened(inner, analyzer) for inner in clauses))
    return clause


def _any_form(word: Word, analyzer: Analyzer) -> Word:
    forms = analyzer.query_forms(word.text)
    return replace(word, lemma=forms.lemma, stem=forms.stem, exact=forms.exact, fold=())
