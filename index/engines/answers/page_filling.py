"""What follows on the first page if few releases say what was asked: what is near, or names a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from msgspec.structs import replace

from index.engines.answers.broadening import FEW, Broadening, Found
from index.engines.answers.document_searcher import DocumentSearcher
from index.engines.answers.hits import HitMaker
from index.query import Clause, Query
from index.results import Hit
from index.search import TopDocs


@dataclass(frozen=True, slots=True)
class Filling:
    """The hits that follow on a page, and the number of the releases that are near, shown or not."""

    hits: tuple[Hit, ...] = ()
    near: int = 0


def fill_page(found: Found, searcher: DocumentSearcher, broadening: Broadening, maker: HitMaker) -> Filling:
    """Return the releases that follow the hits because they are near, in the order asked for."""
    query, top = found.answered, found.top
    if query.page > 1 or query.cursor is not None or query.near or top.total >= FEW:
        return Filling()
    words = query.words or query
    room = max(0, min(query.per_page, FEW) - top.total)
    filler = _PageFiller(
        searcher=searcher, broadening=broadening, maker=maker, query=words, top=top, room=room
    )
    return filler.fill(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PageFiller:
    """Finds at most *room* releases that follow *top*, the matches of *query*."""

    searcher: DocumentSearcher
    broadening: Broadening
    maker: HitMaker
    query: Query
    top: TopDocs
    room: int

    def fill(self, found: Found) -> Filling:
        """Return the mentions of a time or what is near."""
        return self._find_mentions() if found.answered.words else self._find_near(found)

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
        wide = replace(
            self.query, clause=clause, per_page=per_page, histogram=None, cursor=None, own_language=None
        )
        found = self.searcher.search(wide, faceted=False)
        hits = {*self.top.docs, *chain.from_iterable(self.top.folded)}
        rows = [
            row
            for row, (doc, folded) in enumerate(zip(found.docs, found.folded, strict=True))
            if hits.isdisjoint((doc, *folded))
        ]
        near = self._in_own_language(clause, found.among(rows[: self.room]))
        return Filling(self.maker.hits(clause, near), max(0, found.total - self.top.total))

    def _in_own_language(self, clause: Clause, near: TopDocs) -> TopDocs:
        """Return *near*, in which a release in the language asked for stands for its translations.

        They are not ordered by language: of what is near, the nearest is the likeliest in any language.
        """
        clusters = [(doc, *folded) for doc, folded in zip(near.docs, near.folded, strict=True)]
        docs = tuple(map(self._choose, clusters))
        if docs == near.docs:
            return near
        others = (set(cluster) - {doc} for doc, cluster in zip(docs, clusters, strict=True))
        scores = tuple(self.searcher.scores(clause, docs))
        return replace(near, docs=docs, scores=scores, folded=tuple(map(tuple, map(sorted, others))))

    def _choose(self, cluster: Sequence[int]) -> int:
        """Return the first document of *cluster* in the language asked for, or else the first of all."""
        if len(cluster) == 1:
            return cluster[0]
        own = self.query.own_language
        return next((doc for doc in cluster if self.maker.shown(doc)["language"] == own), cluster[0])
