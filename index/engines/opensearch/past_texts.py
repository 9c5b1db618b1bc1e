"""The texts that releases had before, in an index of a generation of their own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

from index.analysis import Analyzer
from index.engines.opensearch.bulk import Action, BulkWriter
from index.engines.opensearch.connection import ClusterConnection
from index.engines.opensearch.documents import WordKeys, release_document
from index.engines.opensearch.patience import patiently
from index.indexing import Document

# Documents of some releases that are listed at once.
_LISTED = 10_000


class PastTexts:
    """Reads and writes the index of the texts that releases had before."""

    def __init__(self, connection: ClusterConnection, index: str) -> None:
        self._connection, self._index = connection, index
        self._writer = BulkWriter(connection, index)

    def changes(
        self, earlier: Mapping[str, Sequence[Document]], analyzer: Analyzer, words: WordKeys
    ) -> Iterator[Action]:
        """Yield what makes *earlier* the earlier texts of releases, by id, without those that are there."""
        known = self._stamps(list(earlier))
        for documents in earlier.values():
            for document in documents:
                stamp = document.stamp()
                if known.pop(document.id, None) != stamp:
                    number = -int.from_bytes(blake2b(document.id.encode(), digest_size=6).digest())
                    fields = release_document(document, number, analyzer, words, shared=True)
                    # The last writer is right: only one process writes, in the order of the changes.
                    yield Action(id=document.id, version=1, document={**fields, "stamp": stamp})
        yield from (Action(id=id_, version=1) for id_ in known)

    def write(self, actions: Iterable[Action]) -> None:
        """Write *actions*; raises as ``BulkWriter.write``."""
        self._writer.write(actions)

    def _stamps(self, releases: list[str]) -> dict[str, str]:
        """Return the stamps of the texts of *releases* as of the last refresh, by their ids."""
        stamps: dict[str, str] = {}
        body = {
            "size": _LISTED,
            "query": {"bool": {"filter": [{"terms": {"release": releases}}]}},
            "sort": ["id"],
            "_source": False,
            "docvalue_fields": ["id", "stamp"],
        }
        while True:
            hits = patiently(lambda: self._connection.search(body, (self._index,)))["hits"]["hits"]
            stamps |= {hit["fields"]["id"][0]: hit["fields"]["stamp"][0] for hit in hits}
            if len(hits) < _LISTED:
                return stamps
            body["search_after"] = hits[-1]["sort"]
