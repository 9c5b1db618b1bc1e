"""The errors of an index; every message names the file or address and the cause."""

from pathlib import Path


class EngineError(Exception):
    """The engine cannot answer; the message names the index or address and the cause."""

    is_logged = False
    """Whether the log has it, or another of the same outage."""


class DamagedError(EngineError):
    """A file of the index is not what was written; the message names the file and the place."""


class DamagedIndexError(EngineError):
    """A file of the index is missing or not what was written; the message names it and the remedy."""


class ArchiveError(EngineError):
    """The store cannot be read, though the index may answer; the message names it and the remedy."""


def unreadable(path: Path, error: OSError) -> EngineError:
    """Return the error that a file or folder of the index at *path* cannot be read: it may be sound."""
    remedy = "; run this as the user to whom the data belong" if isinstance(error, PermissionError) else ""
    return EngineError(f"{error.filename or path}: cannot be read: {error.strerror or error}{remedy}")


class BuildError(EngineError):
    """The releases exceed a limit of the index or the memory; the message names the folder and the limit."""
