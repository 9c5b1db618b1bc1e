"""The engine on the generation that the alias names; follows each swap between two requests."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from index.analysis import Analyzer
from index.config import ClusterSettings
from index.engines.generation_in_use import GenerationInUse
from index.engines.opensearch.connection import ClusterConnection
from index.engines.opensearch.engine import ClusterEngine
from index.engines.opensearch.generations import ClusterGenerations, Meta
from index.engines.opensearch.listing import ClusterListing
from index.engines.opensearch.outages import Outages
from index.engines.opensearch.search import LostSnapshotError
from index.engines.takedowns import ReadHidden, Shown
from index.errors import EngineError
from index.query import Part, Query
from index.results import Appearance, Coverage, Explanation, Hit, IndexInfo, ListedRelease, Passage, Results
from index.suggest import Completer, Suggester

Answer = TypeVar("Answer")
LOOK_EVERY_S = 1.0
"""How often a server asks which generation is in use."""
# A second node may be found to hang, or die, while the state is opened without the first one.
_TRIES = 3


class LiveClusterEngine:
    """The engine on the generation in use in the cluster of *settings*; has no state that must be kept.

    A request ends on the generation it began with. Any number of servers may have one. What
    *read_hidden* says was hidden since a generation was made is left out.
    """

    def __init__(
        self,
        settings: ClusterSettings,
        folder: Path,
        analyzer: Analyzer | None = None,
        *,
        read_hidden: ReadHidden | None = None,
    ) -> None:
        generations = ClusterGenerations(ClusterConnection(settings, leaves_out=True), settings)
        self._outages = Outages()
        self._in_use: GenerationInUse[tuple[str, Meta], ClusterEngine] = GenerationInUse(
            partial(_read_current, generations), partial(_open, generations, folder, analyzer)
        )
        self._shown: Shown[ClusterEngine] = Shown(read_hidden)

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for.

        Raises:
            EngineError: there is no index, or the cluster does not answer in full.
        """
        return self._ask(lambda engine: engine.search(query))

    def count(self, query: Query) -> int:
        """Return how many releases match every part of *query*."""
        return self._ask(lambda engine: engine.count(query))

    def appearance(self, query: Query) -> Appearance:
        """Return when a text that matches every part of *query* first appeared, and last stood."""
        return self._ask(lambda engine: engine.appearance(query))

    def listing(self, query: Query) -> ClusterListing:
        """Return all releases that `search` finds, in its order, of the generation in use now."""
        return self._ask(lambda engine: engine.listing(query))

    def among(self, query: Query, ids: frozenset[str]) -> Iterator[ListedRelease]:
        """Return those of the releases *ids* that `listing` has now, in its order."""
        return self._ask(lambda engine: engine.among(query, ids))

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
        with self._outages.watch():
            generation = self._in_use.get()
            info = self._shown.of(generation.engine).info()
        updated = generation.engine.meta.updated
        published = datetime.fromisoformat(updated) if updated else None
        damage = self._in_use.damage(generation)
        return replace(info, published=published, damage=damage)

    def suggester(self) -> Suggester:
        """Return the spelling corrector, which knows the word forms of the newest releases."""
        return self._ask(lambda engine: engine.suggester())

    def completer(self) -> Completer:
        """Return the autocompletion, which knows words, institutions and titles of the newest releases."""
        return self._ask(lambda engine: engine.completer())

    def keep_verified(self, every_s: float, stopped: threading.Event) -> None:
        """Verify every *every_s* seconds until *stopped*; requests do not wait for the next generation."""
        self._in_use.opens_aside, self._in_use.look_every_s = True, LOOK_EVERY_S
        while not stopped.wait(every_s):
            self.verify()

    def verify(self) -> None:
        """Check that the generation in use holds what was written, and log it if not."""
        self._in_use.verify(ClusterEngine.verify)

    def _ask(self, question: Callable[[ClusterEngine], Answer]) -> Answer:
        """Return the answer of the generation in use, opened again if its state was lost."""
        with self._outages.watch():
            for _ in range(_TRIES - 1):
                engine = self._in_use.get().engine
                try:
                    return question(self._shown.of(engine))
                except LostSnapshotError:
                    self._in_use.forget(engine)
            return question(self._shown.of(self._in_use.get().engine))


def _read_current(generations: ClusterGenerations) -> tuple[str, Meta]:
    current = generations.current(local=True)
    if current is None:
        raise EngineError(f"{generations.connection.location}: no index; run `reindex`")
    return current


def _open(
    generations: ClusterGenerations,
    folder: Path,
    analyzer: Analyzer | None,
    current: tuple[str, Meta],
    _: ClusterEngine | None,
) -> ClusterEngine:
    return ClusterEngine(generations, *current, folder, analyzer)
