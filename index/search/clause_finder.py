"""Finds and scores documents whose posting lists come from elsewhere, as those of the hits of a cluster."""

from typing import Protocol

from index.query import Clause
from index.search.compiled import ListFinder
from index.search.index_reader import IndexReader
from index.search.ranking import FIELD_WEIGHTS
from index.search.top_k import Scores
from index.segment.doc_lists import Docs


class ClauseFinder(Protocol):
    """Finds what matches clauses, and scores it; for one thread."""

    def matching(self, clause: Clause) -> Docs:
        """Return the documents that match a clause, ascending."""

    def scores(self, clause: Clause, docs: Docs) -> Scores:
        """Return the scores of *docs*, which ascend and match, without boosts."""


def open_finder(reader: IndexReader) -> ClauseFinder:
    """Return what finds the documents of *reader*: of its lists, its positions and its lengths."""
    if ListFinder is not None:
        return ListFinder(reader, FIELD_WEIGHTS)
    from index.search.plain.numpy_searcher import NumpyFinder  # noqa: PLC0415 - only where there is no core

    return NumpyFinder(reader)
