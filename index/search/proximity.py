"""The pairs of adjacent words of a query: a score is raised if they are adjacent in the text, too."""

from collections.abc import Iterator
from itertools import pairwise

from index.query import AllOf, Clause, MostOf, Phrase, Word


def neighbours(clause: Clause) -> Iterator[Phrase]:
    """Yield each pair of adjacent words of *clause* as a phrase."""
    match clause:
        case AllOf(clauses) | MostOf(clauses):
            for word, other in pairwise(clauses):
                if isinstance(word, Word) and isinstance(other, Word):
                    yield Phrase(words=(word, other))
            for inner in clauses:
                yield from neighbours(inner)
