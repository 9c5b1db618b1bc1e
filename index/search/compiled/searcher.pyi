"""What Python sees of the compiled searcher."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.query import Clause, Filters, Query, Word
from index.search.collapse import Clusters
from index.search.cursor import Place, TopDocs
from index.search.facets import FacetColumns
from index.search.index_reader import IndexReader

class CompiledSearcher:
    """Answers queries on one generation; shared by all threads."""

    def __init__(
        self,
        reader: IndexReader,
        columns: FacetColumns,
        clusters: Clusters,
        weights: Mapping[str, float],
        recency: NDArray[np.float64] | None,
        proximity: float,
        *,
        max_bytes: int,
    ) -> None: ...
    def search(
        self,
        query: Query,
        *,
        collapse: bool,
        after: Place | None = None,
        excluded: Sequence[int] = (),
        faceted: bool = True,
    ) -> TopDocs:
        """Return the page that *query* asks for."""
    def count(self, clause: Clause, filters: Filters) -> int:
        """Return the number of matching documents, a cluster once."""
    def matching(self, clause: Clause, filters: Filters) -> NDArray[np.int64]:
        """Return the matching documents, ascending."""
    def matching_among(self, clause: Clause, docs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of *docs*, which ascend, that match a clause."""
    def score_parts(
        self, clause: Clause, docs: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Return those of *docs*, which ascend, that match a clause.

        Also return the score of each without boosts, and its boost of neighbours.
        """
    @property
    def blocks_decoded(self) -> int:
        """The number of blocks of posting lists, of 256 postings or fewer, that were decoded so far."""
    def known_words(self, word: Word, base: int, docs: list[int]) -> list[int] | None:
        """Return the words that match a query word in *docs* of the segment whose first document is *base*.

        They ascend. None if the query word was not searched lately.
        """
