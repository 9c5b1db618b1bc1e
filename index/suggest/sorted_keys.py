"""A sorted list of keys, each of which is computed only when a search compares it."""

from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property

# About this number of keys are kept, evenly spaced; they spare most comparisons.
_KEPT = 1_024


class SortedKeys:
    """The *count* ascending keys that *key_at* returns by number."""

    def __init__(self, count: int, key_at: Callable[[int], bytes]) -> None:
        self._count, self._key_at = count, key_at
        self._step = max(1, count // _KEPT)

    def first_from(self, key: bytes) -> int:
        """Return the number of the first key that is not less than *key*.

        >>> keys = [b"a", b"b", b"b", b"d"]
        >>> [SortedKeys(4, keys.__getitem__).first_from(key) for key in (b"", b"b", b"c", b"e")]
        [0, 1, 3, 4]
        """
        following = bisect_left(self._kept, key)
        first, last = max(0, following - 1) * self._step, min(following * self._step, self._count)
        return bisect_left(range(self._count), key, first, last, key=self._key_at)

    @cached_property
    def _kept(self) -> list[bytes]:
        return [self._key_at(number) for number in range(0, self._count, self._step)]
