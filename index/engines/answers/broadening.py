"""The terms of a query in an index, and the broader queries that answer if few releases match it."""

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from index.analysis import Analyzer
from index.engines.answers.document_searcher import DocumentSearcher
from index.query import Clause, Everything, Filters, Query
from index.query.relaxation import above, covering, relax_phrases
from index.query.rewrite import all_of
from index.query.words import read_unaccented, settle
from index.search import TopDocs, ranking
from index.search.cursor import HitPlace

FEW = 10
"""A query that more releases match, whatever its filters, is answered as typed."""
_NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Answered:
    """The query that answers a settled one: itself, or a broader one."""

    query: Query
    is_widened: bool = False
    """Whether none of its releases says all of what was typed, not even in words that mean the same."""
    near_share: float = ranking.NEAR_SHARE
    """How much of the query a release must say to be near it, as a share of its specificity."""
    is_sure: bool = False
    """Whether it answers even if no release should match it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a settled query found, or the broader one that was answered because few releases match it."""

    typed: Query
    answered: Query
    top: TopDocs
    is_widened: bool = False
    near_share: float = ranking.NEAR_SHARE
    """Both as of ``Answered``."""

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

    def search(self, query: Query, after: HitPlace | None = None) -> Found:
        """Return what *query* finds or, if few releases match it, what the query that answers it does."""
        typed = self.settle(query)
        if query.near or typed.words:
            answered = self.answer(typed, None)
            return self._found(typed, answered, self._searcher.search(answered.query, after=after))
        typed_top = self._searcher.search(typed, after=after)
        for answered in self._answers(typed, typed_top.total):
            if answered.query is typed:
                break
            top = self._searcher.search(answered.query, after=after)
            if top.total or answered.is_sure or (self._is_filtered(typed) and self._has(answered)):
                return self._found(typed, answered, top)
        return self._found(typed, answered, typed_top)

    @staticmethod
    def _found(typed: Query, answered: Answered, top: TopDocs) -> Found:
        return Found(typed, answered.query, top, answered.is_widened, answered.near_share)

    def find_answered(self, query: Query) -> Query:
        """Return the settled query that answers *query*."""
        return self.answer(self.settle(query), None).query

    def answer(self, typed: Query, total: int | None) -> Answered:
        """Return the query that answers a settled query with *total* matches, if they are counted already.

        If the query is a time in which nothing was published, that is the query for releases that name it.
        """
        if total is None:
            total = self._searcher.count(typed.clause, typed.filters)
        if typed.words and not typed.near:
            return self._answer_time(typed, typed.words, total)
        answered = next(one for one in self._answers(typed, total) if one.is_sure or self._has(one))
        if not typed.near:
            return answered
        return Answered(
            replace(typed, clause=self.nearest_clause(typed, answered.near_share) or typed.clause)
        )

    def _answers(self, typed: Query, total: int) -> Iterator[Answered]:
        """Yield queries, each broader than the one before: the first that any release matches answers.

        That is so whatever the filters. If none does, the last answers, which is the query itself.
        """
        known = total if total >= FEW or not self._is_filtered(typed) else self._count(typed.clause)
        if known >= FEW:
            yield Answered(typed, near_share=ranking.LINES[0].near, is_sure=True)
            return
        clause, same = typed.clause, typed.related or typed.clause
        akin = typed.distant or same
        whole = read_unaccented(same) or same
        if not known:
            clause, same, akin = map(self._loose, (clause, same, akin))
        last = typed.clause
        for line in ranking.LINES:
            part = above(line, clause, same, akin)
            if part == last:  # a query of one word has one line
                break
            last = part
            yield Answered(
                replace(typed, clause=part),
                is_widened=not known and not self._count(all_of((part, whole))),
                near_share=line.near,
                is_sure=known > 0,
            )
        yield Answered(typed, is_sure=True)

    @staticmethod
    def _is_filtered(query: Query) -> bool:
        return query.filters != _NO_FILTERS

    def _has(self, answered: Answered) -> bool:
        return self._count(answered.query.clause) > 0

    def _answer_time(self, typed: Query, words: Query, total: int) -> Answered:
        if total or not self.count(words):
            return Answered(typed)
        return Answered(replace(words, cursor=typed.cursor, histogram=typed.histogram), is_widened=True)

    def nearest_clause(self, query: Query, share: float) -> Clause | None:
        """Return the clause for what says *share* of a settled *query* or more; None if nothing is broader.

        Words are read with diacritics, phrases in any form of their words.
        """
        whole = self._loose(query.distant or query.related or query.clause)
        nearest = covering(whole, share)
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
