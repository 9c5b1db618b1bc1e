"""The best bets of a running server: the file may be edited at any time."""

import logging
from datetime import date
from pathlib import Path

from crawler.store import Store, StoreError
from index.analysis import Analyzer
from index.best_bets.bet_file import load_bets
from index.best_bets.bet_lookup import BestBets
from index.best_bets.chosen_answer import ChosenAnswer, answer_of
from index.config import ConfigError

_log = logging.getLogger(__name__)
_NO_FILE = (0, 0)


class LiveBets:
    """The best bets in the file at *path*, reread when it changes; safe to share between threads.

    While the file is invalid, the last valid one stays in use, and the log says what is wrong.
    """

    def __init__(self, path: Path, store_path: Path, analyzer: Analyzer) -> None:
        self._path, self._store_path, self._analyzer = path, store_path, analyzer
        self._version = _NO_FILE
        self._bets = BestBets((), analyzer)

    def answers(self, text: str, day: date) -> tuple[ChosenAnswer, ...]:
        """Return the answers chosen for the query *text* on *day*, without unknown and hidden releases."""
        bets = self._current().answering(text, day)
        if not bets:
            return ()
        try:
            with Store.open_served(self._store_path) as store:
                answers = [answer_of(bet, store) for bet in bets]
        except StoreError as error:  # the index answers without the store
            _log.warning("best bets: %s", error)
            return ()
        return tuple(answer for answer in answers if answer)

    def version(self) -> tuple[int, int]:
        """Return the file's modification time in nanoseconds and its size, which change with its content."""
        try:
            status = self._path.stat()
        except OSError:
            return _NO_FILE
        return status.st_mtime_ns, status.st_size

    def _current(self) -> BestBets:
        version = self.version()
        if version != self._version:
            self._version = version
            try:
                self._bets = BestBets(load_bets(self._path), self._analyzer)
            except ConfigError as error:
                _log.error("%s; the last valid best bets stay in use", error)
        return self._bets
