"""Collapsing: near-identical releases of several ministries form a cluster with one representative."""

from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from index.search.index_reader import IndexReader
from index.search.top_k import SortKey
from index.segment import Ints
from index.segment.doc_lists import Docs


class Clusters:
    """The clusters of two or more releases; most releases are in none."""

    def __init__(self, reader: IndexReader) -> None:
        self.of = np.full(reader.count, -1, np.int64)
        """The number of the cluster of each document, -1 if it is in none."""
        self._is_clustered = np.zeros(reader.count, bool)
        self._place = np.zeros(reader.count, np.int64)
        for number, docs in enumerate(_groups(reader)):
            docs.sort(key=reader.id)
            self.of[docs] = number
            self._is_clustered[docs] = True
            self._place[docs] = np.arange(len(docs))

    def rows_sharing_cluster(self, docs: Docs) -> NDArray[np.int64]:
        """Return the rows of *docs* that share a cluster with another document of *docs*."""
        rows = self._is_clustered[docs].nonzero()[0]
        of = self.of[docs[rows]]
        return rows[np.bincount(of)[of] > 1] if len(rows) else rows

    def around(self, matching: Docs, docs: Docs) -> Docs:
        """Return those of *matching* that are in *docs*, or in a cluster with one that is, ascending."""
        chosen = np.isin(matching, docs)
        of = self.of[matching[chosen]]
        if (of >= 0).any():
            chosen |= np.isin(self.of[matching], of[of >= 0])
        return matching[chosen]

    def repeats(self, docs: Docs, keys: Sequence[SortKey]) -> NDArray[np.int64]:
        """Return the rows of *docs* that are preceded by another document of their cluster.

        Higher *keys* come first, then lower ids.
        """
        rows = self.rows_sharing_cluster(docs)
        if not len(rows):
            return rows
        of = self.of[docs[rows]]
        order = np.lexsort([self._place[docs[rows]], *(-key(rows) for key in reversed(keys)), of])
        ranked = of[order]
        repeats: NDArray[np.int64] = rows[order[1:][ranked[1:] == ranked[:-1]]]
        return repeats


class OrderedDocs:
    """The documents *docs* by descending *keys*; the lowest *name* breaks ties, as `top_k.first_rows` does.

    Of a cluster, only the first by the keys *leading* and *keys* is listed; ``folded`` returns the others.
    """

    def __init__(
        self,
        docs: Docs,
        keys: Sequence[SortKey],
        clusters: Clusters,
        name: Callable[[int], bytes],
        leading: Sequence[SortKey] = (),
    ) -> None:
        self._clusters, self._name = clusters, name
        repeats = clusters.repeats(docs, [*leading, *keys])
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


def _groups(reader: IndexReader) -> list[list[int]]:
    members: dict[bytes, list[int]] = {}
    for segment in reader.segments:
        columns = segment.documents.columns
        if "cluster" not in columns:
            continue
        clusters = columns.values("cluster")
        for row in columns.different("cluster", "id"):
            if segment.live is None or segment.live[row]:
                members.setdefault(clusters[row], []).append(segment.base + row)  # type: ignore[arg-type]  # a column of bytes
    for name, docs in members.items():
        # A cluster is named after its first release, which the loop above skipped.
        leaders = reader.term("id", name.decode()).docs.tolist()
        docs.extend(doc for doc in leaders if _cluster(reader, doc) == name)
    return [docs for docs in members.values() if len(docs) > 1]


def _cluster(reader: IndexReader, doc: int) -> object:
    segment, row = reader.locate(doc)
    return segment.documents.columns.values("cluster")[row]
