"""A queue that serves the site with the lowest cost so far, however long the queues of the others are."""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """One queue of items for each site. Not thread-safe.

    Source: start-time fair queueing (Goyal, Vin, Cheng 1996), with costs reported afterwards.
    """

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Item]] = defaultdict(deque)
        self._cost: defaultdict[str, float] = defaultdict(float)
        self._now = 0.0

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, site: str, item: Item) -> None:
        """Append *item* to the queue of *site*."""
        if site not in self._waiting:
            # Idle time earns no credit, or a site could make the others wait later.
            self._cost[site] = max(self._cost[site], self._now)
        self._waiting[site].append(item)

    def put_back(self, site: str, items: Sequence[Item]) -> None:
        """Put *items*, which `next_batch` returned, back before all others of *site*."""
        if items:
            self._waiting[site].extendleft(reversed(items))

    def next(self) -> Item:
        """Remove and return the first item of the site that has cost least."""
        [item] = self.next_batch(lambda _: 1.0)
        return item

    def next_batch(self, weight: Callable[[Item], float]) -> list[Item]:
        """Remove and return the first item of that site, and those after it while all weigh at most 1."""
        site = min(self._waiting, key=self._cost.__getitem__)
        self._now = self._cost[site]
        waiting = self._waiting[site]
        batch = [waiting.popleft()]
        total = weight(batch[0])
        while waiting and (total := total + weight(waiting[0])) <= 1:
            batch.append(waiting.popleft())
        if not waiting:
            del self._waiting[site]
        return batch

    def charge(self, site: str, seconds: float) -> None:
        """Add the cost of an item to that of *site*."""
        self._cost[site] += seconds
