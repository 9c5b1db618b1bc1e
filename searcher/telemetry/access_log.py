"""The access log: a JSON line for each exchange, without addresses, query strings or user agents."""

import json
import os
import sys
import threading
from pathlib import Path

from preses_relizes.shared.shared_memory import share_counts
from searcher.telemetry.exchange import Exchange

_MODE = 0o640
_STANDARD_OUTPUT = "-"
_PATH_CHARS_MAX = 300


class AccessLog:
    """Appends to the file *name* in *folder*; "-" is standard output.

    Several processes may write to the same file: a line is one write. Create it before they fork.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._path = None if name == _STANDARD_OUTPUT else folder / name
        self._lock = threading.Lock()
        # Processes compare it with what they have seen: a signal reaches only one of them.
        self._wanted, self._seen = share_counts(1), 0
        self._file = self._open()

    @property
    def has_file(self) -> bool:
        """Whether it writes to a file, which logrotate may move."""
        return self._path is not None

    def reopen(self) -> None:
        """Let all processes continue in a new file of the same name; safe in a signal handler."""
        self._wanted[0] += 1

    def record(self, exchange: Exchange) -> None:
        """Write the line of an exchange."""
        line = f"{json.dumps(_fields(exchange), ensure_ascii=False)}\n".encode("utf-8", "backslashreplace")
        with self._lock:
            if self._seen != (wanted := self._wanted[0]):
                self._seen = wanted
                self._replace_file()
            try:
                os.write(self._file, line)
            except OSError:  # a full disk must not fail the request
                return

    def _replace_file(self) -> None:
        try:
            new = self._open()
        except OSError:  # the folder is gone: continue in the old file
            return
        if self._path is not None:
            os.close(self._file)
        self._file = new

    def _open(self) -> int:
        if self._path is None:
            return sys.stdout.fileno()
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _MODE)


def _fields(exchange: Exchange) -> dict[str, object]:
    search = exchange.search
    return {
        "time": exchange.ended.isoformat(timespec="milliseconds"),
        "id": exchange.request_id,
        "method": exchange.method,
        # WSGI gives the bytes of the path as Latin-1.
        "path": exchange.path[:_PATH_CHARS_MAX].encode("latin-1", "replace").decode("utf-8", "replace"),
        "endpoint": exchange.endpoint,
        "status": exchange.status,
        "bytes": exchange.bytes,
        "ms": round(exchange.seconds * 1000, 1),
    } | ({"hits": search.total} if search else {})
