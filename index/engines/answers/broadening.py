"""The terms of a query in an index, and the broader query that answers if nothing matches it."""

from msgspec.structs import replace

from index.analysis import Analyzer
from index.engines.answers.document_searcher import DocumentSearcher
from index.query import Clause, Filters, Query
from index.query.relaxation import ENOUGH, relax, relax_to_any
from index.query.words import read_unaccented, settle

_NO_FILTERS = Filters()


class Broadening:
    """Settles and broadens queries for the index that *searcher* searches."""

    def __init__(self, searcher: DocumentSearcher, analyzer: Analyzer) -> None:
        self._searcher, self._analyzer = searcher, analyzer

    def settle(self, query: Query) -> Query:
        """Return *query*, in which each word has the terms that match it in the index."""
        clause = self.settle_clause(query.clause)
        if clause == query.clause and not query.words and not query.related:
            return query
        return replace(
            query,
            clause=clause,
            words=self.settle(query.words) if query.words else None,
            related=self.settle_clause(query.related) if query.related else None,
        )

    def settle_clause(self, clause: Clause) -> Clause:
        """Return *clause*, in which each word has the terms that match it in the index."""
        return settle(clause, self._searcher.reader)

    def find_answered(self, query: Query) -> Query:
        """Return the settled *query*, or the broader query if nothing matches it."""
        typed = self.settle(query)
        if query.words and self.count(typed):
            return typed
        return self.broaden(typed) or typed

    def broaden(self, query: Query) -> Query | None:
        """Return a broader settled *query*; None if it has matches without its filters, or there is none.

        If the query is a time in which nothing was published, return the query for releases that name it.
        """
        if query.words:
            words = replace(query.words, cursor=query.cursor, histogram=query.histogram)
            return words if self.count(words) else None
        if self._count_clause(query.clause):
            return None
        unaccented = read_unaccented(query.clause)
        if unaccented and self._count_clause(unaccented):
            return replace(query, clause=unaccented)
        clause = relax(unaccented or query.clause, self._analyzer, self._count_clause, related=query.related)
        return replace(query, clause=self.settle_clause(clause)) if clause else None

    def broaden_to_any(self, query: Query) -> Clause | None:
        """Return a settled clause that requires one of the words of a settled *query*, or one related to it.

        Words are read with diacritics. None if the query cannot be broadened: a single word without related
        words, alternatives, exact words, a phrase of words in any form.
        """
        if query.related and self._count_clause(query.related) >= ENOUGH:
            return query.related
        clause = query.related or query.clause
        unaccented = read_unaccented(clause)
        partial = relax_to_any(unaccented or clause, self._analyzer)
        if partial is None:
            return unaccented or query.related
        settled = self.settle_clause(partial)
        return None if settled == query.clause else settled

    def count(self, query: Query) -> int:
        """Return how many releases match *query*, read with diacritics if none does as typed."""
        typed = self.settle_clause(query.clause)
        unaccented = read_unaccented(typed)
        total = self._searcher.count(typed, query.filters)
        return total if total or unaccented is None else self._searcher.count(unaccented, query.filters)

    def count_unaccented(self, typed: Query, total: int) -> int:
        """Return how many more releases match the settled query *typed* if it is read with diacritics.

        *total* match it as typed.
        """
        unaccented = read_unaccented(typed.clause)
        return 0 if unaccented is None else self._searcher.count(unaccented, typed.filters) - total

    def _count_clause(self, clause: Clause) -> int:
        return self._searcher.count(self.settle_clause(clause), _NO_FILTERS)
