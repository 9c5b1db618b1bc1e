"""What follows on the first page if few releases say what was asked: translations, and what is near."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from msgspec.structs import replace

from index.engines.answers.broadening import FEW, Broadening, Found
from index.engines.answers.document_searcher import DocumentSearcher
from index.engines.answers.hits import HitMaker
from index.query import Clause, Filters, Query
from index.query.rewrite import has_negation
from index.results import Hit
from index.search import TopDocs

_NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Filling:
    """The hits that follow on a page, and the number of the releases that are near, shown or not."""

    hits: tuple[Hit, ...] = ()
    near: int = 0


def fill_page(
    found: Found, hits: Sequence[Hit], searcher: DocumentSearcher, broadening: Broadening, maker: HitMaker
) -> Filling:
    """Return what follows *hits*: their translations, then releases that are near, in the order asked for."""
    query, top = found.answered, found.top
    if query.page > 1 or query.cursor is not None or query.near or top.total >= FEW:
        return Filling()
    words = query.words or query
    room = max(0, min(query.per_page, FEW) - top.total)
    filler = _PageFiller(
        searcher=searcher, broadening=broadening, maker=maker, query=words, top=top, room=room
    )
    return filler.fill(found, hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PageFiller:
    """Finds at most *room* releases that follow *top*, the matches of *query*."""

    searcher: DocumentSearcher
    broadening: Broadening
    maker: HitMaker
    query: Query
    top: TopDocs
    room: int

    def fill(self, found: Found, hits: Sequence[Hit]) -> Filling:
        """Return the translations of *hits*, then the mentions of a time or what is near."""
        near = self._find_mentions() if found.answered.words else self._find_near(found)
        translations = self._find_translations(found, hits)[: self.room]
        known = {hit.id for hit in translations}
        others = (hit for hit in near.hits if hit.id not in known)
        return Filling((*translations, *others)[: self.room], near.near)

    def _find_translations(self, found: Found, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return the translations of *hits*, unless the query has filters or exclusions."""
        typed = found.typed
        if typed.filters != _NO_FILTERS or has_negation(typed.clause):
            return ()
        ids = dict.fromkeys(id_ for hit in hits for id_ in hit.translations)
        docs = (doc for id_ in ids if (doc := self.searcher.find(id_)) is not None)
        missing = tuple(doc for doc in docs if doc not in self.top.docs)
        if not missing:
            return ()
        return self.maker.matches(
            self.broadening.nearest_clause(typed, found.near_share) or self.query.clause, missing
        )

    def _find_mentions(self) -> Filling:
        """Return the best releases that mention the time, without those published in it."""
        if not self.top.total or not self.room or self.query.sort != "relevance":
            return Filling()
        excluded = [*self.top.docs, *chain.from_iterable(self.top.folded)]
        words = replace(self.query, per_page=self.room, histogram=None)
        found = self.searcher.search(words, excluded=excluded, faceted=False)
        return Filling(self.maker.hits(self.query.clause, found))

    def _find_near(self, found: Found) -> Filling:
        """Return the first releases that are near what was asked, without the hits, and the number of all."""
        clause = None if found.typed.words else self.broadening.nearest_clause(found.typed, found.near_share)
        if clause is None or clause == found.answered.clause:
            return Filling()
        return self._find_others(clause)

    def _find_others(self, clause: Clause) -> Filling:
        """Return the first matches of *clause* that are no hits, and the number of all of these."""
        per_page = max(1, self.top.total + self.room)
        wide = replace(self.query, clause=clause, per_page=per_page, histogram=None, cursor=None)
        found = self.searcher.search(wide, faceted=False)
        hits = {*self.top.docs, *chain.from_iterable(self.top.folded)}
        rows = [
            row
            for row, (doc, folded) in enumerate(zip(found.docs, found.folded, strict=True))
            if hits.isdisjoint((doc, *folded))
        ]
        return Filling(
            self.maker.hits(clause, found.among(rows[: self.room])), max(0, found.total - self.top.total)
        )
