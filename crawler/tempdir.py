"""The temporary folder of a command; folders left by killed commands are removed by the next one."""

import fcntl
import os
import shutil
import tempfile
from multiprocessing.util import Finalize
from pathlib import Path

# Short: multiprocessing creates a socket in it, and a socket's path is limited to about 100 characters.
PREFIX = "crawl.tmp-"


def make_temp_dir() -> Path:
    """Return a new folder for all temporary files of this process; it is removed when the process ends."""
    _remove_leftovers()
    folder = _create()
    tempfile.tempdir = str(folder)
    # Multiprocessing removes its own folder in it at priority -100, and must find it.
    Finalize(None, shutil.rmtree, args=(folder, True), exitpriority=-101)
    return folder


def _remove_leftovers() -> None:
    """Remove the folders of killed commands, which no longer hold their locks."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if (lock := _lock(folder)) is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _create() -> Path:
    """Create a folder, locked while this process lives."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        # Until the folder is locked, another crawl may mistake it for a leftover and remove it.
        if _lock(folder) is not None:
            return folder


def _lock(folder: Path) -> int | None:
    """Lock *folder*; return None if another process holds it, or it is gone or not ours."""
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lock), folder.stat()) and os.fstat(lock).st_uid == os.getuid():
            return lock
    except OSError:
        pass
    os.close(lock)
    return None
