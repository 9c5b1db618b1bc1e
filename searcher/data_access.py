"""Whether this process may read the data that it is to serve."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

# What `reindex` has open or makes; no answer is read from it.
_OF_REINDEX = (".lock", ".draft")


def find_unreadable(*roots: Path) -> Path | None:
    """Return the first of *roots*, or of the files and folders in them, that this process may not read.

    None: it may read all that exist.
    """
    return next((path for root in roots for path in _walk(root) if not _is_readable(path)), None)


def _walk(root: Path) -> Iterator[Path]:
    """Yield *root* and, while they can be read, the files and folders in it."""
    yield root
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if not name.endswith(_OF_REINDEX)]
        yield from (Path(folder) / name for name in (*names, *files) if not name.endswith(_OF_REINDEX))


def _is_readable(path: Path) -> bool:
    """Return whether *path* can be read, or there is no such file: a reindex may have removed it."""
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)  # from 3.14 on, `exists` raises nothing
    except FileNotFoundError:
        return True
    except PermissionError:  # of the folder that it is in
        return False
    return os.access(path, os.R_OK | os.X_OK if is_folder else os.R_OK)
