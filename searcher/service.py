"""The service behind the page and the API: index, store and settings, shared by all threads."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from pathlib import Path

import msgspec
from flask import current_app
from msgspec import Struct
from msgspec.structs import replace

from index import deadline
from index.analysis import Analyzer
from index.best_bets import ChosenAnswer, LiveBets
from index.engines import Engine, Listing
from index.errors import EngineError
from index.indexing import abbreviations
from index.institutions import Institutions
from index.meaning import RelatedWords
from index.query import Everything, Expansion, Filters, Part, Query, Synonyms, parse
from index.query.lexemes import QUOTES
from index.query.rewrite import has_negation
from index.release_view import Archive, ArchivedRelease
from index.results import Coverage, Explanation, FacetValue, Hit, IndexInfo, Passage, Results
from index.short_names import short_names
from index.suggest import (
    Completion,
    CountWithin,
    Omission,
    Suggestion,
    did_you_mean,
    omissions,
    sure_correction,
)
from preses_relizes.calendar import RIGA, today
from searcher.config import SearcherConfig
from searcher.delivery.caching import Version
from searcher.params import ParameterError, SearchParams


class SearchResponse(Struct, frozen=True):
    """A query as it was read, its results, and suggestions."""

    query: Query
    results: Results
    correction: Suggestion | None = None
    """The correction whose results these are, instead of those of the text as typed."""
    suggestion: Suggestion | None = None
    omissions: tuple[Omission, ...] = ()
    """The parts of the query to leave out; empty if a release matches the whole query."""
    explanations: Mapping[str, Explanation] = msgspec.field(default_factory=dict)
    """The explanations by id of the hit; empty unless requested."""
    best_bets: tuple[ChosenAnswer, ...] = ()
    """The answers that the operator chose for the query."""

    @property
    def expansions(self) -> tuple[Expansion, ...]:
        """The related words that led to hits, because too few releases match what was typed."""
        return self.results.expansions

    def facet(self, name: str, chosen: Sequence[str] = ()) -> tuple[FacetValue, ...]:
        """Return the values of a facet, including *chosen* values that no longer match anything."""
        found = self.results.facets.get(name, ())
        missing = [value for value in chosen if value not in {one.value for one in found}]
        return (*found, *(FacetValue(value, 0) for value in missing))


_QUOTE = re.compile(f"[{QUOTES}]")


@dataclass(slots=True, kw_only=True, eq=False)
class Service:
    """Answers searches; safe to share between threads."""

    settings: SearcherConfig
    engine: Engine
    archive: Archive
    analyzer: Analyzer
    definitions: Path
    """File of abbreviations and their meanings; people may edit it at any time."""
    bets: LiveBets
    """The operator's best bets; their file may be edited at any time, too."""
    related_words: RelatedWords
    program: Version
    """The version of our code and of the settings."""
    institutions: Institutions
    sites: Mapping[str, str] = field(default_factory=dict)
    """The institution of each site, by id."""
    _definitions_ns: int = field(default=0, init=False)
    """When the file of abbreviations was last modified."""

    def version(self) -> Version:
        """Return the version of what every answer from the index depends on.

        That is the program, the index, the abbreviations, the best bets, the day ("yesterday" and recency
        depend on it), and the last crawl, which every page names.

        Raises:
            EngineError: the index is missing or damaged.
        """
        edited_ns = (abbreviations.modified_ns(self.definitions), *self.bets.version())
        return self._version(self.engine.info(), edited_ns, today(), self.last_crawl())

    def last_crawl(self) -> datetime | None:
        """Return the start of the last crawl that read anything (UTC); None if it is unknown."""
        with suppress(EngineError):  # searches need no store
            return max(
                (one.crawled for one in self.institutions.all(datetime.now(UTC)) if one.crawled), default=None
            )
        return None

    @lru_cache(4)  # noqa: B019 - a service lives as long as its process
    def _version(
        self, info: IndexInfo, edited_ns: tuple[int, ...], day: date, crawled: datetime | None
    ) -> Version:
        midnight = datetime.combine(day, time(), RIGA)
        edited = datetime.fromtimestamp(max(edited_ns) / 1e9, UTC)
        published = info.published or self.program.modified
        modified = max(midnight, edited, published, crawled or midnight, self.program.modified)
        parts = (self.program.digest, repr(info), str(edited_ns), str(day), str(crawled))
        return Version.of(*parts, modified=modified)

    def require_institutions(self, names: Iterable[str]) -> None:
        """Check that *names* are institutions; a misspelt one would look like one without releases.

        Raises:
            EngineError: the index is missing or damaged.
            ParameterError: one of them is not.
        """
        unknown = next((name for name in names if name not in self.institutions.names()), None)
        if unknown is not None:
            reason = f"no institution is named {unknown!r}; /api/v1/institutions lists them"
            raise ParameterError({"ministry": reason})

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
        count = cache(self._count)  # what may be meant and what to leave out are partly the same texts
        params, query, correction = self._read(typed, count)
        results = limit_passages(self.engine.search(query))
        ids = [hit.id for hit in (*results.hits, *results.nearest)]
        response = SearchResponse(
            query,
            results,
            correction,
            explanations=self.engine.explain(query, ids) if params.explain else {},
            best_bets=self._find_bets(query),
        )
        is_answered = results.total >= query.per_page and not results.widened
        if is_answered or query.time:  # a time has no typo and no word to leave out
            return response
        suggestion = None if correction else self._suggest(params, results, count)
        return replace(response, suggestion=suggestion, omissions=_find_omissions(params, results, count))

    def _read(self, typed: SearchParams, count: CountWithin) -> tuple[SearchParams, Query, Suggestion | None]:
        """Return the parameters with a sure correction, their query, and that correction."""
        parsed = self._parse(typed.q, typed.filters, typed)
        correction = None if typed.verbatim or parsed.time else self._correct(typed, count)
        params = typed.model_copy(update={"q": correction.text}) if correction else typed
        if correction:
            parsed = self._parse(params.q, params.filters, params)
        query = self.related_words.expand(parsed)
        return params, replace(query, cursor=params.cursor, histogram=params.histogram), correction

    def _find_bets(self, query: Query) -> tuple[ChosenAnswer, ...]:
        """Return the operator's answers to *query*: on its first page, without filters and exclusions."""
        is_plain = query.filters == Filters() and not has_negation(query.clause)
        is_first = query.page == 1 and query.cursor is None
        return self.bets.answers(query.text, today()) if is_plain and is_first else ()

    def _correct(self, params: SearchParams, count: CountWithin) -> Suggestion | None:
        return sure_correction(
            params.q,
            self.engine.suggester(),
            lambda text: count(text, params.filters),
            lambda word: self.analyzer.is_in_dictionary(word) or self.related_words.has(word),
        )

    def results(self, params: SearchParams) -> Results:
        """Run a search without suggestions and explanations.

        Raises:
            DeadlineError, EngineError: as for `search`.
        """
        with self._time_limit():
            _, query, _ = self._read(params, self._count)
            return self.engine.search(query)

    def listing(self, params: SearchParams) -> Listing:
        """Return all releases that a search finds, in its order; pages and cursors do not count.

        Raises:
            DeadlineError, EngineError: as for `search`.
        """
        with self._time_limit():
            _, query, _ = self._read(params, self._count)
            return self.engine.listing(query)

    def mark(self, params: SearchParams, id_: str) -> Mapping[Part, Passage]:
        """Return title, lead and body of the release *id_* with the matches of a search marked."""
        with self._time_limit():
            _, query, _ = self._read(params, self._count)
            return self.engine.mark(query, id_)

    def coverage(self) -> tuple[Coverage, ...]:
        """Return what the index holds of each institution, by name."""
        return self._coverage(self.engine.info())

    @lru_cache(2)  # noqa: B019 - a service lives as long as its process
    def _coverage(self, _held: IndexInfo) -> tuple[Coverage, ...]:
        return self.engine.coverage()

    def _parse(self, text: str, filters: Filters, params: SearchParams) -> Query:
        """Return the query of *text*; in a text that is of a title, `no 2024. gada` is words."""
        query = self._parse_as(text, filters, params, bounds=True)
        if query.clause == Everything() or not any(period.bound for period in query.periods):
            return query
        title = self._parse_as(
            f'virsraksts:"{_QUOTE.sub(" ", text)}"', Filters(), SearchParams(), bounds=False
        )
        return self._parse_as(text, filters, params, bounds=False) if self.engine.count(title) else query

    def _parse_as(self, text: str, filters: Filters, params: SearchParams, *, bounds: bool) -> Query:
        held, modified = self.engine.info(), self._definitions_ns
        return parse(
            text,
            analyzer=self.analyzer,
            today=today(),
            ministries=self._ministries(held),
            aliases=self._aliases(held, modified),
            synonyms=self._synonyms(modified),
            filters=filters,
            sort=params.sort,
            page=params.page,
            per_page=params.per_page or self.settings.per_page,
            bounds=bounds,
        )

    def _count(self, text: str, filters: Filters) -> int:
        """Return how many releases match all of *text*."""
        return self.engine.count(self._parse(text, filters, SearchParams()))

    def _suggest(self, params: SearchParams, results: Results, count: CountWithin) -> Suggestion | None:
        known = {params.q: 0 if results.widened else results.total}

        def count_text(text: str) -> int:
            return known[text] if text in known else count(text, params.filters)

        return did_you_mean(params.q, self.engine.suggester(), count_text)

    def complete(self, typed: str) -> tuple[Completion, ...]:
        """Return completions of *typed*: words, names, institutions, titles."""
        with self._time_limit():
            return self.engine.completer().complete(typed)

    def release(self, id_: str) -> ArchivedRelease | None:
        """Return the release *id_*; None if it is unknown or must not be shown."""
        with deadline.at_most(self.settings.answer_s):
            return self.archive.release(id_)

    def edit(self, id_: str, number: int) -> ArchivedRelease | None:
        """Return the release *id_* with its edit *number* alone; None if it must not be shown or has none."""
        with deadline.at_most(self.settings.answer_s):
            return self.archive.edit(id_, number)

    def has(self, id_: str) -> bool:
        """Return whether there is a release *id_* that may be shown."""
        return self.archive.has(id_)

    def similar(self, id_: str) -> tuple[Hit, ...]:
        """Return the releases most similar to the release *id_*, most similar first."""
        with self._time_limit():
            return self.engine.similar(id_)

    @contextmanager
    def _time_limit(self) -> Iterator[None]:
        """Limit the time of an answer, not counting the time to open a new index or the related words."""
        self.engine.info()
        self.related_words.load()
        # Once for an answer, which may parse dozens of texts to find what was meant.
        self._definitions_ns = abbreviations.modified_ns(self.definitions)
        with deadline.at_most(self.settings.answer_s):
            yield

    def warm(self) -> None:
        """Open the index, so that the first search need not wait; do nothing if there is none yet."""
        self.related_words.load()
        with suppress(EngineError):
            self.search(SearchParams())

    @lru_cache(1)  # noqa: B019 - a service lives as long as its process
    def _expansions(self, _modified: int) -> Mapping[str, Sequence[str]]:
        return abbreviations.read_expansions(self.definitions)

    @lru_cache(1)  # noqa: B019 - as above
    def _synonyms(self, modified: int) -> Synonyms:
        return Synonyms(self._expansions(modified), self.analyzer)

    @lru_cache(4)  # noqa: B019 - as above
    def _aliases(self, held: IndexInfo, modified: int) -> Mapping[str, Sequence[str]]:
        """Return the institutions in the index by acronym and by id of a site."""
        names = self._ministries(held)
        return short_names(names, expansions=self._expansions(modified), sites=self.sites)

    @lru_cache(4)  # noqa: B019 - as above
    def _ministries(self, _held: IndexInfo) -> tuple[str, ...]:
        """Return the institutions in the index, for which `ministrija:` may give a prefix."""
        everything = Query(text="", clause=Everything(), reading="", per_page=1)
        return tuple(value.value for value in self.engine.search(everything).facets.get("ministry", ()))


RELAXED_CHARS = 500
"""Longer queries are not offered without one of their words: each would be searched again."""
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


def _find_omissions(params: SearchParams, results: Results, count: CountWithin) -> tuple[Omission, ...]:
    if (results.total and not results.widened) or len(params.q) > RELAXED_CHARS:
        return ()
    found = omissions(params.q, params.filters, count)
    # If nothing matches all words, the results already match any of them.
    return tuple(search for search in found if search.left_out or not results.total)


def current_service() -> Service:
    """Return the service of the current app."""
    service = current_app.extensions["service"]
    assert isinstance(service, Service)  # noqa: S101 - narrows the type of Flask's untyped registry
    return service
