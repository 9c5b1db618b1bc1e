"""The service behind the page and the API: index, store and settings, shared by all threads."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
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
from index.results import Explanation, FacetValue, Hit, IndexInfo, Results
from index.suggest import Completion, Relaxation, Suggestion, did_you_mean, relaxations, sure_correction
from preses_relizes.calendar import RIGA, today
from searcher.config import SearcherConfig
from searcher.delivery.caching import Version
from searcher.params import SearchParams


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """A query as it was read, its results, and suggestions."""

    query: Query
    results: Results
    correction: Suggestion | None = None
    """The correction whose results these are, instead of those of the text as typed."""
    suggestion: Suggestion | None = None
    relaxations: tuple[Relaxation, ...] = ()
    """Only if no release matches the whole query."""
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    """By hit, if requested."""

    def facet(self, name: str, chosen: Sequence[str] = ()) -> tuple[FacetValue, ...]:
        """Return the values of a facet, including *chosen* values that no longer match anything."""
        found = self.results.facets.get(name, ())
        missing = [value for value in chosen if value not in {one.value for one in found}]
        return (*found, *(FacetValue(value, 0) for value in missing))


@dataclass(slots=True, kw_only=True, eq=False)
class Service:
    """Answers searches; safe to share between threads."""

    settings: SearcherConfig
    engine: Engine
    archive: Archive
    analyzer: Analyzer
    definitions: Path
    """File of abbreviations and their meanings; people may edit it at any time."""
    program: Version
    """The version of our code and of the settings."""

    def version(self) -> Version:
        """Return the version of what every answer from the index depends on.

        That is the program, the index, the abbreviations, and the day: "yesterday" and recency depend on it.

        Raises:
            EngineError: the index is missing or damaged.
        """
        info, edited = self.engine.info(), abbreviations.modified_ns(self.definitions)
        return self._version(info, edited, today())

    @lru_cache(4)  # noqa: B019 - a service lives as long as its process
    def _version(self, info: IndexInfo, edited_ns: int, day: date) -> Version:
        midnight = datetime.combine(day, time(), RIGA)
        edited = datetime.fromtimestamp(edited_ns / 1e9, UTC)
        published = info.published or self.program.modified
        modified = max(midnight, edited, published, self.program.modified)
        return Version.of(self.program.digest, repr(info), str(edited_ns), str(day), modified=modified)

    def search(self, params: SearchParams) -> SearchResponse:
        """Run a search.

        Raises:
            CursorError: the cursor is not valid for this query.
            DeadlineError: the search exceeds `answer_s` of the settings.
            EngineError: the index is missing or damaged.
        """
        with self._time_limit():
            return self._search(params)

    def _search(self, typed: SearchParams) -> SearchResponse:
        correction = None if typed.verbatim else self._correct(typed)
        params = typed.model_copy(update={"q": correction.text}) if correction else typed
        parsed = self._parse(params.q, params.filters, params)
        query = replace(parsed, cursor=params.cursor, histogram=params.histogram)
        results = limit_passages(self.engine.search(query))
        ids = [hit.id for hit in (*results.hits, *results.nearest)]
        explanations = self.engine.explain(query, ids) if params.explain else {}
        is_answered = results.total >= query.per_page and not results.widened
        if is_answered or query.time:  # a time has no typo and no word to leave out
            return SearchResponse(query, results, correction, explanations=explanations)
        suggestion = None if correction else self._suggest(params, results)
        relaxed = self._relax(params, results)
        return SearchResponse(query, results, correction, suggestion, relaxed, explanations)

    def _correct(self, params: SearchParams) -> Suggestion | None:
        return sure_correction(
            params.q,
            self.engine.suggester(),
            lambda text: self._count(text, params.filters),
            self.analyzer.is_in_dictionary,
        )

    def _parse(self, text: str, filters: Filters, params: SearchParams) -> Query:
        return parse(
            text,
            analyzer=self.analyzer,
            today=today(),
            ministries=self._ministries(self.engine.info()),
            synonyms=self._synonyms(abbreviations.modified_ns(self.definitions)),
            filters=filters,
            sort=params.sort,
            page=params.page,
            per_page=params.per_page or self.settings.per_page,
        )

    def _count(self, text: str, filters: Filters) -> int:
        """Return how many releases match all of *text*."""
        return self.engine.count(self._parse(text, filters, SearchParams()))

    def _suggest(self, params: SearchParams, results: Results) -> Suggestion | None:
        known = {params.q: 0 if results.widened else results.total}

        def count(text: str) -> int:
            return known[text] if text in known else self._count(text, params.filters)

        return did_you_mean(params.q, self.engine.suggester(), count)

    def _relax(self, params: SearchParams, results: Results) -> tuple[Relaxation, ...]:
        if results.total and not results.widened:
            return ()
        relaxed = relaxations(params.q, params.filters, self._count)
        # If nothing matches all words, the results already match any of them.
        return tuple(search for search in relaxed if search.left_out or not results.total)

    def complete(self, typed: str) -> tuple[Completion, ...]:
        """Return completions of *typed*: words, names, institutions, titles."""
        with self._time_limit():
            return self.engine.completer().complete(typed)

    def release(self, id_: str) -> ArchivedRelease | None:
        """Return the release *id_*; None if it is unknown or must not be shown."""
        with deadline.at_most(self.settings.answer_s):
            return self.archive.release(id_)

    def similar(self, id_: str) -> tuple[Hit, ...]:
        """Return the releases most similar to the release *id_*, most similar first."""
        with self._time_limit():
            return self.engine.similar(id_)

    @contextmanager
    def _time_limit(self) -> Iterator[None]:
        """Limit the time of an answer, not counting the time to open a new index."""
        self.engine.info()
        with deadline.at_most(self.settings.answer_s):
            yield

    def warm(self) -> None:
        """Open the index, so that the first search need not wait; do nothing if there is none yet."""
        with suppress(EngineError):
            self.search(SearchParams())

    @lru_cache(1)  # noqa: B019 - a service lives as long as its process
    def _synonyms(self, _modified: int) -> Synonyms:
        return Synonyms(abbreviations.read_expansions(self.definitions), self.analyzer)

    @lru_cache(4)  # noqa: B019 - as above
    def _ministries(self, _held: IndexInfo) -> tuple[str, ...]:
        """Return the institutions in the index, for which `ministrija:` may give a prefix."""
        everything = Query(text="", clause=Everything(), reading="", per_page=1)
        return tuple(value.value for value in self.engine.search(everything).facets.get("ministry", ()))


SHOWN_CHARS = 120_000
"""Maximum characters in titles and passages of one answer; a hundred usual hits have half as many."""


def limit_passages(results: Results) -> Results:
    """Return *results* without the passages of the last hits once `SHOWN_CHARS` are reached."""
    left = SHOWN_CHARS
    kept = []
    for hit in (*results.hits, *results.nearest):
        left -= len(hit.title.text) + sum(len(passage.text) for passage in hit.passages)
        kept.append(hit if left >= 0 else replace(hit, passages=()))
    if left >= 0:
        return results
    count = len(results.hits)
    return replace(results, hits=tuple(kept[:count]), nearest=tuple(kept[count:]))


def current_service() -> Service:
    """Return the service of the current app."""
    service = current_app.extensions["service"]
    assert isinstance(service, Service)  # noqa: S101 - narrows the type of Flask's untyped registry
    return service
