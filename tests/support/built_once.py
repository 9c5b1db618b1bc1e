"""Indices that tests only read, built once for all tests with the same releases."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from crawler.store import Store

Build = Callable[[Path], object]
"""Builds an index of a store in an empty folder."""


class BuiltOnce:
    """Folders of indices below *root*, by the contents of the stores they were built of."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders: dict[tuple[str, bytes], Path] = {}

    def folder(self, store: Store, build: Build) -> Path:
        """Return the folder in which *build* built an index of the same releases; only to be read."""
        key = (f"{build.__module__}.{build.__qualname__}", _contents(store))
        if key not in self._folders:
            folder = self._root / f"{len(self._folders)}"
            folder.mkdir()
            build(folder)
            self._folders[key] = folder
        return self._folders[key]


def _contents(store: Store) -> bytes:
    with closing(sqlite3.connect(store.path)) as opened:
        return sha256(opened.serialize()).digest()
