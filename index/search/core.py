"""What finds and scores documents: the compiled core, or NumPy where there is none, or it is not wanted."""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from index.compiled import IS_WANTED
from index.query import Clause
from index.search.index_reader import IndexReader
from index.search.ranking import FIELD_WEIGHTS
from index.search.top_k import Scores
from index.segment.doc_lists import Docs

if TYPE_CHECKING:
    from index.search.compiled import searcher


class ClauseFinder(Protocol):
    """Finds what matches clauses, and scores it; for one thread."""

    def matching(self, clause: Clause) -> Docs:
        """Return the documents that match a clause, ascending."""

    def scores(self, clause: Clause, docs: Docs) -> Scores:
        """Return the scores of *docs*, which ascend and match, without boosts."""


def _compiled_searcher() -> "type[searcher.CompiledSearcher] | None":
    # A core that is there and cannot be loaded is an error: being slow for no visible reason would be worse.
    if not IS_WANTED or find_spec("index.search.compiled.searcher") is None:
        return None
    from index.search.compiled import searcher  # noqa: PLC0415 - it may be missing

    return searcher.CompiledSearcher


CompiledSearcher = _compiled_searcher()


def open_finder(reader: IndexReader) -> ClauseFinder:
    """Return what finds documents whose posting lists come from elsewhere, as those of the hits of a cluster.

    *reader* has the lists, their positions and the lengths of texts.
    """
    if CompiledSearcher is None:
        from index.search.plain.numpy_finder import NumpyFinder  # noqa: PLC0415 - only where there is no core

        return NumpyFinder(reader, FIELD_WEIGHTS)
    from index.search.compiled.list_finder import ListFinder  # noqa: PLC0415 - it may be missing

    return ListFinder(reader, FIELD_WEIGHTS)
