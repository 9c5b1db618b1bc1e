"""A folder for what a command needs only while it runs; what killed ones left is removed by the next."""

import fcntl
import os
import shutil
import tempfile
from multiprocessing.util import Finalize
from pathlib import Path

# Short: multiprocessing puts a socket in it, whose path may have some hundred characters.
PREFIX = "crawl.tmp-"


def make_temp_dir() -> Path:
    """Return a new folder: all temporary files of this program go there from now on, and at its end away."""
    _remove_left()
    folder = _made()
    tempfile.tempdir = str(folder)
    # After multiprocessing, at priority -100, has removed its own folder in it, which must be there then.
    Finalize(None, shutil.rmtree, args=(folder, True), exitpriority=-101)
    return folder


def _remove_left() -> None:
    """Remove the folders of those that were killed: nobody holds their locks any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if (lock := _locked(folder)) is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _made() -> Path:
    """Make a folder, locked for as long as this process lives."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        # Before it is locked another crawl may take it for one that was left.
        if _locked(folder) is not None:
            return folder


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
