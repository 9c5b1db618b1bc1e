"""The terms of a query in an index, and the broader query that answers if nothing matches it."""

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from index.analysis import Analyzer
from index.engines.answers.document_searcher import DocumentSearcher
from index.query import Clause, Filters, Query
from index.query.relaxation import ENOUGH, relax, relax_to_any
from index.query.words import read_unaccented, settle
from index.search import TopDocs
from index.search.cursor import Place

_NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Found:
    """What a settled query found, or the broader one that was answered because nothing matches it."""

    typed: Query
    answered: Query
    top: TopDocs

    @property
    def is_widened(self) -> bool:
        """Whether the query that was answered is more than the typed one read with diacritics."""
        return self.answered is not self.typed and self.answered.clause != read_unaccented(self.typed.clause)


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

    def search(self, query: Query, after: Place | None = None) -> Found:
        """Return what *query* finds or, if nothing matches it, what a broader one does."""
        typed = self.settle(query)
        top = self._searcher.search(typed, after=after)
        if not top.total:
            for broader, least in self._broader(typed):
                found = self._searcher.search(broader, after=after)
                if found.total >= least or self.suffices(broader.clause, least):
                    return Found(typed, broader, found)
        return Found(typed, typed, top)

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
        broader = self._broader(query)
        return next((wider for wider, least in broader if self.suffices(wider.clause, least)), None)

    def _broader(self, query: Query) -> Iterator[tuple[Query, int]]:
        """Yield broader settled queries, each with the fewest matches, without filters, to answer."""
        if query.words:
            words = replace(query.words, cursor=query.cursor, histogram=query.histogram)
            if self.count(words):
                yield words, 0
        elif not self.suffices(query.clause, 1):
            unaccented = read_unaccented(query.clause)
            if unaccented:
                yield replace(query, clause=unaccented), 1
            for clause, least in relax(unaccented or query.clause, self._analyzer, related=query.related):
                yield replace(query, clause=self.settle_clause(clause)), least

    def suffices(self, clause: Clause, least: int) -> bool:
        """Return whether a settled *clause* finds at least so many releases."""
        return not least or self._searcher.count(clause, _NO_FILTERS) >= least

    def broaden_to_any(self, query: Query) -> Clause | None:
        """Return a settled clause that requires one of the words of a settled *query*, or one related to it.

        Words are read with diacritics. None if the query cannot be broadened: a single word without related
        words, alternatives, exact words, a phrase of words in any form.
        """
        if query.related and self.suffices(query.related, ENOUGH):
            return query.related
        return self.any_word(query)

    def any_word(self, query: Query) -> Clause | None:
        """Return what `broaden_to_any` does if too few releases have the related words of *query*."""
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

    def count_unaccented(self, found: Found) -> int:
        """Return how many more releases match the typed query if it is read with diacritics."""
        unaccented = None if found.answered is not found.typed else read_unaccented(found.typed.clause)
        return (
            0
            if unaccented is None
            else self._searcher.count(unaccented, found.typed.filters) - found.top.total
        )
