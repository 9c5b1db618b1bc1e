"""Answers queries: hits and what follows them, explanations, marks, similar releases."""

import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import accumulate, islice
from typing import Generic, TypeVar

from msgspec.structs import replace

from index.analysis import Analyzer, default_analyzer
from index.engines.answers.broadening import Broadening
from index.engines.answers.document_searcher import DocumentSearcher
from index.engines.answers.found_terms import find_terms
from index.engines.answers.hits import HitMaker, StoredTexts
from index.engines.answers.mark_kinds import MarkKinds
from index.engines.answers.marked_terms import lemmas_by, marked_passages
from index.engines.answers.page_filling import fill_page
from index.engines.answers.passages import mark_text
from index.engines.answers.scope import Scope, begin_of
from index.query import Clause, Everything, Expansion, Part, Phrase, Query
from index.results import Appearance, Coverage, Explanation, Hit, Passage, Results
from index.search.cursor import Cursor
from index.search.match_offsets import leaves

# Weights of the parts of a release in "more like this", and the most characters of a part that are read.
_PART_WEIGHTS: Mapping[str, int] = {"title": 3, "lead": 2, "body": 1}
_READ_CHARS = 20_000
EXPLAINED_WORDS, _LONG_CHARS = 500, 64
"""The most words explained in an answer; a long word counts once more for every 64 characters."""
_MARKED: tuple[Part, ...] = ("title", "lead", "body")

SearcherT = TypeVar("SearcherT", bound=DocumentSearcher)


class Answerer(ABC, Generic[SearcherT]):
    """Answers queries by a *searcher* on one state of an index, made by *analyzer*; shared by all threads.

    *search_all* returns the searcher of all texts, also those of before. *commit* names the state in cursors.
    """

    def __init__(
        self,
        searcher: SearcherT,
        search_all: Callable[[], SearcherT],
        commit: str,
        analyzer: Analyzer | None = None,
    ) -> None:
        self._searcher, self._search_all = searcher, search_all
        self._commit, self._given_analyzer = commit, analyzer

    @cached_property
    def _analyzer(self) -> Analyzer:
        return self._given_analyzer or default_analyzer()

    @cached_property
    def _present(self) -> Scope[SearcherT]:
        return Scope(self._searcher, self._analyzer, is_of_all=False)

    @cached_property
    def _all(self) -> Scope[SearcherT]:
        return Scope(self._search_all(), self._analyzer, is_of_all=True)

    def _scope(self, query: Query) -> Scope[SearcherT]:
        return self._all if query.filters.is_through_time else self._present

    @property
    def _broadening(self) -> Broadening:
        return self._present.broadening

    @property
    def _hits(self) -> HitMaker:
        return self._present.maker

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for; if few releases match, the hits of a broader query.

        Raises:
            CursorError: the cursor belongs to another query, or to an index that has changed since.
        """
        started = time.perf_counter()
        cursor, scope = Cursor.read(query.cursor), self._scope(query)
        found = scope.broadening.search(query, cursor.place if cursor else None)
        if cursor is not None:
            cursor.check(query, self._commit)
        top = found.top
        hits = scope.maker.hits(found.answered.clause, top)
        filling = fill_page(found, scope.searcher, scope.broadening, scope.maker)
        if query.filters.is_through_time:
            hits = scope.with_stays(hits, found.answered.clause, query.filters)
        shown = (*hits, *filling.hits)
        expansions: tuple[Expansion, ...] = ()
        if query.expansions and found.is_broader:
            lemmas_of = lemmas_by(self._analyzer)
            marked = [marked_passages(hit, lemmas_of) for hit in shown]
            expansions = find_terms(query.expansions, marked)
            kinds = MarkKinds(expansions, found.typed.clause, self._analyzer)
            shown = tuple(map(kinds.tell, shown, marked))
        return Results(
            hits=shown[: len(hits)],
            total=top.total,
            unaccented=scope.broadening.count_unaccented(found),
            facets=top.facets,
            histogram=top.histogram,
            cursor=Cursor.at(top.last, query, self._commit).write() if top.last else None,
            widened=found.is_widened,
            nearest=shown[len(hits) :],
            near=filling.near,
            expansions=expansions,
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def count(self, query: Query) -> int:
        """Return how many releases match every part of *query*."""
        return self._scope(query).broadening.count(query)

    def appearance(self, query: Query) -> Appearance:
        """Return when a text that matches every part of *query* first appeared, and last stood."""
        scope = self._all
        clause, filters = scope.broadening.settle_clause(query.clause), query.filters
        open_filters = replace(filters, stood=(date.max, filters.stood[1] if filters.stood else date.max))
        first, last = (scope.maker.matches(clause, docs) for docs in scope.searcher.ends(clause, filters))
        return Appearance(
            releases=scope.searcher.count(clause, filters),
            standing=scope.searcher.count(clause, open_filters),
            first=min(first, key=begin_of, default=None),
            last=max(last, key=begin_of, default=None),
        )

    def explain(self, query: Query, ids: Iterable[str]) -> Mapping[str, Explanation]:
        """Return the explained scores of those of the releases *ids* that match *query*, by id.

        If the query has many words, only the first of *ids* are explained, to bound the work.
        """
        explained_ids = islice(ids, max(1, EXPLAINED_WORDS // _count_words(query.clause)))
        ids_by_doc = {doc: id_ for id_ in explained_ids if (doc := self._searcher.find(id_)) is not None}
        typed = self._broadening.settle(query)
        answered = self._broadening.answer(typed, None)
        explained = self._searcher.explain(answered.query.clause, ids_by_doc, query.own_language)
        others = ids_by_doc.keys() - explained.keys()
        nearest = self._broadening.nearest_clause(typed, answered.near_share) if others else None
        if nearest:
            explained |= self._searcher.explain(nearest, others)
        return _limit({id_: explained[doc] for doc, id_ in ids_by_doc.items() if doc in explained})

    def similar(self, id_: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the releases most similar to the release *id_*, best first, without its translations."""
        doc = self._searcher.find(id_)
        if doc is None:
            return ()
        fields = self._hits.shown(doc)
        translations = (self._searcher.find(other) for other in fields.get("translations", ()))
        excluded = [other for other in translations if other is not None]
        found = self._find_similar(doc, self._lemma_frequencies(fields), excluded, limit)
        return tuple(self._hits.hit(other, score) for other, score in found)

    @abstractmethod
    def _find_similar(
        self, doc: int, frequencies: Mapping[str, float], excluded: Sequence[int], limit: int
    ) -> Sequence[tuple[int, float]]:
        """Return the documents most similar to *doc*, best first, each with its score."""

    def is_present(self, id_: str) -> bool:
        """Return whether the release *id_* is in the index and not marked as gone."""
        doc = self._searcher.find(id_)
        return doc is not None and not self._hits.shown(doc).get("gone", False)

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
        fields = self._hits.shown(doc)
        (offsets,) = self._searcher.match_offsets(self._broadening.find_answered(query).clause, (doc,))
        marked = {part: mark_text(fields.get(part, ""), offsets, part) for part in _MARKED}
        if not query.expansions:
            return marked
        kinds = MarkKinds(query.expansions, self._broadening.settle_clause(query.clause), self._analyzer)
        return {part: kinds.tell_in(passage, fields["language"]) for part, passage in marked.items()}

    def coverage(self) -> tuple[Coverage, ...]:
        """Return what the index holds of each institution, by name."""
        return self._coverage

    @cached_property  # it takes 20 ms for 200,000 releases, and every answer names the last crawl
    def _coverage(self) -> tuple[Coverage, ...]:
        everything = Query(text="", clause=Everything(), reading="", per_page=1)
        counts = {one.value: one.count for one in self._searcher.search(everything).facets["ministry"]}
        return tuple(
            Coverage(
                ministry=ministry,
                site=self._hits.shown(newest)["site"],
                releases=counts.get(ministry, count),
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
