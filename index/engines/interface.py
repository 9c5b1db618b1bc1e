"""The interface of every engine, and what goes in and comes out: queries, hits, results, facets."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from index.query import Query
from index.results import Explanation, Hit, IndexInfo, Results
from index.suggest import Completer, Suggester

# --- What is asked -------------------------------------------------------------------------------


# --- What is answered ----------------------------------------------------------------------------


class Engine(Protocol):
    """Whatever holds the index; safe to share between threads."""

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for.

        Raises:
            CursorError: the query cannot go on from its cursor.
            EngineError: there is no index, or it is damaged.
        """

    def count(self, query: Query) -> int:
        """Return how many releases have all that *query* asks for."""

    def explain(self, query: Query, ids: Iterable[str]) -> Mapping[str, Explanation]:
        """Return why those of the releases *ids* that match *query* score what they do."""

    def similar(self, id_: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the releases most like the release *id_*, the most alike first."""

    def info(self) -> IndexInfo:
        """Return what the index in use holds."""

    def suggester(self) -> Suggester:
        """Return what corrects words by the forms that stand in the index."""

    def completer(self) -> Completer:
        """Return what completes what is typed to words, institutions and titles of the index."""
