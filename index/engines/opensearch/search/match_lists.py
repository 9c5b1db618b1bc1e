"""Lists and counts of the documents that queries match in one state of an index; what was asked is kept."""

import json
from collections.abc import Sequence
from typing import Any

from index.engines.opensearch.connection import Json
from index.engines.opensearch.search.snapshot import Snapshot

# Queries whose answers are kept, and queries asked at once.
_KEPT_MAX, _ASKED = 1_000, 20
# Numbers asked for at once.
_PAGE = 10_000


class MatchLists:
    """What queries match in *snapshot*: the parts of long queries are listed, again and again the same."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._lists: dict[str, Sequence[int]] = {}
        self._counts: dict[str, int] = {}

    def find(self, query: Json) -> Sequence[int]:
        """Return the numbers of all documents that match *query*."""
        while (found := self._lists.get(_key(query))) is None:  # another thread may empty the cache
            self.look_up([query])
        return found

    def look_up(self, queries: Sequence[Json]) -> None:
        """Ask at once for what *queries* match."""
        if len(self._lists) > _KEPT_MAX:
            self._lists = {}
        new = {key: query for query in queries if (key := _key(query)) not in self._lists}
        keys = list(new)
        for first in range(0, len(keys), _ASKED):
            some = keys[first : first + _ASKED]
            answers = self._snapshot.search_all([_listing(new[key]) for key in some])
            for key, answer in zip(some, answers, strict=True):
                self._lists[key] = self._read(new[key], answer)

    def _read(self, query: Json, answer: Json) -> Sequence[int]:
        """Return the numbers in *answer*, and those that follow."""
        numbers: list[int] = []
        while hits := answer["hits"]["hits"]:
            numbers += (int(hit["fields"]["number"][0]) for hit in hits)
            if len(hits) < _PAGE:
                break
            answer = self._snapshot.search({**_listing(query), "search_after": [numbers[-1]]})
        return numbers

    def count(self, queries: Sequence[Json]) -> list[int]:
        """Return the number of documents that match each of *queries*."""
        if len(self._counts) > _KEPT_MAX:
            self._counts = {}
        counts = dict(self._counts)
        new = {key: query for query in queries if (key := _key(query)) not in counts}
        counts |= zip(new, self._snapshot.count_all(list(new.values())), strict=True)
        self._counts |= {key: counts[key] for key in new}
        return [counts[_key(query)] for query in queries]


def _listing(query: Json) -> dict[str, Any]:
    return {
        "size": _PAGE,
        "query": {"bool": {"filter": [query]}},
        "sort": ["number"],
        "track_total_hits": False,
        "_source": False,
        "docvalue_fields": ["number"],
    }


def _key(query: Json) -> str:
    return json.dumps(query, separators=(",", ":"))
