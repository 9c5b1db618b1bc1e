"""What the page and the API stand on: the open index, the store and the settings, shared by all threads."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app

from index.analysis import Analyzer
from index.archive import Archive
from index.engine import Engine, Query, Results
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
            filters=asked.filters,
            sort=asked.sort,
            page=asked.page,
            per_page=asked.per_page or self.settings.per_page,
        )
        return Answer(query, self.engine.search(query))


def service() -> Service:
    """Return the service of the running app."""
    found = current_app.extensions["service"]
    assert isinstance(found, Service)  # noqa: S101 - narrows the type of Flask's untyped registry
    return found
