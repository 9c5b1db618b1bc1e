"""All matching documents in the order of a search, one per cluster: for lists that are read on and on."""

from collections.abc import Callable, Collection, Sequence

import numpy as np

from index.search.collapse import Clusters
from index.search.top_k import SortKey
from index.segment import Ints
from index.segment.doc_lists import Docs


class OrderedDocs:
    """The documents *docs* by descending *keys*; the lowest *name* breaks ties, as `top_k.first_rows` does.

    Of a cluster, only the first is listed; ``folded`` returns the others.
    """

    def __init__(
        self, docs: Docs, keys: Sequence[SortKey], clusters: Clusters, name: Callable[[int], bytes]
    ) -> None:
        self._clusters, self._name = clusters, name
        repeats = clusters.repeats(docs, keys)
        rows = np.delete(np.arange(len(docs)), repeats)
        columns = [-key(rows) for key in keys]
        order = np.lexsort(columns[::-1])
        self._docs = docs[rows[order]]
        differs = [np.diff(column[order]) != 0 for column in columns]
        # Names are read only where a list is: few readers go beyond the first page.
        self._ties = np.cumsum(np.concatenate(([False], np.logical_or.reduce(differs)))[: len(rows)])
        """The number of the run of equal keys that each document is in."""
        self._folded: dict[int, list[int]] = {}
        for doc in docs[repeats].tolist():
            self._folded.setdefault(int(clusters.of[doc]), []).append(doc)

    def __len__(self) -> int:
        return len(self._docs)

    def read(self, first: int = 0, last: int | None = None) -> list[int]:
        """Return the documents from place *first*, counted from 0, up to place *last*."""
        first, last, _ = slice(first, last).indices(len(self))
        if first >= last:
            return []
        begin, end = self._ties.searchsorted((self._ties[first], self._ties[last - 1] + 1)).tolist()
        return self._break_ties(np.arange(begin, end))[first - begin : last - begin]

    def among(self, docs: Collection[int]) -> list[int]:
        """Return those of the documents that are in *docs*."""
        return self._break_ties(np.flatnonzero(np.isin(self._docs, list(docs))))

    def folded(self, doc: int) -> Sequence[int]:
        """Return the other matches of the cluster of *doc*."""
        return self._folded.get(int(self._clusters.of[doc]), ())

    def _break_ties(self, places: Ints) -> list[int]:
        """Return the documents at ascending *places*, in order."""
        docs: list[int] = self._docs[places].tolist()
        ties: list[int] = self._ties[places].tolist()
        if len(set(ties)) == len(ties):
            return docs
        pairs = sorted(zip(ties, docs, strict=True), key=lambda pair: (pair[0], self._name(pair[1])))
        return [doc for _, doc in pairs]
