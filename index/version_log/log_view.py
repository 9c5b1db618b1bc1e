"""The log of versions as it is served: its files, and the proof and the text of a version."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.store import Store
from crawler.store.log.log_folder import LogFolder
from crawler.store.log.published_log import CHECKPOINT, VKEY, LoggedLeaf, PublishedLog
from crawler.store.log.records import LogError, shown_text
from crawler.store.log.tiles import parse_path
from index.release_view import open_store

_STAMP = re.compile(r"stamp/([1-9][0-9]{0,17})\.tsr")


@dataclass(frozen=True, slots=True)
class LogView:
    """The log of the store at *store_path*, of which there may be none; safe to share between threads."""

    store_path: Path
    log_dir: Path

    def file(self, path: str) -> bytes | None:
        """Return the file of the log at *path*; None if there is none.

        Raises:
            EngineError: the store is missing or damaged.
        """
        tile, stamp = parse_path(path), _STAMP.fullmatch(path)
        if tile is None and stamp is None and path not in {CHECKPOINT, VKEY}:
            return None
        with self._open() as (_, log):
            if log is None:
                return None
            if stamp:
                return LogFolder(self.log_dir).stamp(int(stamp[1]))
            return log.content(tile) if tile else (log.note if path == CHECKPOINT else log.vkey).encode()

    def proof(self, release: str, version: int) -> bytes | None:
        """Return the proof of a version; None if it has none, or may not be shown.

        Raises:
            EngineError: the store is missing or damaged.
        """
        with self._open() as (store, log):
            return log.proof(release, version) if log and store.is_shown(release, version) else None

    def leaf(self, release: str, version: int) -> LoggedLeaf | None:
        """Return the leaf that proves a version; None if it has no proof. It is quick where no log is kept.

        Raises:
            EngineError: the store is missing or damaged.
        """
        if not LogFolder(self.log_dir).checkpoint_path.exists():
            return None
        with self._open() as (store, log):
            return _shown_leaf(store, log, release, version) if log else None

    def stamp_path(self) -> str | None:
        """Return the path of the stamp of the checkpoint that proofs have; None if it has none.

        Raises:
            EngineError: the store is missing or damaged.
        """
        with self._open() as (_, log):
            is_stamped = log is not None and LogFolder(self.log_dir).stamp(log.head.size) is not None
            return f"stamp/{log.head.size}.tsr" if log is not None and is_stamped else None

    def text(self, release: str, version: int) -> str | None:
        """Return the text of a version that has a proof, as it was logged; None if it has none.

        Raises:
            EngineError: the store is missing or damaged.
        """
        with self._open() as (store, log):
            is_proven = log is not None and _shown_leaf(store, log, release, version) is not None
            found = store.version(release, version) if is_proven else None
            return shown_text(found.title, found.lead, found.body) if found and found.kept else None

    @contextmanager
    def _open(self) -> Iterator[tuple[Store, PublishedLog | None]]:
        with open_store(self.store_path) as store:
            yield store, self._log_of(store)

    def _log_of(self, store: Store) -> PublishedLog | None:
        try:
            return PublishedLog.open(store, LogFolder(self.log_dir))
        except (LogError, OSError):  # none is kept, or the store was restored and waits for `log resume`
            return None


def _shown_leaf(store: Store, log: PublishedLog, release: str, version: int) -> LoggedLeaf | None:
    """Return the leaf of a version that has a proof and may be shown: a nonce may outlive its release."""
    return log.leaf(release, version) if store.is_shown(release, version) else None
