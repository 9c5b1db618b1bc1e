"""One state of a generation, which does not change while it is open: a point in time of all its shards."""

import weakref
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import cached_property

from index.engines.opensearch.connection import ClusterConnection, Json, RefusedError
from index.errors import EngineError

# Each search keeps the state open for as long again.
KEEP_ALIVE = "5m"
# The statuses by which a cluster says that it no longer has the state, or that the node with it is gone.
_LOST = (404, 500, 503)


class LostSnapshotError(EngineError):
    """The state is gone: it was not used for long, a node that held it is gone, or its index was removed."""


class Snapshot:
    """The state of the index *releases*, or of several, now; their words are in the index *words*.

    *shared* is the field that says whether other documents may be in the cluster of one. The releases
    *hidden* are left out.
    """

    def __init__(
        self,
        connection: ClusterConnection,
        releases: str,
        words: str,
        *,
        shared: str = "shared",
        hidden: Collection[str] = (),
    ) -> None:
        self.releases, self._words, self.shared = releases, words, shared
        self._connection, self._hidden = connection, _of(hidden) if hidden else None
        path = (releases, "_search", "point_in_time")
        self._left_out = connection.left_out
        answer = connection.read("POST", path, keep_alive=KEEP_ALIVE, allow_partial_pit_creation="false")
        self._pit = answer["pit_id"]
        # Not at exit: a cluster that hangs would hold up the end of a server. The state closes by itself.
        weakref.finalize(self, _close, connection, self._pit).atexit = False

    def search(self, body: Json) -> Json:
        """Return the answer of all shards, of this state.

        Raises:
            LostSnapshotError: the state is no longer open.
            EngineError: a shard does not answer.
        """
        try:
            return self._connection.search(self._with_pit(body))
        except RefusedError as error:
            raise _as_lost(error) from error

    def search_all(self, bodies: Sequence[Json]) -> list[Json]:
        """Return the answers to several searches; raises as ``search``."""
        try:
            return self._connection.search_all(list(map(self._with_pit, bodies)))
        except RefusedError as error:
            raise _as_lost(error) from error

    def count_all(self, queries: Sequence[Json]) -> list[int]:
        """Return the number of documents that match each of *queries*."""
        return [_total(answer) for answer in self.search_all(list(map(_counting, queries)))]

    def count_with_words(self, queries: Sequence[Json], words: Json) -> tuple[list[int], Json]:
        """Return what ``count_all`` does, and the answer to a search for *words*, asked for at once."""
        bodies = [*(self._with_pit(_counting(query)) for query in queries), words]
        try:
            *counted, found = self._connection.search_all(bodies, {len(queries): self._words})
        except RefusedError as error:
            raise _as_lost(error) from error
        return list(map(_total, counted)), found

    def search_words(self, body: Json) -> Json:
        """Search the words of the generation, never fewer than those of this state; raises as ``search``."""
        try:
            return self._connection.search(body, (self._words,))
        except RefusedError as error:
            raise _as_lost(error) from error

    def _with_pit(self, body: Json) -> Json:
        if self._connection.left_out - self._left_out:
            raise LostSnapshotError(f"{self.releases}: a node that may hold it hangs")
        if self._hidden:
            asked = body.get("query", {"match_all": {}})
            body = {**body, "query": {"bool": {"must": [asked], "must_not": self._hidden}}}
        return {**body, "pit": {"id": self._pit, "keep_alive": KEEP_ALIVE}}

    def has_any(self, ids: Collection[str]) -> bool:
        """Return whether any of the releases *ids* is in this state, now or with an earlier text."""
        (count,) = self.count_all([_of(ids)])
        return bool(count)

    @cached_property
    def _facts(self) -> Json:
        aggregations = {"newest": {"max": {"field": "day"}}, "length": {"sum": {"field": "length"}}}
        return self.search({"size": 0, "track_total_hits": True, "aggs": aggregations})

    @property
    def documents(self) -> int:
        """The number of releases."""
        return int(self._facts["hits"]["total"]["value"])

    @property
    def newest(self) -> int:
        """The day of the newest release as an ordinal; 0 if none has a date."""
        return int(self._facts["aggregations"]["newest"]["value"] or 0)

    @property
    def average_length(self) -> float:
        """The average length of a release, in weighted words."""
        return float(self._facts["aggregations"]["length"]["value"]) / max(1, self.documents) or 1.0


def _of(ids: Collection[str]) -> Json:
    """Return the query for the texts of the releases *ids*, now and before."""
    return {"terms": {"release": sorted(ids)}}


def _counting(query: Json) -> Json:
    return {"size": 0, "track_total_hits": True, "query": query}


def _total(answer: Json) -> int:
    return int(answer["hits"]["total"]["value"])


def _as_lost(error: RefusedError) -> EngineError:
    return LostSnapshotError(str(error)) if error.status in _LOST else error


def _close(connection: ClusterConnection, pit: str) -> None:
    with suppress(EngineError):
        connection.request("DELETE", ("_search", "point_in_time"), {"pit_id": [pit]})
