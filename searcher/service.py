"""What the page and the API stand on: the open index, the store and the settings, shared by all threads."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from flask import current_app

from index import deadline
from index.analysis import Analyzer
from index.engines import Engine
from index.errors import EngineError
from index.indexing import abbreviations
from index.query import Everything, Filters, Query, Synonyms, parse
from index.release_view import Archive, ArchivedRelease
from index.results import Explanation, Hit, IndexInfo, Results
from index.suggest import Completion, Relaxation, Suggestion, did_you_mean, relaxations
from preses_relizes.calendar import today
from searcher.config import SearcherConfig
from searcher.params import SearchParams


@dataclass(frozen=True, slots=True)
class Answer:
    """A query as it was understood, what it found, and what may have been meant."""

    query: Query
    results: Results
    suggestion: Suggestion | None = None
    relaxations: tuple[Relaxation, ...] = ()
    """Only where nothing has all that was asked."""
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    """By hit, where they were asked for."""


@dataclass(slots=True, kw_only=True, eq=False)
class Service:
    """Answers searches; safe to share between threads."""

    settings: SearcherConfig
    engine: Engine
    archive: Archive
    analyzer: Analyzer
    definitions: Path
    """What abbreviations stand for; people may change the file meanwhile."""

    def search(self, asked: SearchParams) -> Answer:
        """Return what *asked* finds.

        Raises:
            CursorError: it cannot go on from its cursor.
            DeadlineError: it takes longer than the settings allow.
            EngineError: there is no index, or it is damaged.
        """
        with self._bounded():
            return self._search(asked)

    def _search(self, asked: SearchParams) -> Answer:
        read = self._read(asked.q, asked.filters, asked)
        query = replace(read, cursor=asked.cursor, histogram=asked.histogram)
        results = readable(self.engine.search(query))
        shown = [hit.id for hit in (*results.hits, *results.nearest)]
        why = self.engine.explain(query, shown) if asked.explain else {}
        if results.total >= query.per_page and not results.widened:
            return Answer(query, results, explanations=why)
        return Answer(query, results, self._meant(asked, results), self._relaxed(asked, results), why)

    def _read(self, text: str, filters: Filters, asked: SearchParams) -> Query:
        return parse(
            text,
            analyzer=self.analyzer,
            today=today(),
            ministries=self._ministries(self.engine.info()),
            synonyms=self._synonyms(abbreviations.modified_ns(self.definitions)),
            filters=filters,
            sort=asked.sort,
            page=asked.page,
            per_page=asked.per_page or self.settings.per_page,
        )

    def _count(self, text: str, filters: Filters) -> int:
        """How many releases have all that *text* asks."""
        return self.engine.count(self._read(text, filters, SearchParams()))

    def _meant(self, asked: SearchParams, results: Results) -> Suggestion | None:
        known = {asked.q: 0 if results.widened else results.total}

        def count(text: str) -> int:
            return known[text] if text in known else self._count(text, asked.filters)

        return did_you_mean(asked.q, self.engine.suggester(), count)

    def _relaxed(self, asked: SearchParams, results: Results) -> tuple[Relaxation, ...]:
        if results.total and not results.widened:
            return ()
        found = relaxations(asked.q, asked.filters, self._count)
        # With any of the words: that is what is shown where nothing has them all.
        return tuple(one for one in found if one.left_out or not results.total)

    def complete(self, typed: str) -> tuple[Completion, ...]:
        """Return what *typed* may become: words, institutions, titles."""
        with self._bounded():
            return self.engine.completer().complete(typed)

    def release(self, id_: str) -> ArchivedRelease | None:
        """Return the release *id_* to read; None where there is none, or it must not be shown."""
        with deadline.at_most(self.settings.answer_s):
            return self.archive.release(id_)

    def similar(self, id_: str) -> tuple[Hit, ...]:
        """Return the releases most like the release *id_*, the most alike first."""
        with self._bounded():
            return self.engine.similar(id_)

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """Answer in bounded time; that a new index is opened first is on nobody's account."""
        self.engine.info()
        with deadline.at_most(self.settings.answer_s):
            yield

    def warm(self) -> None:
        """Open what the first search would have to wait for; nothing where there is no index yet."""
        with suppress(EngineError):
            self.search(SearchParams())

    @lru_cache(1)  # noqa: B019 - a service lives as long as its process
    def _synonyms(self, _modified: int) -> Synonyms:
        return Synonyms(abbreviations.read_expansions(self.definitions), self.analyzer)

    @lru_cache(4)  # noqa: B019 - as above
    def _ministries(self, _held: IndexInfo) -> tuple[str, ...]:
        """Return the institutions that the index knows; `ministrija:` may be the beginning of one."""
        everything = Query(text="", clause=Everything(), reading="", per_page=1)
        return tuple(value.value for value in self.engine.search(everything).facets.get("ministry", ()))


SHOWN_CHARS = 120_000
"""Titles and passages of an answer have no more letters together; a hundred hits have half as many."""


def readable(results: Results) -> Results:
    """Return *results*, the last hits without passages where those before have so many letters."""
    left = SHOWN_CHARS
    kept = []
    for hit in (*results.hits, *results.nearest):
        left -= len(hit.title.text) + sum(len(passage.text) for passage in hit.passages)
        kept.append(hit if left >= 0 else replace(hit, passages=()))
    if left >= 0:
        return results
    count = len(results.hits)
    return replace(results, hits=tuple(kept[:count]), nearest=tuple(kept[count:]))


def service() -> Service:
    """Return the service of the running app."""
    found = current_app.extensions["service"]
    assert isinstance(found, Service)  # noqa: S101 - narrows the type of Flask's untyped registry
    return found
