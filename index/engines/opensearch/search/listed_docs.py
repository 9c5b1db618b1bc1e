"""All documents that match a query, in its order: for lists that are read on and on."""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice

from index.engines.opensearch.search.head import Candidate


class ListedDocs:
    """The documents *ordered*, of which only those that are read are requested.

    *total* is their number. *members* returns all matches in some clusters; *leaders* returns, in order, the
    documents with some ids that are the first of their clusters. For one thread.
    """

    def __init__(
        self,
        ordered: Iterable[Candidate],
        total: int,
        *,
        members: Callable[[Iterable[str]], Iterable[Candidate]],
        leaders: Callable[[Iterable[str]], Iterable[Candidate]],
    ) -> None:
        self.total = total
        self._members, self._leaders = members, leaders
        self._left = map(self._note, ordered)
        self._read = array("q")
        self._clusters: dict[int, str] = {}

    def docs(self, first: int, last: int | None) -> Iterator[int]:
        """Yield the documents from place *first*, counted from 0, up to place *last*."""
        place = first
        while last is None or place < last:
            self._read.extend(islice(self._left, max(0, place + 1 - len(self._read))))
            if place >= len(self._read):
                return
            yield self._read[place]
            place += 1

    def among(self, ids: Collection[str]) -> Iterator[int]:
        """Yield those of the documents that have one of *ids*."""
        return map(self._note, self._leaders(ids) if ids else ())

    def ministries_of_copies(self, docs: Collection[int]) -> Mapping[int, set[str]]:
        """Return the ministries of the other matches in the cluster of each of *docs*."""
        ministries: dict[int, set[str]] = {doc: set() for doc in docs}
        clusters = {self._clusters[doc]: doc for doc in docs if doc in self._clusters}
        for member in self._members(clusters) if clusters else ():
            if member.number != clusters[member.cluster]:
                ministries[clusters[member.cluster]].add(member.ministry)
        return ministries

    def _note(self, candidate: Candidate) -> int:
        """Keep the cluster of a candidate if it shares one, and return its number."""
        if candidate.shared:
            self._clusters[candidate.number] = candidate.cluster
        return candidate.number
