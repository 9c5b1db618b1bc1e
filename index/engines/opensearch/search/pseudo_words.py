"""Clauses whose wildcards are pseudo-words: the cluster says which hits match them, and we score the rest."""

from collections.abc import Sequence

from msgspec.structs import replace

from index.query import (
    AllOf,
    AnyOf,
    Clause,
    EnoughOf,
    Fuzzy,
    InOpening,
    MostOf,
    Not,
    Prefix,
    Related,
    Wildcard,
    Word,
)
from index.query.rewrite import in_opening, map_leaves

_LEAF = "leaf"


def leaf_name(number: int) -> str:
    """Return the name of the query for wildcard *number*, which its hits are returned with."""
    return f"{_LEAF}{number}"


def without_openings(clause: Clause) -> Clause:
    """Return *clause*, in which what is asked for in the title or lead is limited to either."""
    match clause:
        case InOpening(inner):
            # Enough of one: that clause, without a score.
            return EnoughOf((without_openings(in_opening(inner)),), (1,), 1)
        case AllOf(inner) | AnyOf(inner) | MostOf(inner) | EnoughOf(inner):
            return replace(clause, clauses=tuple(map(without_openings, inner)))
        case Not(inner):
            return Not(without_openings(inner))
    return clause


def with_pseudo_words(clause: Clause, named: Sequence[Clause]) -> Clause:
    """Return *clause* in which each of *named* is a pseudo-word, whose only term is the name of its query."""

    def change(leaf: Clause) -> Clause:
        if isinstance(leaf, Prefix | Wildcard | Fuzzy):
            return Word(text="", fold=(leaf_name(named.index(leaf)),), scored=False)
        if isinstance(leaf, Related):
            return AnyOf(tuple(with_pseudo_words(inner, named) for inner in leaf.clauses))
        return leaf

    return map_leaves(clause, change)
