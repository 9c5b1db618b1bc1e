"""A store with a log of versions, beside it the folder of its keys."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from crawler.store import Release, Store
from crawler.store.log.checkpoint import SigningKey
from crawler.store.log.continuation import extend
from crawler.store.log.log_folder import LogFolder
from crawler.store.log.log_rows import LogRows
from crawler.store.log.merkle import EMPTY_ROOT
from crawler.store.log.published_log import PublishedLog
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, RELEASE

NAME = "relizes.example.lv/log"


@dataclass(frozen=True)
class KeptLog:
    """A store at *path* and the folder of its log."""

    path: Path
    folder: LogFolder

    def open(self) -> Store:
        """Open the store, whose writes do not wait for the disk."""
        store = Store(self.path)
        store.rows("PRAGMA synchronous = OFF")
        return store

    def save(self, *releases: Release, seen: datetime = DAY) -> None:
        """Store *releases*."""
        with self.open() as store:
            for release in releases:
                store.save(release, seen=seen)

    def extend(self, *, began: datetime = DAY) -> int:
        """Append what is not logged; return the number of leaves published by that."""
        with self.open() as store:
            return extend(store, self.folder, began=began)

    def size(self) -> int:
        """Return the number of leaves in the store."""
        with self.open() as store:
            return LogRows(store).size()

    def files(self) -> dict[str, bytes]:
        """Return the files that are published, by path."""
        with self.open() as store:
            log = PublishedLog.open(store, self.folder)
            tiles = {tile.path: log.content(tile) or b"" for tile in log.tiles()}
            return tiles | {"checkpoint": log.note.encode(), "vkey": log.vkey.encode()}

    def proof(self, release: str, version: int = 1) -> bytes | None:
        """Return the proof of a version."""
        with self.open() as store:
            return PublishedLog.open(store, self.folder).proof(release, version)

    def export(self, folder: Path) -> Path:
        """Write the files that are published to *folder*."""
        for path, content in self.files().items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        return folder


def init_log(folder: LogFolder) -> None:
    """Make keys in *folder*, as `releases init-log` does."""
    folder.path.mkdir(parents=True, exist_ok=True)
    key = SigningKey.make(NAME)
    folder.publish(key.sign(0, EMPTY_ROOT))
    folder.put_keys(str(key), str(key.verifier))


def keep_log(data: Path) -> KeptLog:
    """Make an empty store in the folder *data*, and keys for its log."""
    kept = KeptLog(data / "releases.sqlite3", LogFolder(data / "log"))
    new_store(kept.path).close()
    init_log(kept.folder)
    return kept


def invented(count: int, *, first: int = 0) -> list[Release]:
    """Return *count* different releases."""
    return [
        replace(RELEASE, url=f"{RELEASE.url}-{number}", title=f"Jaunums {number}", body=f"Teksts {number}.")
        for number in range(first, first + count)
    ]


def days(count: int) -> datetime:
    """Return a time *count* days after the first."""
    return DAY + timedelta(days=count)
