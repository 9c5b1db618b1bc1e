"""What Python sees of the finder in given posting lists."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from index.query import Clause
from index.search.index_reader import IndexReader

class ListFinder:
    """Finds and scores the documents of *reader* for one thread; *weights* are those of the fields."""

    def __init__(self, reader: IndexReader, weights: Mapping[str, float]) -> None: ...
    def matching(self, clause: Clause) -> NDArray[np.int64]:
        """Return the documents that match a clause, ascending."""
    def scores(self, clause: Clause, docs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the scores of *docs*, which ascend and match, without boosts."""
