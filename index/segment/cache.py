"""A thread-safe LRU cache bounded by bytes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Cache(Generic[T]):
    """Values by key, up to a number of bytes; the least recently used are evicted first."""

    def __init__(self, max_bytes: int, size: Callable[[T], int]) -> None:
        self._max_bytes, self._size = max_bytes, size
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def peek(self, key: Hashable) -> T | None:
        """Return the value of *key*, None if it is not cached."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of *key*; call *make* if it is not cached."""
        cached = self.peek(key)
        if cached is not None:
            return cached
        return self.keep(key, make())

    def keep(self, key: Hashable, value: T) -> T:
        """Cache *value*, unless another one has been cached as *key* meanwhile; return the cached one."""
        with self._lock:
            count = len(self._values)
            kept = self._values.setdefault(key, value)
            if len(self._values) > count:
                self._bytes += self._size(value)
            while self._bytes > self._max_bytes:
                _, dropped = self._values.popitem(last=False)
                self._bytes -= self._size(dropped)
            return kept
