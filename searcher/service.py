"""What the page and the API stand on: the open index, the store and the settings, shared by all threads."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import current_app

from index.analysis import Analyzer
from index.archive import Archive
from index.engine import Engine, Everything, Query, Results
from index.query import parse
from searcher.config import SearcherConfig
from searcher.params import SearchParams

RIGA = ZoneInfo("Europe/Riga")


@dataclass(frozen=True, slots=True)
class Answer:
    """A query as it was understood, and what it found."""

    query: Query
    results: Results


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Answers searches; safe to share between threads."""

    settings: SearcherConfig
    engine: Engine
    archive: Archive
    analyzer: Analyzer

    def search(self, asked: SearchParams) -> Answer:
        """Return what *asked* finds.

        Raises:
            EngineError: there is no index, or it is damaged.
        """
        query = parse(
            asked.q,
            analyzer=self.analyzer,
            today=datetime.now(RIGA).date(),
            ministries=self._ministries(self.engine.info().generation),
            filters=asked.filters,
            sort=asked.sort,
            page=asked.page,
            per_page=asked.per_page or self.settings.per_page,
        )
        return Answer(query, self.engine.search(query))

    @lru_cache(4)  # noqa: B019 - a service lives as long as its process
    def _ministries(self, _generation: str) -> tuple[str, ...]:
        """Return the institutions that the index knows; `ministrija:` may be the beginning of one."""
        everything = Query(text="", clause=Everything(), reading="", per_page=1)
        return tuple(value.value for value in self.engine.search(everything).facets.get("ministry", ()))


def service() -> Service:
    """Return the service of the running app."""
    found = current_app.extensions["service"]
    assert isinstance(found, Service)  # noqa: S101 - narrows the type of Flask's untyped registry
    return found
