"""A cache for what a query asks for hundreds of times."""

from typing import Any


class RecentCache:
    """Values by key, up to a number of bytes; shared by threads, without a lock.

    Once the recent values fill half of the room, they become the older ones, and those before are dropped; a
    value that is asked for is recent again. Python's own lock makes each step whole, and two threads that
    take the same one do no harm.
    """

    def __init__(self, max_bytes: int) -> None:
        self.recent: dict[object, Any] = {}
        self.older: dict[object, Any] = {}
        self.recent_bytes, self.max_bytes = 0, max_bytes

    def find(self, key: object) -> Any:
        """Return the value of *key*, None if it is not cached."""
        found = self.recent.get(key)
        if found is None:
            found = self.older.get(key)
            if found is not None:
                return self.keep(key, found)
        return found

    def grow(self, more: int) -> int:
        """Take notice that a value is larger than when it was kept, by *more* bytes."""
        self.recent_bytes += more
        return 0

    def keep(self, key: object, value: Any) -> Any:
        """Cache *value*, unless another one has been cached as *key* meanwhile; return the cached one."""
        if self.recent_bytes > self.max_bytes // 2:
            self.older, self.recent, self.recent_bytes = self.recent, {}, 0
        self.recent_bytes += value.nbytes
        return self.recent.setdefault(key, value)
