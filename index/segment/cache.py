"""What was asked for and may be asked for again, within bounds."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Cache(Generic[T]):
    """Values by key up to so many bytes; what was not asked for longest goes first. Shared by all threads."""

    def __init__(self, most_bytes: int, size: Callable[[T], int]) -> None:
        self._most, self._size = most_bytes, size
        self._held: OrderedDict[Hashable, T] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def known(self, key: Hashable) -> T | None:
        """Return the value of *key*, None if it is not there."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of *key*, made if it is not there."""
        found = self.known(key)
        if found is not None:
            return found
        made = make()
        with self._lock:
            if key not in self._held:
                self._held[key] = made
                self._bytes += self._size(made)
            while self._bytes > self._most:
                _, dropped = self._held.popitem(last=False)
                self._bytes -= self._size(dropped)
        return made
