"""The interface that answers are built on: a searcher that finds, scores and reads documents by number."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from crawler.config import Language
from index.query import Clause, Filters, Query
from index.query.words import IndexVocabulary
from index.results import Explanation
from index.search import TopDocs
from index.search.cursor import HitPlace
from index.search.match_offsets import MatchOffsets


class DocumentSearcher(Protocol):
    """Searches one state of an index, which does not change; a document keeps its number in it.

    Clauses are settled: each word has the terms that match it in this index.
    """

    @property
    def reader(self) -> IndexVocabulary:
        """The words of the index."""

    def search(
        self,
        query: Query,
        *,
        after: HitPlace | None = None,
        excluded: Sequence[int] = (),
        faceted: bool = True,
    ) -> TopDocs:
        """Return the page that *query* asks for, one document per cluster.

        Leaves out the documents *excluded*; counts facets only if *faceted*. With a cursor, the page begins
        after the place *after*.
        """

    def count(self, clause: Clause, filters: Filters = ...) -> int:
        """Return the number of matching documents; a cluster counts once."""

    def scores(self, clause: Clause, docs: Sequence[int]) -> list[float]:
        """Return the score of each of *docs*, 0 if it does not match."""

    def explain(
        self, clause: Clause, docs: Iterable[int], own_language: Language | None = None
    ) -> dict[int, Explanation]:
        """Explain the scores of those of *docs* that match."""

    def match_offsets(self, clause: Clause, docs: Sequence[int]) -> list[MatchOffsets]:
        """Return the match offsets of *clause* in each of *docs*, in reading order."""

    def stored(self, doc: int) -> Mapping[str, Any]:
        """Return the stored fields of a document: its ``id``, and in ``shown`` what a hit shows."""

    def published(self, doc: int) -> date | None:
        """Return the day of a document, None if unknown."""

    def find(self, id_: str) -> int | None:
        """Return the document with the id *id_*, None if there is none."""

    def find_all(self, ids: Collection[str]) -> Mapping[str, int]:
        """Return the documents with any of *ids*, by id."""

    def texts_of(self, releases: Sequence[str], clause: Clause, filters: Filters) -> Sequence[int]:
        """Return the documents of *releases*, of all their texts, that match *clause* and when they stood."""

    def ends(self, clause: Clause, filters: Filters) -> tuple[Sequence[int], Sequence[int]]:
        """Return the matching documents that appeared first, and those that ended last, `ENDS` at most."""

    def coverage(self) -> list[tuple[str, int, int, int]]:
        """Return each ministry, its number of releases, and the documents of its oldest and newest one."""
