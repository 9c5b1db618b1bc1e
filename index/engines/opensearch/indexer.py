"""Brings the changes of the store into a generation: all of them, or those since its last update."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, takewhile
from typing import TypeVar

from crawler.store import Stay, Store, StoredRelease, stays_of
from index.analysis import Analyzer
from index.engines.interface import IndexedChanges
from index.engines.opensearch.bulk import Action, BulkWriter
from index.engines.opensearch.documents import WordKeys, release_document
from index.engines.opensearch.generations import ClusterGenerations
from index.engines.opensearch.past_texts import PastTexts
from index.engines.opensearch.patience import patiently
from index.errors import BuildError
from index.indexing import Document
from index.indexing.abbreviations import Miner
from index.register import MentionReader

# Releases analysed before they are sent together.
_BATCH = 200
T = TypeVar("T")


@dataclass(slots=True)
class _Survey:
    """The changes after ``since``, by their last state."""

    number: int
    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    leaders: set[str] = field(default_factory=set)
    """The first releases of the clusters that others are in."""

    @classmethod
    def of(cls, store: Store, since: int) -> "_Survey":
        survey = cls(since)
        for stored in store.changes_since(since):
            survey.number = stored.number
            for ids, has_it in (
                (survey.removed, stored.state == "hidden"),
                (survey.added, stored.state != "hidden"),
                (survey.gone, stored.state == "gone"),
            ):
                (ids.add if has_it else ids.discard)(stored.id)
            if stored.cluster != stored.id and stored.state != "hidden":
                survey.leaders.add(stored.cluster)
        return survey

    def changes(self) -> IndexedChanges:
        return IndexedChanges(
            number=self.number,
            added=len(self.added),
            removed=len(self.removed),
            absent=frozenset(self.removed | self.gone),
        )


class Indexer:
    """Writes the releases of *store* to a generation, analysed by *analyzer*."""

    def __init__(
        self,
        generations: ClusterGenerations,
        generation: str,
        store: Store,
        analyzer: Analyzer,
        on_progress: Callable[[int], None],
    ) -> None:
        self._generations, self._generation = generations, generation
        self._store, self._analyzer, self._on_progress = store, analyzer, on_progress
        self._index, words = generations.index_of(generation), generations.words_of(generation)
        self._releases = BulkWriter(generations.connection, self._index)
        self._word_writer = BulkWriter(generations.connection, words)
        self._past = PastTexts(generations.connection, generations.past_of(generation))
        self._words, self._miner = WordKeys(), Miner()
        self._mentions = MentionReader.beside(store.path, analyzer)

    def build(self) -> IndexedChanges:
        """Index every release, and those that change meanwhile.

        Raises:
            BuildError: a release is rejected, or the index does not hold what was confirmed.
        """
        whole = survey = _Survey.of(self._store, 0)
        since = 0
        while survey.number > since:
            self._write(survey, since)
            since, survey = survey.number, _Survey.of(self._store, survey.number)
            whole = _merge(whole, survey)
        self._refresh()
        held = patiently(lambda: self._generations.count(self._generation))
        if held != len(whole.added):
            raise BuildError(f"{self._index}: holds {held} releases, but {len(whole.added)} were confirmed")
        return self._with_definitions(whole)

    def update(self, since: int, approve: Callable[[IndexedChanges], None]) -> IndexedChanges:
        """Bring the changes after *since* into the index, if *approve* does not raise."""
        survey = _Survey.of(self._store, since)
        approve(survey.changes())
        self._write(survey, since)
        self._refresh()
        return self._with_definitions(survey)

    def _refresh(self) -> None:
        names = self._generations
        for index in (names.words_of(self._generation), names.past_of(self._generation), self._index):
            patiently(partial(self._generations.refresh, index))

    def _with_definitions(self, survey: _Survey) -> IndexedChanges:
        changes = survey.changes()
        return IndexedChanges(
            number=changes.number,
            added=changes.added,
            removed=changes.removed,
            absent=changes.absent,
            definitions=tuple(self._miner.definitions()),
        )

    def _write(self, survey: _Survey, since: int) -> None:
        """Write the surveyed changes; those of releases that changed again come with the next survey."""
        changed = takewhile(lambda stored: stored.number <= survey.number, self._store.changes_since(since))
        for batch in _batches(changed, _BATCH):
            shared = survey.leaders | self._shared_clusters([stored.id for stored in batch])
            self._send(batch, shared)
            self._on_progress(len(batch))
        # Their documents do not change, but say whether others share their cluster.
        others = (self._store.get(id_) for id_ in sorted(survey.leaders - survey.added))
        for batch in _batches((leader for leader in others if leader), _BATCH):
            self._send(batch, survey.leaders)

    def _send(self, batch: Iterable[StoredRelease], shared: set[str]) -> None:
        actions, earlier = [], dict[str, list[Document]]()
        for stored in batch:
            stays = [] if stored.state == "hidden" else list(stays_of(self._store, stored))
            actions.append(self._action(stored, shared, stays))
            earlier[stored.id] = self._earlier(stored, stays)
        past = list(self._past.changes(earlier, self._analyzer, self._words))
        # A release must not be found before its words are.
        self._word_writer.write(Action(id=word["key"], document=word) for word in self._words.take_new())
        self._past.write(past)
        self._releases.write(actions)

    def _earlier(self, stored: StoredRelease, stays: Sequence[Stay]) -> list[Document]:
        if len(stays) < 2:
            return []
        present = Document.of(stored, mentions=self._mentions.mentions(stored))
        return list(present.earlier(stays[:-1]))

    def _action(self, stored: StoredRelease, shared: set[str], stays: Sequence[Stay]) -> Action:
        if not stays:  # it is hidden
            return Action(id=stored.id, version=stored.number)
        document = Document.of(stored, stays[-1], self._mentions.mentions(stored))
        self._miner.add(document.id, f"{document.lead}\n{document.body}")
        is_shared = stored.cluster != stored.id or stored.id in shared
        fields = release_document(
            document,
            stored.number,
            self._analyzer,
            self._words,
            shared=is_shared,
            has_earlier=len(stays) > 1,
        )
        return Action(id=stored.id, version=stored.number, document=fields)

    def _shared_clusters(self, ids: list[str]) -> set[str]:
        """Return which of the releases *ids* are the first of a cluster that others of the index are in."""
        body = {
            "size": 0,
            "query": {"bool": {"filter": [{"term": {"shared": True}}, {"terms": {"cluster": ids}}]}},
            "aggs": {"clusters": {"terms": {"field": "cluster", "size": len(ids)}}},
        }
        answer = patiently(lambda: self._generations.connection.search(body, (self._index,)))
        return {bucket["key"] for bucket in answer["aggregations"]["clusters"]["buckets"]}


def _merge(whole: _Survey, later: _Survey) -> _Survey:
    """Return both surveys as one; *later* has the newer states."""
    known = later.added | later.removed
    return _Survey(
        later.number,
        added=(whole.added - known) | later.added,
        removed=(whole.removed - known) | later.removed,
        gone=(whole.gone - known) | later.gone,
        leaders=whole.leaders | later.leaders,
    )


def _batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(values)
    while batch := list(islice(iterator, size)):
        yield batch
