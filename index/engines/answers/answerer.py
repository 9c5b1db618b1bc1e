"""Answers queries: hits, the releases that follow if there are few, broader queries, explanations, marks."""

import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain, islice
from typing import Any, Generic, TypeVar

from msgspec.structs import replace

from index import deadline
from index.analysis import Analyzer, default_analyzer
from index.engines.answers.broadening import Broadening
from index.engines.answers.document_searcher import DocumentSearcher
from index.engines.answers.found_terms import find_terms
from index.engines.answers.passages import choose_passages, mark_text, mark_title
from index.query import Clause, Expansion, Filters, Part, Phrase, Query
from index.query.rewrite import has_negation
from index.query.words import read_unaccented
from index.results import Coverage, Explanation, Hit, Passage, Results
from index.search import TopDocs, ranking
from index.search.cursor import Cursor
from index.search.match_offsets import MatchOffset, leaves
from index.search.top_k import NOISE

# Weights of the parts of a release in "more like this", and the most characters of a part that are read.
_PART_WEIGHTS: Mapping[str, int] = {"title": 3, "lead": 2, "body": 1}
_READ_CHARS = 20_000
EXPLAINED_WORDS, _LONG_CHARS = 500, 64
"""The most words explained in an answer; a long word counts once more for every 64 characters."""
# Fewer hits are followed by partial matches, up to this number.
_FILLED_UP_TO = 10
_MARKED: tuple[Part, ...] = ("title", "lead", "body")

StoredTexts = Mapping[str, Any]
"""The stored fields of a document that a hit shows, without empty ones."""
SearcherT = TypeVar("SearcherT", bound=DocumentSearcher)


class Answerer(ABC, Generic[SearcherT]):
    """Answers queries by a *searcher* on one state of an index, made by *analyzer*; shared by all threads.

    *commit* names the state in cursors.
    """

    def __init__(self, searcher: SearcherT, commit: str, analyzer: Analyzer | None = None) -> None:
        self._searcher, self._commit, self._given_analyzer = searcher, commit, analyzer

    @cached_property
    def _analyzer(self) -> Analyzer:
        return self._given_analyzer or default_analyzer()

    @cached_property
    def _broadening(self) -> Broadening:
        return Broadening(self._searcher, self._analyzer)

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for; if nothing matches, the hits of a broader query.

        Raises:
            CursorError: the cursor belongs to another query, or to an index that has changed since.
        """
        started = time.perf_counter()
        cursor = Cursor.read(query.cursor)
        after = cursor.place if cursor else None
        answered = typed = self._broadening.settle(query)
        top = self._searcher.search(answered, after=after)
        if not top.total and (broader := self._broadening.broaden(typed)):
            answered = broader
            top = self._searcher.search(answered, after=after)
        if cursor is not None:
            cursor.check(query, self._commit)
        hits = self._make_hits(answered.clause, top)
        is_typed = answered is typed
        widened = not is_typed and answered.clause != read_unaccented(typed.clause)
        nearest, related = self._fill_page(answered, top, hits, widened=widened)
        return Results(
            hits=hits,
            total=top.total,
            unaccented=self._broadening.count_unaccented(typed, top.total) if is_typed else 0,
            facets=top.facets,
            histogram=top.histogram,
            cursor=Cursor.at(top.last, query, self._commit).write() if top.last else None,
            widened=widened,
            nearest=nearest,
            related=related,
            expansions=self._find_expansions(query, hits if widened else (), nearest, related),
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def _fill_page(
        self, query: Query, top: TopDocs, hits: tuple[Hit, ...], *, widened: bool
    ) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
        """Return the hits that follow those on the first page if few releases match the whole query.

        Also return the ids of those among them that related words found.
        """
        room = min(query.per_page, _FILLED_UP_TO) - top.total
        is_first = query.page == 1 and query.cursor is None
        words = query.words or query
        if not is_first or words.sort != "relevance" or not top.total or room <= 0:
            return (), ()
        translations = self._find_translations(words, top, hits)[:room]
        translated_ids = {hit.id for hit in translations}
        others, related = self._find_others(query, words, top, room, widened=widened)
        nearest = (*translations, *(hit for hit in others if hit.id not in translated_ids))[:room]
        return nearest, tuple(hit.id for hit in nearest if hit.id in related)

    def _find_expansions(
        self, query: Query, widened: Sequence[Hit], nearest: Sequence[Hit], related: Sequence[str]
    ) -> tuple[Expansion, ...]:
        """Return the related terms shown in the hits of a *widened* query, or in those *related* to it.

        If related hits show none, since passages leave out some matches, return all that were searched.
        """
        hits = (*widened, *(hit for hit in nearest if hit.id in related))
        return find_terms(query.expansions, hits, self._analyzer) or (query.expansions if related else ())

    def _find_others(
        self, query: Query, words: Query, top: TopDocs, room: int, *, widened: bool
    ) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
        if query.words:
            return self._find_mentions(words, top, room), ()
        return ((), ()) if widened else self._find_partial_matches(query, top, room)

    def _find_mentions(self, words: Query, top: TopDocs, room: int) -> tuple[Hit, ...]:
        """Return at most *room* of the best releases that mention the time, without those published in it."""
        excluded = [*top.docs, *chain.from_iterable(top.folded)]
        asked = replace(words, per_page=room, histogram=None)
        return self._make_hits(asked.clause, self._searcher.search(asked, excluded=excluded, faceted=False))

    def _find_translations(self, query: Query, top: TopDocs, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Return the translations of *hits*, unless *query* has filters or exclusions."""
        if query.filters != Filters() or has_negation(query.clause):
            return ()
        ids = dict.fromkeys(id_ for hit in hits for id_ in hit.translations)
        docs = tuple(doc for id_ in ids if (doc := self._searcher.find(id_)) is not None)
        missing = tuple(doc for doc in docs if doc not in top.docs)
        if not missing:
            return ()
        clause = self._broadening.broaden_to_any(query) or query.clause
        rows = zip(
            missing,
            self._searcher.scores(clause, missing),
            self._searcher.match_offsets(clause, missing),
            strict=True,
        )
        return tuple(self._make_hit(doc, score, (), marks) for doc, score, marks in rows)

    def _find_partial_matches(
        self, query: Query, top: TopDocs, room: int
    ) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
        """Return the best *room* releases that match *query* with diacritics, a part of it, or related words.

        Also return the ids of those that owe their score to related words.
        """
        clause = self._broadening.broaden_to_any(query)
        if clause is None:
            return (), ()
        broader = replace(query, clause=clause, per_page=room, histogram=None)
        excluded = [*top.docs, *chain.from_iterable(top.folded)]
        partial = self._searcher.search(broader, excluded=excluded, faceted=False)
        count = sum(score >= ranking.NEAREST_SHARE * max(top.scores) for score in partial.scores)
        hits = self._make_hits(clause, partial.first(count))
        if query.related is None:
            return hits, ()
        typed = self._broadening.broaden_to_any(replace(query, related=None)) or query.clause
        typed_scores = self._searcher.scores(typed, partial.docs[:count])
        rows = zip(hits, typed_scores, strict=True)
        return hits, tuple(hit.id for hit, score in rows if hit.score - score > NOISE)

    def _make_hits(self, clause: Clause, top: TopDocs) -> tuple[Hit, ...]:
        deadline.check()
        offsets = self._searcher.match_offsets(clause, top.docs)
        rows = zip(top.docs, top.scores, top.folded, offsets, strict=True)
        return tuple(self._make_hit(*row) for row in rows)

    def _make_hit(
        self, doc: int, score: float, folded: tuple[int, ...], marks: tuple[MatchOffset, ...]
    ) -> Hit:
        stored = self._searcher.stored(doc)
        fields: StoredTexts = stored["shown"]
        return Hit(
            id=stored["id"],
            url=fields["url"],
            title=mark_title(fields.get("title", ""), marks),
            passages=choose_passages(fields, marks),
            published=self._searcher.published(doc),
            site=fields["site"],
            ministry=fields["ministry"],
            language=fields["language"],
            score=score,
            also_published_by=self._other_ministries(folded, fields["ministry"]) if folded else (),
            gone=fields.get("gone", False),
            edited=fields.get("edited", False),
            translations=tuple(fields.get("translations", ())),
            machine_translated=fields.get("machine_translated", False),
        )

    def _other_ministries(self, folded: tuple[int, ...], ministry: str) -> tuple[str, ...]:
        """Return the ministries, other than *ministry*, that published the collapsed releases *folded*."""
        others = {self._searcher.stored(other)["shown"]["ministry"] for other in folded}
        return tuple(sorted(others - {ministry}))

    def count(self, query: Query) -> int:
        """Return how many releases match every part of *query*."""
        return self._broadening.count(query)

    def explain(self, query: Query, ids: Iterable[str]) -> Mapping[str, Explanation]:
        """Return the explained scores of those of the releases *ids* that match *query*, by id.

        If the query has many words, only the first of *ids* are explained, to bound the work.
        """
        explained_ids = islice(ids, max(1, EXPLAINED_WORDS // _count_words(query.clause)))
        ids_by_doc = {doc: id_ for id_ in explained_ids if (doc := self._searcher.find(id_)) is not None}
        answered = self._broadening.find_answered(query)
        explained = self._searcher.explain(answered.clause, ids_by_doc)
        partial = ids_by_doc.keys() - explained.keys()
        broader = self._broadening.broaden_to_any(answered) if partial else None
        if broader:
            explained |= self._searcher.explain(broader, partial)
        return _limit({id_: explained[doc] for doc, id_ in ids_by_doc.items() if doc in explained})

    def similar(self, id_: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the releases most similar to the release *id_*, best first, without its translations."""
        doc = self._searcher.find(id_)
        if doc is None:
            return ()
        fields: StoredTexts = self._searcher.stored(doc)["shown"]
        translations = (self._searcher.find(other) for other in fields.get("translations", ()))
        excluded = [other for other in translations if other is not None]
        found = self._find_similar(doc, self._lemma_frequencies(fields), excluded, limit)
        return tuple(self._make_hit(other, score, (), ()) for other, score in found)

    @abstractmethod
    def _find_similar(
        self, doc: int, frequencies: Mapping[str, float], excluded: Sequence[int], limit: int
    ) -> Sequence[tuple[int, float]]:
        """Return the documents most similar to *doc*, best first, each with its score."""

    def is_present(self, id_: str) -> bool:
        """Return whether the release *id_* is in the index and not marked as gone."""
        doc = self._searcher.find(id_)
        return doc is not None and not self._searcher.stored(doc)["shown"].get("gone", False)

    def _lemma_frequencies(self, fields: StoredTexts) -> Mapping[str, float]:
        """Return the frequencies of the lemmas of a release, weighted by part."""
        analyzer = self._analyzer
        frequencies: Counter[str] = Counter()
        for part, weight in _PART_WEIGHTS.items():
            tokens = analyzer.analyze(fields.get(part, "")[:_READ_CHARS], fields["language"])
            lemmas = Counter(token.forms.lemma[0] for token in tokens if token.forms.lemma)
            frequencies.update({lemma: weight * count for lemma, count in lemmas.items()})
        return {lemma: count for lemma, count in frequencies.items() if any(map(str.isalpha, lemma))}

    def mark(self, query: Query, id_: str) -> Mapping[Part, Passage]:
        """Return title, lead and body of the release *id_* as indexed, with the matches of *query* marked."""
        doc = self._searcher.find(id_)
        if doc is None:
            return {}
        fields = self._searcher.stored(doc)["shown"]
        (offsets,) = self._searcher.match_offsets(self._broadening.find_answered(query).clause, (doc,))
        return {part: mark_text(fields.get(part, ""), offsets, part) for part in _MARKED}

    def coverage(self) -> tuple[Coverage, ...]:
        """Return what the index holds of each institution, by name."""
        return self._coverage

    @cached_property  # it takes 20 ms for 200,000 releases, and every answer names the last crawl
    def _coverage(self) -> tuple[Coverage, ...]:
        return tuple(
            Coverage(
                ministry=ministry,
                site=self._searcher.stored(newest)["shown"]["site"],
                releases=count,
                first=self._searcher.published(oldest),
                last=self._searcher.published(newest),
            )
            for ministry, count, oldest, newest in self._searcher.coverage()
        )


def _limit(explanations: Mapping[str, Explanation]) -> Mapping[str, Explanation]:
    """Return the first of *explanations*, up to EXPLAINED_WORDS in all: related words may be many."""
    ends = accumulate(len(explanation.words) for explanation in explanations.values())
    return {
        id_: explanation
        for (id_, explanation), end in zip(explanations.items(), ends, strict=True)
        if end <= EXPLAINED_WORDS
    }


def _count_words(clause: Clause) -> int:
    """Return how many words an explanation has; very long ones count as several."""
    words = (
        word for leaf in leaves(clause) for word in (leaf.words if isinstance(leaf, Phrase) else (leaf,))
    )
    return sum(1 + len(word.text) // _LONG_CHARS for word in words) or 1
