"""A folder for what a command needs only while it runs; what killed ones left is removed by the next."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Short: multiprocessing puts a socket in it, whose path may have some hundred characters.
PREFIX = "crawl.tmp-"


@contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder where all temporary files of this program go, and remove it with them at the end.

    Once in the life of a process: what multiprocessing has started by then is reached through it.
    """
    _remove_left()
    before = tempfile.tempdir
    folder, lock = _made()
    tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _remove_left() -> None:
    """Remove the folders of those that were killed: nobody holds their locks any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if (lock := _locked(folder)) is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _made() -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        # Before it is locked another crawl may take it for one that was left.
        if (lock := _locked(folder)) is not None:
            return folder, lock


def _locked(folder: Path) -> int | None:
    """Return the lock of *folder*; None if another process has it, or the folder is gone or not our own."""
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
