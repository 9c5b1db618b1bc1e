"""Clauses put together and turned round."""

from collections.abc import Sequence
from dataclasses import replace

from index.engine import All, Any, Clause, Everything, Most, Not, Part


def every(clauses: Sequence[Clause]) -> Clause:
    """All of *clauses*, flat; where all exclude, they exclude from everything."""
    flat: list[Clause] = []
    for clause in clauses:
        flat.extend(clause.clauses if isinstance(clause, All) else (clause,))
    if all(isinstance(clause, Not) for clause in flat):
        flat.insert(0, Everything())
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def wished(clause: Clause, times: Sequence[Clause]) -> Clause:
    """Return *clause* with its *times* wished for, not asked for: they count where they stand, and need not.

    They stay asked for where nothing else is.
    """
    match clause:
        case All(clauses) if not all(isinstance(one, Not | Everything) or one in times for one in clauses):
            return All(tuple(Any((one, Everything())) if one in times else one for one in clauses))
    return clause


def is_wish(clause: Clause) -> bool:
    """Whether *clause* is only wished for."""
    return isinstance(clause, Any) and Everything() in clause.clauses


def refuses(clause: Clause) -> bool:
    """Whether *clause* refuses something."""
    return isinstance(clause, Not) or (isinstance(clause, All) and any(map(refuses, clause.clauses)))


def opposite(clause: Clause) -> Clause:
    """Not *clause*, without doubling: parentheses and minus signs may nest as deep as they like."""
    match clause:
        case Not(inner) | All((Everything(), Not(inner))):
            return inner
    return Not(clause)


def within(clause: Clause, part: Part) -> Clause:
    """The clause, only in *part*; what was narrowed inside stays so."""
    match clause:
        case All(clauses):
            return All(tuple(within(inner, part) for inner in clauses))
        case Any(clauses):
            return Any(tuple(within(inner, part) for inner in clauses))
        case Most(clauses):
            return Most(tuple(within(inner, part) for inner in clauses))
        case Not(inner):
            return Not(within(inner, part))
        case Everything():
            return clause
    return clause if clause.part else replace(clause, part=part)
