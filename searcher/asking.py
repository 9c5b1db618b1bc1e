"""Asks the engine what a person typed: corrected if that is sure, counted with what else may be meant."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import whitespace
from typing import get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from index.analysis import Analyzer
from index.best_bets import ChosenAnswer, LiveBets
from index.engines import Engine
from index.engines.answers.broadening import FEW
from index.meaning import RelatedWords
from index.query import Everything, Expansion, Filters, Language, Query
from index.query.lexemes import QUOTES
from index.query.rewrite import has_negation
from index.release_view import Archive
from index.results import Appearance, Explanation, FacetValue, Hit, Results
from index.suggest import Omission, Suggestion, correct_unmatched, did_you_mean, omissions
from preses_relizes.shared.calendar import today
from searcher.i18n import DEFAULT
from searcher.params import SearchParams
from searcher.query_reader import Names, QueryReader

_ADDRESS = re.compile(r"(?:https?://|www\.|/(?:en/|ru/)?releases/)\S+", re.IGNORECASE)
_AROUND = f"<>{QUOTES}{whitespace}"
_QUOTE = re.compile(f"[{QUOTES}]")
RELAXED_CHARS = 500
"""Longer queries are not offered without one of their words: each would be searched again."""
SHOWN_CHARS = 120_000
"""Maximum characters in titles and passages of one answer; a hundred usual hits have half as many."""


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
    appearance: Appearance | None = None
    """Of a search for words through time: when they first appeared, and last stood."""
    cut: int = 0
    """Of a search through time: of how many releases some earlier texts are not kept, and so not searched."""

    @property
    def expansions(self) -> tuple[Expansion, ...]:
        """The related words that led to hits, because too few releases match what was typed."""
        return self.results.expansions

    @property
    def ignored(self) -> tuple[str, ...]:
        """What was typed but not searched, without what a time is named by: *gadā* of `2017. gadā`."""
        text, named = self.query.text, ""
        for period in reversed(self.query.periods):
            text, named = text[: period.start] + text[period.end :], named + text[period.start : period.end]
        told = {note.text for note in self.query.notes}
        return tuple(
            word for word in self.query.ignored if word not in told and (word in text or word not in named)
        )

    @staticmethod
    def may_find_more(matches: int) -> bool:
        """Whether a search with so many *matches* is answered in related words, too, and may find more."""
        return matches < FEW

    @property
    def is_time_alone(self) -> bool:
        """Whether only a time is asked for, such as `vakar` or `pēdējās 24 stundās`."""
        filters = self.query.filters
        is_of_days = filters.published_from is not None or filters.published_to is not None
        others = replace(filters, published_from=None, published_to=None)
        return is_of_days and not self.has_words and others == Filters()

    @property
    def has_words(self) -> bool:
        """Whether words are searched, and not only filters."""
        return self.query.clause != Everything()

    def facet(self, name: str, chosen: Sequence[str] = ()) -> tuple[FacetValue, ...]:
        """Return the values of a facet, including *chosen* values that no longer match anything."""
        found = self.results.facets.get(name, ())
        missing = [value for value in chosen if value not in {one.value for one in found}]
        return (*found, *(FacetValue(value, 0) for value in missing))


class TextCounts:
    """The numbers of releases that match all of a text, each counted once; for the answer to *typed*."""

    def __init__(
        self, engine: Engine, reader: QueryReader, names: Names, typed: SearchParams, query: Query
    ) -> None:
        self._engine, self._reader, self._names = engine, reader, names
        self._filters = typed.filters
        self._typed, self._query = (typed.q, self._filters), query
        self._known: dict[tuple[str, Filters], int] = {}

    def of(self, text: str) -> int:
        """Return the number for *text*, within the filters of the search."""
        return self.within(text, self._filters)

    def within(self, text: str, filters: Filters) -> int:
        """Return the number for *text* within other *filters*."""
        key = text, filters
        if key not in self._known:
            is_typed = key == self._typed
            query = self._query if is_typed else self._reader.read(text, filters, self._names)
            self._known[key] = self._engine.count(query)
        return self._known[key]

    def learn(self, text: str, number: int) -> None:
        """Take the *number* for *text* from the results of its search."""
        self._known[text, self._filters] = number


@dataclass(frozen=True, slots=True)
class Asked:
    """A typed search as it is run."""

    params: SearchParams
    """With a sure correction of the text."""
    query: Query
    meant: Suggestion | None
    """What was probably meant if nothing matches the text as typed; if it is sure, the text is corrected."""
    counts: TextCounts

    @property
    def correction(self) -> Suggestion | None:
        """The correction whose results are returned."""
        return self.meant if self.meant and self.meant.is_sure else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Reads, corrects, runs and answers typed searches; threads may share it."""

    engine: Engine
    reader: QueryReader
    analyzer: Analyzer
    related_words: RelatedWords
    archive: Archive
    bets: LiveBets
    """The operator's best bets; their file may be edited at any time."""
    per_page: int
    """The number of hits on a page unless it is requested."""

    def read(self, typed: SearchParams, *, face: str = DEFAULT) -> Asked:
        """Return the search that *typed* asks for on a page in the language *face*, corrected if sure."""
        names = self.reader.names()
        params, query = typed, self._read(typed, names)
        counts = TextCounts(self.engine, self.reader, names, typed, query)
        meant = None if typed.verbatim or query.time else self._correct(query, counts)
        if meant and meant.is_sure:
            params = typed.model_copy(update={"q": meant.text})
            query = self._read(params, names)
        expanded = query if pasted_address(query.text) else self.related_words.expand(query, params.without)
        expanded = replace(
            expanded,
            cursor=params.cursor,
            histogram=params.histogram,
            near=params.near,
            own_language=self._own_language(params.q, face),
        )
        return Asked(params, expanded, meant, counts)

    def _own_language(self, text: str, face: str) -> Language:
        """Return the language in which *text* is typed, or else that of the page."""
        typed = self.related_words.language_of(text)
        languages: tuple[Language, ...] = get_args(Language)
        return next(one for one in languages if one == (typed or face))

    def read_as_typed(self, params: SearchParams) -> Query:
        """Return the query that *params* ask for, without correction and related words."""
        return self._read(params, self.reader.names())

    def _read(self, params: SearchParams, names: Names) -> Query:
        per_page = params.per_page or self.per_page
        return self.reader.read(
            params.q, params.filters, names, sort=params.sort, page=params.page, per_page=per_page
        )

    def _correct(self, query: Query, counts: TextCounts) -> Suggestion | None:
        if address := pasted_address(query.text):
            return self._release_at(address, query, counts)
        return correct_unmatched(query.text, self.engine.suggester(), counts.of, self._is_word)

    def _release_at(self, url: str, query: Query, counts: TextCounts) -> Suggestion | None:
        """Return the search for the title of the release at *url*, if it is in the index."""
        stored = self.archive.find(f"https://{url}" if url.lower().startswith("www.") else url)
        title = self.engine.mark(query, stored.id).get("title") if stored else None
        if stored is None or title is None:
            return None
        by_title, release = f"virsraksts:{_quote(title.text)}", stored.release
        of_day = f" datums:{release.published.isoformat()}" if release.published else ""
        # Others may have these words in their titles; the index may have an earlier day or institution.
        alone = f"{by_title} ministrija:{_quote(release.ministry)}{of_day}"
        text = alone if counts.of(alone) else by_title
        return Suggestion(text, counts.of(text), ((url, title.text),), is_sure=True, reading="address")

    def _is_word(self, word: str) -> bool:
        return self.analyzer.is_in_dictionary(word) or self.related_words.has(word)

    def answer(self, typed: SearchParams, *, face: str = DEFAULT) -> SearchResponse:
        """Run the search that *typed* asks for; if it finds little, find what else may be meant.

        Raises:
            CursorError: the cursor is not valid for this query.
            EngineError: the index is missing or damaged.
        """
        asked = self.read(typed, face=face)
        query, results = asked.query, limit_passages(drop_twins(self.engine.search(asked.query)))
        is_found = results.total and not results.widened
        if pasted_address(query.text) and not is_found:  # no other release is near an address
            return SearchResponse(query, replace(results, hits=(), total=0, nearest=(), near=0))
        ids = [hit.id for hit in (*results.hits, *results.nearest)]
        response = SearchResponse(
            query,
            results,
            asked.correction,
            explanations=self.engine.explain(query, ids) if typed.explain else {},
            best_bets=self._find_bets(query),
            appearance=self._find_appearance(query, results),
        )
        is_answered = results.total >= query.per_page and not results.widened
        if is_answered or query.time:  # a time has no typo and no word to leave out
            return response
        suggestion = None if asked.correction else asked.meant or self._suggest(asked, results)
        if suggestion and any(self.related_words.has(word) for word, _ in suggestion.changed):
            suggestion = None  # `prime minister` was answered in other words
        return replace(response, suggestion=suggestion, omissions=_find_omissions(asked, results))

    def _find_appearance(self, query: Query, results: Results) -> Appearance | None:
        is_asked = query.filters.is_through_time and query.clause != Everything() and query.page == 1
        return self.engine.appearance(query) if is_asked and results.total and not results.widened else None

    def _find_bets(self, query: Query) -> tuple[ChosenAnswer, ...]:
        """Return the operator's answers to *query*: on its first page, without filters and exclusions."""
        is_plain = query.filters == Filters() and not has_negation(query.clause)
        is_first = query.page == 1 and query.cursor is None
        return self.bets.answers(query.text, today()) if is_plain and is_first else ()

    def _suggest(self, asked: Asked, results: Results) -> Suggestion | None:
        if results.widened or not (results.expansions or asked.query.near):
            asked.counts.learn(asked.params.q, 0 if results.widened else results.total)
        return did_you_mean(asked.params.q, self.engine.suggester(), asked.counts.of)


def pasted_address(text: str) -> str | None:
    """Return the address that *text* is, without what surrounds it in a sentence; None if it is none.

    >>> pasted_address(" <https://www.iem.gov.lv/lv/jaunums/x>. ")
    'https://www.iem.gov.lv/lv/jaunums/x'
    """
    address = text.lstrip(_AROUND).rstrip(f"{_AROUND}.,")
    return address if _ADDRESS.fullmatch(address) else None


def _quote(text: str) -> str:
    return f'"{_QUOTE.sub(" ", text)}"'


def drop_twins(results: Results) -> Results:
    """Return *results*, in which a hit has no passage twice: a release may repeat a sentence."""
    if all(map(_has_no_twins, (*results.hits, *results.nearest))):
        return results
    return replace(
        results,
        hits=tuple(map(_without_twins, results.hits)),
        nearest=tuple(map(_without_twins, results.nearest)),
    )


def _has_no_twins(hit: Hit) -> bool:
    return len({passage.text for passage in hit.passages}) == len(hit.passages)


def _without_twins(hit: Hit) -> Hit:
    return replace(hit, passages=tuple({passage.text: passage for passage in hit.passages}.values()))


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


def _find_omissions(asked: Asked, results: Results) -> tuple[Omission, ...]:
    text = asked.params.q
    if (results.total and not results.widened) or len(text) > RELAXED_CHARS:
        return ()
    found = omissions(text, asked.params.filters, asked.counts.within)
    # If nothing matches all words, the results already match any of them.
    return tuple(search for search in found if search.left_out or not results.total)
