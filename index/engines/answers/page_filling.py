"""The hits that follow on the first page if few releases match the whole query."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from msgspec.structs import replace

from index.engines.answers.broadening import Broadening, Found
from index.engines.answers.document_searcher import DocumentSearcher
from index.engines.answers.hits import HitMaker
from index.query import Clause, Filters, Query
from index.query.relaxation import ENOUGH
from index.query.rewrite import has_negation
from index.results import Hit
from index.search import TopDocs, ranking
from index.search.top_k import NOISE

# Fewer hits are followed by others, up to this number.
_FILLED_UP_TO = 10
_NO_FILTERS = Filters()

Filling = tuple[tuple[Hit, ...], tuple[str, ...]]
"""Hits, and the ids of those among them that related words found."""


def fill_page(
    found: Found, hits: Sequence[Hit], searcher: DocumentSearcher, broadening: Broadening, maker: HitMaker
) -> Filling:
    """Return what follows *hits*: their translations, then releases that match less."""
    query, top = found.answered, found.top
    words = query.words or query
    room = min(query.per_page, _FILLED_UP_TO) - top.total
    is_first = query.page == 1 and query.cursor is None
    if not is_first or words.sort != "relevance" or not top.total or room <= 0:
        return (), ()
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
        """Return the translations of *hits*, then the mentions of a time or the partial matches."""
        others: Filling = (), ()
        if found.answered.words:
            others = self._find_mentions(), ()
        elif not found.is_widened:
            others = self._find_partial_matches()
        translations = self._find_translations(hits)[: self.room]
        known = {hit.id for hit in translations}
        nearest = (*translations, *(hit for hit in others[0] if hit.id not in known))[: self.room]
        return nearest, tuple(hit.id for hit in nearest if hit.id in others[1])

    def _find_translations(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return the translations of *hits*, unless the query has filters or exclusions."""
        if self.query.filters != _NO_FILTERS or has_negation(self.query.clause):
            return ()
        ids = dict.fromkeys(id_ for hit in hits for id_ in hit.translations)
        docs = (doc for id_ in ids if (doc := self.searcher.find(id_)) is not None)
        missing = tuple(doc for doc in docs if doc not in self.top.docs)
        if not missing:
            return ()
        return self.maker.matches(self.broadening.broaden_to_any(self.query) or self.query.clause, missing)

    def _find_mentions(self) -> tuple[Hit, ...]:
        """Return the best releases that mention the time, without those published in it."""
        return self.maker.hits(self.query.clause, self._search(self.query.clause))

    def _find_partial_matches(self) -> Filling:
        """Return the best releases that match the query with diacritics, a part of it, or related words."""
        broader = self._search_broadly()
        if broader is None:
            return (), ()
        clause, partial = broader
        count = sum(score >= ranking.NEAREST_SHARE * max(self.top.scores) for score in partial.scores)
        hits = self.maker.hits(clause, partial.first(count))
        if self.query.related is None:
            return hits, ()
        typed = self.broadening.any_word(replace(self.query, related=None)) or self.query.clause
        typed_scores = self.searcher.scores(typed, partial.docs[:count])
        rows = zip(hits, typed_scores, strict=True)
        return hits, tuple(hit.id for hit, score in rows if hit.score - score > NOISE)

    def _search_broadly(self) -> tuple[Clause, TopDocs] | None:
        """Return the clause that `Broadening.broaden_to_any` does, and what it finds: searches count, too."""
        related = self.query.related
        if related is not None:
            partial = self._search(related)
            if self._is_enough(related, partial.total):
                return related, partial
        clause = self.broadening.any_word(self.query)
        return (clause, self._search(clause)) if clause else None

    def _is_enough(self, related: Clause, others: int) -> bool:
        """Return whether `ENOUGH` releases match *related*, of which *others* do besides the hits."""
        if others >= ENOUGH or (self.query.filters == _NO_FILTERS and others + self.top.total < ENOUGH):
            return others >= ENOUGH
        return self.broadening.suffices(related, ENOUGH)

    def _search(self, clause: Clause) -> TopDocs:
        """Return the best matches of *clause* besides the hits, as many as there is room for."""
        broader = replace(self.query, clause=clause, per_page=self.room, histogram=None)
        excluded = [*self.top.docs, *chain.from_iterable(self.top.folded)]
        return self.searcher.search(broader, excluded=excluded, faceted=False)
