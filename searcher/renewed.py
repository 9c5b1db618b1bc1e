"""What is made from an index and takes its time: made anew aside while the one before still serves."""

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from index.engine import EngineError, IndexInfo

Made = TypeVar("Made")

log = logging.getLogger(__name__)


class Renewed(Generic[Made]):
    """Holds what *make* makes from the index in use; safe to share between threads."""

    def __init__(self, make: Callable[[IndexInfo], Made]) -> None:
        self._make = make
        self._held: tuple[IndexInfo, Made] | None = None
        self._making = threading.Lock()

    def of(self, info: IndexInfo) -> Made:
        """Return what is made from the index *info*, or that of the one before until it is ready.

        Only the first time anybody waits.

        Raises:
            EngineError: the first time, where the index is damaged.
        """
        held = self._held or self._first(info)
        if held[0] != info and self._making.acquire(blocking=False):
            threading.Thread(target=self._renew, args=(info,), daemon=True).start()
        return held[1]

    def _first(self, info: IndexInfo) -> tuple[IndexInfo, Made]:
        with self._making:
            if self._held is None:
                self._held = (info, self._make(info))
            return self._held

    def _renew(self, info: IndexInfo) -> None:
        try:
            self._held = (info, self._make(info))
        except EngineError as error:
            log.error("goes on with what was made from the index before: %s", error)  # noqa: TRY400 - as it says
        finally:
            self._making.release()
