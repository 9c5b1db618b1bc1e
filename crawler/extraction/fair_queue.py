"""Whose turn is next: the site that has cost least so far, whatever the others have waiting."""

from collections import defaultdict, deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """Items in a queue for each site. Not safe to share between threads.

    Source: start-time fair queueing (Goyal, Vin, Cheng 1996), with costs known afterwards.
    """

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Item]] = defaultdict(deque)
        self._cost: defaultdict[str, float] = defaultdict(float)
        self._now = 0.0

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, site: str, item: Item) -> None:
        """Put *item* last in the queue of *site*."""
        if site not in self._waiting:
            # A site saves nothing by being idle; else it could make the others wait later.
            self._cost[site] = max(self._cost[site], self._now)
        self._waiting[site].append(item)

    def next(self) -> Item:
        """Take the first item of the site whose turn it is."""
        site = min(self._waiting, key=self._cost.__getitem__)
        self._now = self._cost[site]
        item = self._waiting[site].popleft()
        if not self._waiting[site]:
            del self._waiting[site]
        return item

    def charge(self, site: str, seconds: float) -> None:
        """Count what an item of *site* has cost."""
        self._cost[site] += seconds
