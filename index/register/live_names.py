"""The hidden names of a running server: the file of names may be edited at any time."""

import logging
from pathlib import Path

from index.analysis import Analyzer
from index.config import ConfigError
from index.file_stamp import FileStamp
from index.mentions import read_name
from index.register.names_file import NO_NAMES, load_names

_log = logging.getLogger(__name__)
# Words of a name.
_WORDS_MIN, _WORDS_MAX = 2, 4


class LiveNames:
    """The file of names at *path*, reread when it changes; safe to share between threads.

    While it is invalid, the last valid one stays in use, and the log says what is wrong.
    """

    def __init__(self, path: Path, analyzer: Analyzer) -> None:
        self._path, self._analyzer = path, analyzer
        self._stamp: FileStamp | None = None
        self._names = NO_NAMES

    def hides(self, text: str) -> bool:
        """Return whether *text* has a hidden name in it, in any case and in capitals or small letters."""
        self._reread()
        if not self._names.file.hide:
            return False
        words = text.split()
        runs = (
            " ".join(words[start : start + count])
            for count in range(_WORDS_MIN, _WORDS_MAX + 1)
            for start in range(len(words) - count + 1)
        )
        return any(map(self._is_hidden, runs))

    def _is_hidden(self, name: str) -> bool:
        written = name.title() if name.islower() else name
        return any(map(self._names.is_hidden, (name, *read_name(self._analyzer, written))))

    def _reread(self) -> None:
        stamp = FileStamp.at(self._path)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._names = load_names(self._path)
            except ConfigError as error:
                _log.error("%s; the last valid names stay in use", error)
