"""All releases that match a query, read one by one: for feeds and exports."""

from collections.abc import Collection, Iterable, Iterator

from index.engines.answers.listing import listed_release
from index.query import Query
from index.results import ListedRelease
from index.search import Searcher
from index.search.collapse import OrderedDocs
from index.segment.doc_lists import Docs


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
        return (_release(self._searcher, self._found, doc, is_of_all=self.is_of_all) for doc in docs)


def list_among(searcher: Searcher, query: Query, docs: Docs) -> Iterator[ListedRelease]:
    """Yield those of the releases of *docs* that match a settled *query*, as its whole listing has them."""
    found, among = searcher.list_among(query, docs)
    is_of_all = query.filters.is_through_time
    return (_release(searcher, found, doc, is_of_all=is_of_all) for doc in among)


def _release(searcher: Searcher, found: OrderedDocs, doc: int, *, is_of_all: bool) -> ListedRelease:
    copies = {searcher.stored(copy)["shown"]["ministry"] for copy in found.folded(doc)}
    return listed_release(searcher.stored(doc), searcher.published(doc), copies, is_of_all=is_of_all)
