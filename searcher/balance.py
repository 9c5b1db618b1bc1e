"""Connections shared evenly among processes that listen together: left to chance, one has six of eight."""

import time
from collections.abc import MutableSequence
from typing import Any

from waitress.server import TcpWSGIServer

# So often, and so long each time, the process that has fewer connections is waited for: it may be held up.
_TRIES, _PAUSE_S = 20, 0.001


class Balanced(TcpWSGIServer):  # type: ignore[misc]  # waitress is not typed
    """Takes a connection if no other process has fewer: *held* says how many each has, this at *place*."""

    def __init__(self, *arguments: Any, held: MutableSequence[int], place: int, **options: Any) -> None:
        self._held, self._place, self._left = held, place, 0
        super().__init__(*arguments, **options)

    def readable(self) -> bool:
        """Tell whether connections may be taken; asked before each look for news."""
        self._held[self._place] = len(self._map)
        return bool(super().readable())

    def handle_accept(self) -> None:
        """Take a connection, or leave it."""
        if self._left < _TRIES and len(self._map) > min(self._held):
            self._left += 1
            time.sleep(_PAUSE_S)
            return
        self._left = 0
        super().handle_accept()
        self._held[self._place] = len(self._map)
