"""Opens the store for a command: for writing, for reading, or as a copy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from crawler.config import Storage
from crawler.store import Store
from crawler.store.database import store_exists
from crawler.tempdir import make_temp_dir


@contextmanager
def open_locked(storage: Storage) -> Iterator[Store]:
    """Open the store for this process alone; create it if there is none."""
    storage.data_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(storage.data_dir / "crawl.lock", timeout=0), Store(storage.store_path) as store:
        yield store


@contextmanager
def open_existing(storage: Storage) -> Iterator[Store]:
    """Open the store for this process alone; if there is none, open an empty temporary one."""
    # Only a crawl creates a store: a mistyped data_dir must not look like an empty one.
    with open_locked(storage) if store_exists(storage.store_path) else open_copy(storage) as store:
        yield store


@contextmanager
def open_copy(storage: Storage, folder: Path | None = None) -> Iterator[Store]:
    """Open a temporary copy of the store, in *folder* or a new folder."""
    path = (folder or make_temp_dir()) / "releases.sqlite3"
    if store_exists(storage.store_path):
        with Store.open_readonly(storage.store_path) as store:
            store.copy_to(path)
    with Store(path) as store:
        yield store
