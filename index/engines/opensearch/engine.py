"""The engine on one generation in a cluster, as it was when opened."""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from index.analysis import Analyzer, default_analyzer
from index.engines.answers import Answerer
from index.engines.answers.listing import list_answers
from index.engines.opensearch.generations import ClusterGenerations, Meta
from index.engines.opensearch.listing import ClusterListing
from index.engines.opensearch.search import ClusterSearcher, Snapshot
from index.engines.opensearch.suggestions import SuggestionFiles
from index.engines.takedowns import name_commit
from index.engines.whoosh.engine import WhooshEngine
from index.errors import DamagedIndexError
from index.query import Query
from index.results import Appearance, Explanation, IndexInfo, ListedRelease, Results
from index.suggest import Completer, Suggester


class ClusterEngine(Answerer[ClusterSearcher]):
    """The state of *generation* now, with the origin *meta*; immutable, and safe to share between threads.

    Keeps the data of corrections and completions under *folder*. *analyzer* is the one that made the index.

    Raises:
        EngineError: a shard does not answer.
    """

    def __init__(
        self,
        generations: ClusterGenerations,
        generation: str,
        meta: Meta,
        folder: Path,
        analyzer: Analyzer | None = None,
        *,
        hidden: Collection[str] = (),
    ) -> None:
        index = generations.index_of(generation)
        words = generations.words_of(generation)
        snapshot = partial(Snapshot, generations.connection, hidden=hidden)
        searcher = ClusterSearcher(snapshot(index, words), analyzer or default_analyzer())
        everything = f"{index},{generations.past_of(generation)}"
        super().__init__(
            searcher,
            lambda: ClusterSearcher(
                snapshot(everything, words, shared="shared_ever"), analyzer or default_analyzer()
            ),
            name_commit(f"{generation}.{meta.number}", hidden),
            analyzer,
        )
        self.location, self.meta = generations.location_of(generation), meta
        self._read_meta = partial(generations.meta, generation)
        self._files = SuggestionFiles(
            generations.connection, generations.files_of(generation), folder / generation
        )
        self._hide = partial(ClusterEngine, generations, generation, meta, folder, analyzer)
        self._opened: WhooshEngine | None = None
        self._opening = threading.Lock()
        self._info = IndexInfo(
            generation=generation,
            documents=searcher.snapshot.documents,
            number=meta.number,
            fingerprint=meta.fingerprint,
            hidden=tuple(sorted(hidden)),
        )

    def without(self, ids: Collection[str]) -> "ClusterEngine":
        """Return the engine of the state now without the releases *ids*; this one if it has none of them."""
        return self._hide(hidden=ids) if self._searcher.snapshot.has_any(ids) else self

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for; if nothing matches, the hits of a broader query.

        Raises:
            CursorError: the cursor belongs to another query, or to an index that has changed since.
            EngineError: a shard does not answer.
        """
        self._look_up(query)
        return super().search(query)

    def _look_up(self, query: Query) -> None:
        words = query.words.clause if query.words else None
        self._scope(query).searcher.look_up([query.clause, query.related, query.distant, words])

    def count(self, query: Query) -> int:
        """Return how many releases match every part of *query*."""
        self._scope(query).searcher.look_up([query.clause])
        return super().count(query)

    def appearance(self, query: Query) -> Appearance:
        """Return when a text that matches every part of *query* first appeared, and last stood."""
        self._all.searcher.look_up([query.clause])
        return super().appearance(query)

    def among(self, query: Query, ids: frozenset[str]) -> Iterator[ListedRelease]:
        """Return those of the releases *ids* that `listing` has, in its order."""
        return self.listing(query).among(ids)

    def listing(self, query: Query) -> ClusterListing:
        """Return all releases that `search` finds, in its order; pages and cursors do not count."""
        self._look_up(query)
        scope = self._scope(query)
        return list_answers(scope.broadening, query, partial(ClusterListing, scope.searcher))

    def explain(self, query: Query, ids: Iterable[str]) -> Mapping[str, Explanation]:
        """Return the explained scores of those of the releases *ids* that match *query*, by id."""
        self._searcher.look_up([query.clause, query.related, query.distant])
        return super().explain(query, ids)

    def _find_similar(
        self, doc: int, frequencies: Mapping[str, float], excluded: Sequence[int], limit: int
    ) -> list[tuple[int, float]]:
        return self._searcher.similar(doc, frequencies, excluded=excluded, limit=limit)

    def ids(self) -> frozenset[str]:
        """Return the ids of all releases."""
        return frozenset(self._searcher.ids())

    @property
    def number(self) -> int:
        """Every change to the store up to this number is in the index."""
        return self._info.number

    def info(self) -> IndexInfo:
        """Return facts about the index."""
        return self._info

    def suggester(self) -> Suggester:
        """Return the spelling corrector, which knows the word forms of the newest releases."""
        return self._suggestions.suggester()

    def completer(self) -> Completer:
        """Return the autocompletion, which knows words, institutions and titles of the newest releases."""
        return self._suggestions.completer()

    @property
    def _suggestions(self) -> WhooshEngine:
        # `cached_property` has one lock for all generations, or none.
        with self._opening:
            if self._opened is None:
                self._opened = self._files.open(self._analyzer).without(self._info.hidden)
            return self._opened

    def warm(self) -> None:
        """Read the data of corrections and completions, and what their first searches need."""
        self._suggestions.warm()

    def verify(self) -> None:
        """Check that all shards answer and hold what was written, or some of an update that has begun.

        Raises:
            DamagedIndexError: releases are missing.
            EngineError: a shard does not answer.
        """
        held, written = self._info.documents, self.meta.documents
        if held != written and not self._is_updated():
            message = f"{self.location}: holds {held} releases, but {written} were written"
            raise DamagedIndexError(f"{message}; run `reindex --full`")

    def _is_updated(self) -> bool:
        """Return whether an update of the generation was begun, or ended, since its origin was read."""
        meta = self._read_meta()
        return bool(meta.pending) or meta != self.meta
