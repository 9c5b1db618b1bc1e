"""Files that are whole after a power cut, and errors that name their file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
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
    with name_errors(path):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def name_errors(path: Path) -> Iterator[None]:
    """Add *path* to an OSError without a file name, as reading and writing open files raise."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
