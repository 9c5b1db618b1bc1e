"""The engine on the generation that the alias names; follows each swap between two requests."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from index.analysis import Analyzer
from index.config import ClusterSettings
from index.engines.opensearch.connection import ClusterConnection
from index.engines.opensearch.engine import ClusterEngine
from index.engines.opensearch.generations import ClusterGenerations, Meta
from index.engines.opensearch.listing import ClusterListing
from index.engines.opensearch.search import LostSnapshotError
from index.errors import DamagedIndexError, EngineError
from index.query import Part, Query
from index.results import Coverage, Explanation, Hit, IndexInfo, Passage, Results
from index.suggest import Completer, Suggester

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class LiveClusterEngine:
    """The engine on the generation in use in the cluster of *settings*; has no state that must be kept.

    A request ends on the generation it began with. Any number of servers may have one.
    """

    def __init__(self, settings: ClusterSettings, folder: Path, analyzer: Analyzer | None = None) -> None:
        self._generations = ClusterGenerations(ClusterConnection(settings), settings)
        self._folder, self._analyzer = folder, analyzer
        self._opened: tuple[tuple[str, Meta], ClusterEngine] | None = None
        self._opening = threading.Lock()
        self._damage = ""

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for.

        Raises:
            EngineError: there is no index, or the cluster does not answer in full.
        """
        return self._ask(lambda engine: engine.search(query))

    def count(self, query: Query) -> int:
        """Return how many releases match every part of *query*."""
        return self._ask(lambda engine: engine.count(query))

    def listing(self, query: Query) -> ClusterListing:
        """Return all releases that `search` finds, in its order, of the generation in use now."""
        return self._ask(lambda engine: engine.listing(query))

    def explain(self, query: Query, ids: Iterable[str]) -> Mapping[str, Explanation]:
        """Return the explained scores of those of the releases *ids* that match *query*, by id."""
        explained = list(ids)
        return self._ask(lambda engine: engine.explain(query, explained))

    def similar(self, id_: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the releases most similar to the release *id_*, best first."""
        return self._ask(lambda engine: engine.similar(id_, limit=limit))

    def mark(self, query: Query, id_: str) -> Mapping[Part, Passage]:
        """Return title, lead and body of the release *id_* as indexed, with the matches of *query* marked."""
        return self._ask(lambda engine: engine.mark(query, id_))

    def coverage(self) -> tuple[Coverage, ...]:
        """Return what the index holds of each institution, by name."""
        return self._ask(lambda engine: engine.coverage())

    def info(self) -> IndexInfo:
        """Return facts about the index in use, and what its last verification found."""
        engine = self._engine()
        published = datetime.fromisoformat(engine.meta.updated) if engine.meta.updated else None
        return replace(engine.info(), published=published, damage=self._damage)

    def suggester(self) -> Suggester:
        """Return the spelling corrector, which knows the word forms of the newest releases."""
        return self._ask(lambda engine: engine.suggester())

    def completer(self) -> Completer:
        """Return the autocompletion, which knows words, institutions and titles of the newest releases."""
        return self._ask(lambda engine: engine.completer())

    def keep_verified(self, every_s: float, stopped: threading.Event) -> None:
        """Check every *every_s* seconds until *stopped* that no release is missing; log it."""
        while not stopped.wait(every_s):
            self.verify()

    def verify(self) -> None:
        """Check that the generation in use holds what was written, and log it if not."""
        try:
            self._engine().verify()
            damage = ""
        except DamagedIndexError as error:
            damage = str(error)
        except EngineError:
            return  # searches report that
        if damage and damage != self._damage:
            log.error("damaged while in use: %s", damage)
        self._damage = damage

    def _ask(self, question: Callable[[ClusterEngine], Answer]) -> Answer:
        """Return the answer of the generation in use, opened again if its state was lost."""
        engine = self._engine()
        try:
            return question(engine)
        except LostSnapshotError:
            with self._opening:
                if self._opened and self._opened[1] is engine:
                    self._opened = None
        return question(self._engine())

    def _engine(self) -> ClusterEngine:
        current = self._generations.current()
        if current is None:
            raise EngineError(f"{self._generations.connection.location}: no index; run `reindex`")
        opened = self._opened
        if opened and opened[0] == current:
            return opened[1]
        with self._opening:
            if not (self._opened and self._opened[0] == current):
                engine = ClusterEngine(self._generations, *current, self._folder, self._analyzer)
                self._opened = current, engine
            return self._opened[1]
