"""Releases of several ministries that say the same: which belong together, and which stands for them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.search.index_reader import IndexReader
from index.search.top_k import Key
from index.segment.doc_lists import Docs


class Clusters:
    """The clusters of more than one release; most releases are in none."""

    def __init__(self, snapshot: IndexReader) -> None:
        self.of = np.full(snapshot.count, -1, np.int64)
        """The number of a document's cluster, -1 where it is in none."""
        self._some = np.zeros(snapshot.count, bool)
        self._place = np.zeros(snapshot.count, np.int64)
        for number, docs in enumerate(_groups(snapshot)):
            docs.sort(key=snapshot.id)
            self.of[docs] = number
            self._some[docs] = True
            self._place[docs] = np.arange(len(docs))

    def met(self, docs: Docs) -> NDArray[np.int64]:
        """Return the rows of *docs* that are in a cluster with another of *docs*."""
        rows = self._some[docs].nonzero()[0]
        of = self.of[docs[rows]]
        return rows[np.bincount(of)[of] > 1] if len(rows) else rows

    def repeats(self, docs: Docs, keys: Sequence[Key]) -> NDArray[np.int64]:
        """Return the rows of *docs* that another of their cluster goes before.

        Those with higher *keys* go before, then those with lower ids.
        """
        rows = self.met(docs)
        if not len(rows):
            return rows
        of = self.of[docs[rows]]
        order = np.lexsort([self._place[docs[rows]], *(-key(rows) for key in reversed(keys)), of])
        ranked = of[order]
        repeats: NDArray[np.int64] = rows[order[1:][ranked[1:] == ranked[:-1]]]
        return repeats


def _groups(snapshot: IndexReader) -> list[list[int]]:
    members: dict[bytes, list[int]] = {}
    for shard in snapshot.shards:
        columns = shard.documents.columns
        if "cluster" not in columns:
            continue
        clusters = columns.values("cluster")
        for row in columns.different("cluster", "id"):
            if shard.live is None or shard.live[row]:
                members.setdefault(clusters[row], []).append(shard.base + row)  # type: ignore[arg-type]  # bytes
    for name, docs in members.items():
        # The first of a cluster bears its own id as cluster, so it does not differ and was not seen above.
        leaders = snapshot.term("id", name.decode()).docs.tolist()
        docs.extend(doc for doc in leaders if _cluster(snapshot, doc) == name)
    return [docs for docs in members.values() if len(docs) > 1]


def _cluster(snapshot: IndexReader, doc: int) -> object:
    shard, row = snapshot.locate(doc)
    return shard.documents.columns.values("cluster")[row]
