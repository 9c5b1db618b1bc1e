"""All releases that match a query, read one by one: for feeds and exports."""

from collections.abc import Collection, Iterator

import numpy as np

from index.engines.answers.broadening import Broadening
from index.query import Query
from index.query.words import read_unaccented
from index.results import ListedRelease
from index.search import OrderedDocs, Searcher
from index.segment.doc_lists import Docs


class WhooshListing:
    """The releases *found* in one generation, in order; a release is read only when it is reached."""

    def __init__(self, searcher: Searcher, found: OrderedDocs, *, is_widened: bool) -> None:
        self._searcher, self._found, self._is_widened = searcher, found, is_widened

    @property
    def total(self) -> int:
        """The number of releases."""
        return len(self._found.docs)

    @property
    def is_widened(self) -> bool:
        """Whether no release matches the whole query, so that these match most of it."""
        return self._is_widened

    def releases(self, first: int = 0, last: int | None = None) -> Iterator[ListedRelease]:
        """Yield the releases from place *first*, counted from 0, up to place *last*."""
        return self._read(self._found.docs[first:last])

    def among(self, ids: Collection[str]) -> Iterator[ListedRelease]:
        """Yield those of the releases that have one of *ids*."""
        docs = [doc for id_ in ids if (doc := self._searcher.find(id_)) is not None]
        return self._read(self._found.docs[np.isin(self._found.docs, docs)])

    def _read(self, docs: Docs) -> Iterator[ListedRelease]:
        return map(self._release, map(int, docs))

    def _release(self, doc: int) -> ListedRelease:
        stored = self._searcher.stored(doc)
        shown = stored["shown"]
        copies = {self._searcher.stored(copy)["shown"]["ministry"] for copy in self._found.folded(doc)}
        return ListedRelease(
            id=stored["id"],
            url=shown["url"],
            title=shown.get("title", ""),
            lead=shown.get("lead", ""),
            body=shown.get("body", ""),
            published=self._searcher.published(doc),
            site=shown["site"],
            ministry=shown["ministry"],
            language=shown["language"],
            also_published_by=tuple(sorted(copies - {shown["ministry"]})),
            gone=shown.get("gone", False),
            edited=shown.get("edited", False),
            machine_translated=shown.get("machine_translated", False),
        )


def list_releases(searcher: Searcher, broadening: Broadening, query: Query) -> WhooshListing:
    """Return the releases that match *query*; if none does, those of a broader query, as a search does."""
    typed = broadening.settle(query)
    found = searcher.list_all(typed)
    broader = None if len(found.docs) else broadening.broaden(typed)
    if broader is None:
        return WhooshListing(searcher, found, is_widened=False)
    is_widened = broader.clause != read_unaccented(typed.clause)
    return WhooshListing(searcher, searcher.list_all(broader), is_widened=is_widened)
