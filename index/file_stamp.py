"""The stamp of a file that another process may write to."""

from pathlib import Path
from typing import NamedTuple, Self


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
