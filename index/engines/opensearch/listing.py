"""All releases that match a query, read from a cluster page by page: for feeds and exports."""

from collections.abc import Collection, Iterator
from itertools import islice

from index.engines.answers.listing import listed_release
from index.engines.opensearch.search import ClusterSearcher
from index.query import Query
from index.results import ListedRelease

# Releases whose texts are read at once: about 1 MB.
_PAGE = 200


class ClusterListing:
    """The releases that match a settled *query*, in order; the state of the index stays open while read."""

    def __init__(self, searcher: ClusterSearcher, query: Query) -> None:
        self._searcher = searcher
        self._found = searcher.list_all(query)
        self.is_of_all = query.filters.is_through_time

    @property
    def total(self) -> int:
        """The number of releases."""
        return self._found.total

    def releases(self, first: int = 0, last: int | None = None) -> Iterator[ListedRelease]:
        """Yield the releases from place *first*, counted from 0, up to place *last*.

        Raises:
            EngineError: a shard does not answer, or nothing was read for minutes and the state is lost.
        """
        return self._read(self._found.docs(first, last))

    def among(self, ids: Collection[str]) -> Iterator[ListedRelease]:
        """Yield those of the releases that have one of *ids*; raises as ``releases``."""
        return self._read(self._found.among(ids))

    def _read(self, docs: Iterator[int]) -> Iterator[ListedRelease]:
        while page := list(islice(docs, _PAGE)):
            stored, copies = self._searcher.read(page), self._found.ministries_of_copies(page)
            for doc in page:
                published = self._searcher.day_of(stored[doc])
                yield listed_release(stored[doc], published, copies[doc], is_of_all=self.is_of_all)
