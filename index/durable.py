"""Durable writes, errors that name their file, and the stamps of files that may be written to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

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


class FileStamp(NamedTuple):
    """What identifies a file, and what changes when it is written to."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @classmethod
    def at(cls, path: Path) -> "Self | None":
        """Return the stamp of the file at *path*; None if there is none that can be reached."""
        try:
            status = path.stat()
        except OSError:
            return None
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    def is_same_file(self, other: "FileStamp | None") -> bool:
        """Return whether *other* is of the same file, changed or not: one that replaced it is another."""
        return other is not None and self[:2] == other[:2]
