"""Durable, atomic replacement of files."""

import os
from pathlib import Path


def put_in_place(draft: Path, path: Path) -> None:
    """Rename *draft*, in the same folder, to *path*; a power cut leaves the old file or the new one.

    Raises:
        OSError: a file cannot be written.
    """
    sync(draft)
    draft.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until the file or folder at *path* is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
