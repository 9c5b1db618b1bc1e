"""Combines, negates and restricts clauses."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from index.query.ast import (
    AllOf,
    AnyOf,
    Clause,
    EnoughOf,
    Everything,
    Fuzzy,
    InOpening,
    MostOf,
    Not,
    Part,
    Phrase,
    Prefix,
    Related,
    Wildcard,
    Word,
)


def all_of(clauses: Sequence[Clause]) -> Clause:
    """Return the conjunction of *clauses*, flattened; if all are negations, they apply to all releases."""
    flat: list[Clause] = []
    for clause in clauses:
        flat.extend(clause.clauses if isinstance(clause, AllOf) else (clause,))
    if all(isinstance(clause, Not) for clause in flat):
        flat.insert(0, Everything())
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def make_optional(clause: Clause, optional: Sequence[Clause]) -> Clause:
    """Return *clause*, in which the clauses in *optional* only add to the score.

    If nothing else is required, they stay required.
    """
    match clause:
        case AllOf(clauses) if not all(
            isinstance(inner, Not | Everything) or inner in optional for inner in clauses
        ):
            return AllOf(
                tuple(AnyOf((inner, Everything())) if inner in optional else inner for inner in clauses)
            )
    return clause


def is_optional(clause: Clause) -> bool:
    """Return whether *clause* matches every release and only adds to the score."""
    return isinstance(clause, AnyOf) and Everything() in clause.clauses


def has_negation(clause: Clause) -> bool:
    """Return whether *clause* excludes anything."""
    return isinstance(clause, Not) or (isinstance(clause, AllOf) and any(map(has_negation, clause.clauses)))


def negate(clause: Clause) -> Clause:
    """Return the negation of *clause*; negations never nest, however many minus signs are typed."""
    match clause:
        case Not(inner) | AllOf((Everything(), Not(inner))):
            return inner
    return Not(clause)


def restrict(clause: Clause, part: Part) -> Clause:
    """Return *clause* restricted to *part*; inner clauses keep a restriction of their own."""

    def restrict_leaf(leaf: Clause) -> Clause:
        if isinstance(leaf, Related):
            return Related(tuple(restrict(inner, part) for inner in leaf.clauses))
        if isinstance(leaf, Word | Prefix | Fuzzy | Wildcard | Phrase) and not leaf.part:
            return replace(leaf, part=part)
        return leaf

    return map_leaves(clause, restrict_leaf)


def in_opening(clause: Clause) -> Clause:
    """Return *clause* limited to the title or the lead; inner clauses keep a restriction of their own."""

    def restrict_leaf(leaf: Clause) -> Clause:
        if isinstance(leaf, Related):
            return Related(tuple(map(in_opening, leaf.clauses)))
        return AnyOf((restrict(leaf, "title"), restrict(leaf, "lead")))

    return map_leaves(clause, restrict_leaf)


def map_leaves(  # noqa: PLR0911 - one case for each kind of clause
    clause: Clause, change: Callable[[Clause], Clause]
) -> Clause:
    """Return *clause* with each clause that has no inner clauses changed; related words count as one."""
    match clause:
        case AllOf(clauses):
            return AllOf(tuple(map_leaves(inner, change) for inner in clauses))
        case AnyOf(clauses):
            return AnyOf(tuple(map_leaves(inner, change) for inner in clauses))
        case MostOf(clauses):
            return MostOf(tuple(map_leaves(inner, change) for inner in clauses))
        case EnoughOf(clauses):
            return replace(clause, clauses=tuple(map_leaves(inner, change) for inner in clauses))
        case InOpening(inner):
            return InOpening(map_leaves(inner, change))
        case Not(inner):
            return Not(map_leaves(inner, change))
    return change(clause)
