"""The terms of a query in an index, and the broader queries that answer if few releases match it."""

from dataclasses import dataclass

from msgspec.structs import replace

from index.analysis import Analyzer
from index.engines.answers.document_searcher import DocumentSearcher
from index.query import Clause, Everything, Filters, Query
from index.query.relaxation import covering, relax_phrases
from index.query.words import read_unaccented, settle
from index.search import TopDocs, ranking
from index.search.cursor import Place

FEW = 10
"""A query that more releases match, whatever its filters, is answered as typed."""
_NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Answered:
    """The query that answers a settled one: itself, or a broader one."""

    query: Query
    is_widened: bool = False
    """Whether no release matches all of what was typed, not even in words that mean the same."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a settled query found, or the broader one that was answered because few releases match it."""

    typed: Query
    answered: Query
    top: TopDocs
    is_widened: bool = False
    """As of ``Answered``."""

    @property
    def is_broader(self) -> bool:
        """Whether what answers, or follows, may have related words."""
        return self.answered is not self.typed or self.top.total < FEW


class Broadening:
    """Settles and broadens queries for the index that *searcher* searches."""

    def __init__(self, searcher: DocumentSearcher, analyzer: Analyzer) -> None:
        self._searcher, self._analyzer = searcher, analyzer
        self._last_loose: tuple[Clause, Clause] = Everything(), Everything()

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
            distant=self.settle_clause(query.distant) if query.distant else None,
        )

    def settle_clause(self, clause: Clause) -> Clause:
        """Return *clause*, in which each word has the terms that match it in the index."""
        return settle(clause, self._searcher.reader)

    def search(self, query: Query, after: Place | None = None) -> Found:
        """Return what *query* finds or, if few releases match it, what the query that answers it does."""
        typed = self.settle(query)
        top = None if query.near else self._searcher.search(typed, after=after)
        answered = self.answer(typed, top.total if top else None)
        if top is None or answered.query is not typed:
            top = self._searcher.search(answered.query, after=after)
        return Found(typed, answered.query, top, answered.is_widened)

    def find_answered(self, query: Query) -> Query:
        """Return the settled query that answers *query*."""
        typed = self.settle(query)
        return self.answer(typed, None).query

    def answer(self, typed: Query, total: int | None) -> Answered:
        """Return the query that answers a settled query with *total* matches, if they are counted already.

        If the query is a time in which nothing was published, that is the query for releases that name it.
        """
        if typed.near:
            return Answered(replace(typed, clause=self.nearest_clause(typed) or typed.clause))
        if total is None:
            total = self._searcher.count(typed.clause, typed.filters)
        if typed.words:
            return self._answer_time(typed, typed.words, total)
        if total >= FEW:
            return Answered(typed)
        known = total if typed.filters == _NO_FILTERS else self._count(typed.clause)
        if known >= FEW:
            return Answered(typed)
        whole: Clause = typed.related or typed.clause
        scored: Clause = typed.distant or typed.clause
        is_widened = not known and not self._count(read_unaccented(whole) or whole)
        if not known:
            scored = self._loose(scored)
            whole = self._loose(whole) if typed.distant else scored
        part = covering(whole, ranking.LINE_SHARE if is_widened else 1, scored)
        return Answered(typed) if part == typed.clause else Answered(replace(typed, clause=part), is_widened)

    def _answer_time(self, typed: Query, words: Query, total: int) -> Answered:
        if total or not self.count(words):
            return Answered(typed)
        return Answered(replace(words, cursor=typed.cursor, histogram=typed.histogram), is_widened=True)

    def nearest_clause(self, query: Query) -> Clause | None:
        """Return the clause for what a settled *query* asks and what is near; None if nothing is broader.

        Words are read with diacritics, phrases in any form of their words.
        """
        whole = self._loose(query.distant or query.related or query.clause)
        nearest = covering(whole, ranking.NEAR_SHARE)
        return None if nearest == query.clause else nearest

    def _loose(self, clause: Clause) -> Clause:
        """Return a settled *clause*, in which words are read with diacritics, and phrases in any form."""
        last, found = self._last_loose
        if last is not clause:  # an answer needs that of its query twice
            found = self._make_loose(clause)
            self._last_loose = clause, found
        return found

    def _make_loose(self, clause: Clause) -> Clause:
        loose = relax_phrases(clause, self._analyzer)
        settled = clause if loose == clause else self.settle_clause(loose)
        return read_unaccented(settled) or settled

    def _count(self, clause: Clause) -> int:
        return self._searcher.count(clause, _NO_FILTERS)

    def count(self, query: Query) -> int:
        """Return how many releases match *query*, read with diacritics if none does as typed."""
        typed = self.settle_clause(query.clause)
        unaccented = read_unaccented(typed)
        total = self._searcher.count(typed, query.filters)
        return total if total or unaccented is None else self._searcher.count(unaccented, query.filters)

    def count_unaccented(self, found: Found) -> int:
        """Return how many more releases match the answered query if it is read with diacritics."""
        unaccented = read_unaccented(found.answered.clause)
        return (
            0
            if unaccented is None
            else self._searcher.count(unaccented, found.typed.filters) - found.top.total
        )
