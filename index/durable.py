"""Durable writes, and errors that name their file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from preses_relizes import durable


@contextmanager
def name_errors(path: Path) -> Iterator[None]:
    """Add *path* to an OSError without a file name, as reading and writing open files raise."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def sync(path: Path) -> None:
    """Wait until the file or folder at *path* is on disk."""
    with name_errors(path):
        durable.sync(path)
