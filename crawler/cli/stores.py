"""Opens the store for a command: for writing, as a copy, or only for what a fetcher needs of it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from crawler.config import Storage
from crawler.store import Store, StoreError
from crawler.store.backoff_rows import copy_backoffs
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


@contextmanager
def open_backoffs(storage: Storage) -> Iterator[Store]:
    """Open a temporary store with nothing but the hosts that earlier crawls left alone.

    A command that changes nothing fetches with it. No crawl can run meanwhile, to fetch from the same hosts.

    Raises:
        Timeout: a crawl is running.
    """
    with ExitStack() as opened:
        lock = storage.data_dir / "crawl.lock"
        if lock.exists():  # else no crawl has run
            opened.enter_context(FileLock(lock, timeout=0))
        temporary = opened.enter_context(Store(make_temp_dir() / "releases.sqlite3"))
        with suppress(StoreError), Store.open_readonly(storage.store_path) as store:
            copy_backoffs(store, temporary)
        yield temporary
