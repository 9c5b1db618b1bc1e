"""A searcher that answers with NumPy: an oracle where brute force would take too long."""

from functools import cached_property

from index.search import Searcher
from tests.support.numpy_searcher import NumpySearcher


class DenseSearcher(Searcher):
    """Answers by arrays over all documents."""

    @cached_property
    def core(self) -> NumpySearcher:  # type: ignore[override]  # it has the same methods
        return NumpySearcher(
            self.reader, self._columns, self.clusters, self._weights, self._factors, self._proximity
        )
