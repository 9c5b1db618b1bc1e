"""Counts the queries of one serving process, and writes them to the file every few seconds."""

import logging
import threading
from datetime import date
from http import HTTPStatus

from preses_relizes.shared.calendar import today
from searcher.query_log.log_file import QueryFileError, QueryLogFile
from searcher.query_log.query_counts import QueryCounts
from searcher.telemetry import Exchange

WRITE_EVERY_S = 10.0
"""Seconds between two writes; a crash loses what was counted since the last."""

log = logging.getLogger(__name__)


class QueryLog:
    """Counts searches in memory and adds them to *file*; safe to share between threads."""

    def __init__(self, file: QueryLogFile) -> None:
        self._file, self._lock = file, threading.Lock()
        self._days: dict[date, QueryCounts] = {}

    def record(self, exchange: Exchange) -> None:
        """Count an exchange if it is a search that was answered."""
        if exchange.search is None or exchange.status != HTTPStatus.OK:
            return
        with self._lock:
            day = today()
            self._days.setdefault(day, QueryCounts(day)).add(exchange)

    def write(self) -> None:
        """Add the counts to the file; if that fails, log it and drop them."""
        with self._lock:
            days, self._days = self._days, {}
        for counts in days.values():
            try:
                self._file.add(counts)
            except QueryFileError as error:
                log.error("%s; %s searches are not counted", error, counts.searches)  # noqa: TRY400 - the reason is in the line

    def keep_writing(self, stopped: threading.Event) -> None:
        """Write every few seconds until *stopped*."""
        while not stopped.wait(WRITE_EVERY_S):
            self.write()
