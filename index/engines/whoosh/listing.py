"""All releases that match a query, read one by one: for feeds and exports."""

from collections.abc import Collection, Iterable, Iterator

from index.engines.answers.listing import listed_release
from index.query import Query
from index.results import ListedRelease
from index.search import Searcher


class WhooshListing:
    """The releases that match a settled *query*, in order; a release is read only when it is reached."""

    def __init__(self, searcher: Searcher, query: Query) -> None:
        self._searcher = searcher
        self._found = searcher.list_all(query)
        self.is_of_all = query.filters.is_through_time

    @property
    def total(self) -> int:
        """The number of releases."""
        return len(self._found)

    def releases(self, first: int = 0, last: int | None = None) -> Iterator[ListedRelease]:
        """Yield the releases from place *first*, counted from 0, up to place *last*."""
        return self._read(self._found.read(first, last))

    def among(self, ids: Collection[str]) -> Iterator[ListedRelease]:
        """Yield those of the releases that have one of *ids*."""
        return self._read(self._found.among(self._searcher.docs_of(ids).tolist()))

    def _read(self, docs: Iterable[int]) -> Iterator[ListedRelease]:
        return map(self._release, docs)

    def _release(self, doc: int) -> ListedRelease:
        copies = {self._searcher.stored(copy)["shown"]["ministry"] for copy in self._found.folded(doc)}
        stored, published = self._searcher.stored(doc), self._searcher.published(doc)
        return listed_release(stored, published, copies, is_of_all=self.is_of_all)
