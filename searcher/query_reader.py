"""Reads typed texts as queries, with the institutions of the index and the abbreviations of their file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from index.analysis import Analyzer
from index.engines import Engine
from index.indexing import abbreviations
from index.institution_names import FILTERS_BY_INSTITUTION, short_names, translated_names
from index.query import FILTERS, Everything, Filters, KnownValues, Query, Sort, Synonyms, parse
from index.query.lexemes import QUOTES
from index.results import IndexInfo
from preses_relizes.shared.calendar import today

_QUOTE = re.compile(f"[{QUOTES}]")


@dataclass(frozen=True, slots=True)
class Names:
    """The values in an index that may be typed for a filter, and what stands for a name."""

    known: Mapping[str, KnownValues]
    """By name of the filter; institutions also by acronym and by id of a site."""
    synonyms: Synonyms


class QueryReader:
    """Reads texts by *analyzer*; *definitions* is the file of abbreviations, which may be edited at any time.

    *sites* are the institutions by id of their site. Threads may share it.
    """

    def __init__(
        self, engine: Engine, analyzer: Analyzer, definitions: Path, sites: Mapping[str, str]
    ) -> None:
        self._engine, self._analyzer = engine, analyzer
        self._definitions, self._sites = definitions, sites
        self._last: tuple[tuple[IndexInfo, int], Names] | None = None

    def names(self) -> Names:
        """Return the names as of now: those of an answer, which may read dozens of texts.

        Raises:
            EngineError: the index is missing or damaged.
        """
        key = self._engine.info(), abbreviations.modified_ns(self._definitions)
        last = self._last
        if last is None or last[0] != key:
            self._last = last = key, self._read_names()
        return last[1]

    def _read_names(self) -> Names:
        everything = Query(text="", clause=Everything(), reading="", per_page=1)
        facets = self._engine.search(everything).facets
        values = {
            one.name: tuple(value.value for value in facets.get(one.name, ()))
            for one in FILTERS
            if one.words and not one.fixed
        }
        expansions = abbreviations.read_expansions(self._definitions)
        aliases = {"ministry": short_names(values["ministry"], expansions=expansions, sites=self._sites)}
        known = {
            name: KnownValues(
                named,
                aliases.get(name, {}),
                translated_names(named) if name in FILTERS_BY_INSTITUTION else {},
            )
            for name, named in values.items()
        }
        return Names(known, Synonyms(expansions, self._analyzer))

    def read(
        self,
        text: str,
        filters: Filters,
        names: Names,
        *,
        sort: Sort = "relevance",
        page: int = 1,
        per_page: int = 10,
    ) -> Query:
        """Return the query that *text* means within *filters*; in a title, `no 2024. gada` is words."""
        parse_text = partial(
            parse,
            analyzer=self._analyzer,
            today=today(),
            known=names.known,
            synonyms=names.synonyms,
        )
        parse_typed = partial(parse_text, text, filters=filters, sort=sort, page=page, per_page=per_page)
        query = parse_typed()
        if query.clause == Everything() or not any(period.bound for period in query.periods):
            return query
        title = parse_text(f'virsraksts:"{_QUOTE.sub(" ", text)}"', bounds=False)
        return parse_typed(bounds=False) if self._engine.count(title) else query
