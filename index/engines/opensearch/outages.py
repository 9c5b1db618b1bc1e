"""Times in which a cluster does not answer: each is logged once, and so is its end."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import EngineError

log = logging.getLogger(__name__)


class Outages:
    """Notes which questions a cluster answered, for all threads of a process."""

    def __init__(self) -> None:
        self._failed = 0
        self._counting = threading.Lock()

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Note whether the block raises an EngineError, which is then known to be logged."""
        try:
            yield
        except EngineError as error:
            with self._counting:
                self._failed += 1
                is_first = self._failed == 1
            if is_first:
                log.error("%s", error)  # noqa: TRY400 - the reason is in the line
            error.is_logged = True
            raise
        with self._counting:
            failed, self._failed = self._failed, 0
        if failed:
            log.warning("the cluster answers again; %s requests failed", failed)
