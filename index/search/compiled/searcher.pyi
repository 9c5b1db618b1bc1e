"""What Python sees of the compiled searcher."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.query import Clause, Filters, Query, Word
from index.search.collapse import Clusters
from index.search.cursor import TopDocs
from index.search.evaluator import Evaluator
from index.search.facets import FacetColumns
from index.search.index_reader import IndexReader

class CompiledSearcher:
    """Answers common queries on one generation as `Searcher` does; shared by all threads."""

    def __init__(
        self,
        reader: IndexReader,
        columns: FacetColumns,
        clusters: Clusters,
        evaluator: Evaluator,
        weights: Mapping[str, float],
        recency: NDArray[np.float64] | None,
        proximity: float,
        *,
        max_bytes: int,
    ) -> None: ...
    def search(
        self, query: Query, *, collapse: bool, excluded: Sequence[int] = (), faceted: bool = True
    ) -> TopDocs | None:
        """Return the first page of *query*; None if it needs the general way."""
    def count(self, clause: Clause, filters: Filters) -> int | None:
        """Return the number of matching documents, a cluster once; None if it needs the general way."""
    def matching(self, clause: Clause, filters: Filters) -> NDArray[np.int64] | None:
        """Return the matching documents, ascending; None if it needs the general way."""
    def scores(self, clause: Clause, docs: Sequence[int]) -> list[float] | None:
        """Return the score of each of *docs*, 0 if it does not match; None if it needs the general way."""
    def unboosted_scores(self, clause: Clause, docs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the scores of *docs*, which ascend and match, without recency and neighbours."""
    def most(self, clause: Clause) -> float:
        """Return the largest score of a clause, without recency and neighbours."""
    def known_words(self, word: Word, base: int, docs: list[int]) -> list[int] | None:
        """Return the words that match a query word in *docs* of the segment whose first document is *base*.

        They ascend. None if the query word was not searched lately.
        """
