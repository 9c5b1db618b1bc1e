"""Checks of the machine: search core, disk space, who may read and write the data, clock, last crawl."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_IRWXO, S_ISREG

from crawler.config import Storage
from index.compiled import is_compiled
from preses_relizes.admin.diagnosis import Diagnosis, bad, note, ok
from preses_relizes.admin.options import size

# Room for a crawl's pages and for temporary files, whatever the size of the data.
_SPARE_BYTES = 200_000_000
# A rebuild has a new index, sorted runs and merges on disk beside the old one (docs/operations.md).
_REBUILD_FACTOR = 1.8
# Clocks that are set over the network differ by milliseconds.
_CLOCK_OFF_MAX = timedelta(minutes=2)
_WRITABLE = os.R_OK | os.W_OK | os.X_OK


def check_search_core() -> Iterator[Diagnosis]:
    """Say whether searches on this machine use the compiled core."""
    if is_compiled():
        yield ok("search core", "compiled")
    else:
        advice = "install the wheel for this platform; or install a C compiler, and the program again"
        yield note("search core", "pure Python: queries take five times as long or more", advice)


def check_disk(storage: Storage) -> Iterator[Diagnosis]:
    """Check that the disk has room for a rebuild of the index and a copy of the store."""
    folder = _nearest_folder(storage.data_dir)
    free = shutil.disk_usage(folder).free
    index, store = size_of(storage.index_dir), size_of(storage.store_path)
    needed = int(_REBUILD_FACTOR * index / max(1, _count_generations(storage))) + store + _SPARE_BYTES
    remark = f"{size(free)} free at {folder}; index {size(index)}, store {size(store)}"
    if free < needed:
        advice = f"make room, or `releases prune`: a rebuild or an upgrade may need {size(needed)}"
        yield bad("disk", remark, advice)
    else:
        yield ok("disk", remark)


def size_of(path: Path) -> int:
    """Return the bytes of the file, or of all files in the folder, at *path*; 0 if there is nothing."""
    return sum(status.st_size for status in _statuses(path).values() if S_ISREG(status.st_mode))


def check_permissions(storage: Storage) -> Iterator[Diagnosis]:
    """Check that this user can write the data, and that other users cannot read them."""
    folder = storage.data_dir
    if not folder.exists():
        yield _check_parent(folder)
        return
    statuses = _statuses(folder)
    closed = [
        path for path in statuses if not os.access(path, _WRITABLE if path.is_dir() else os.R_OK | os.W_OK)
    ]
    open_ = [path for path, status in statuses.items() if status.st_mode & S_IRWXO]
    if closed:
        advice = "run the commands as the user to whom the data belong, or give them to this one (chown -R)"
        yield bad("permissions", f"{closed[0]}: this user cannot write it ({len(closed)} in all)", advice)
    elif len({status.st_uid for status in statuses.values()}) > 1:
        advice = f"run all commands as one user, and give the data to it: chown -R USER {folder}"
        yield bad("permissions", f"{folder}: belongs to several users", advice)
    elif open_:
        remark = f"{open_[0]}: other users may read it ({len(open_)} in all)"
        yield note("permissions", remark, f"chmod -R o-rwx {folder}")
    else:
        yield ok("permissions", f"{folder}: this user can write it, others cannot read it")


def check_clock(last_crawl: datetime | None) -> Iterator[Diagnosis]:
    """Compare the clock of this machine with the time at which the last crawl began."""
    now = datetime.now(UTC)
    if last_crawl is not None and last_crawl > now + _CLOCK_OFF_MAX:
        remark = (
            f"it is {now:%Y-%m-%d %H:%M} UTC here, and the last crawl began at {last_crawl:%Y-%m-%d %H:%M}"
        )
        yield bad(
            "clock", remark, "set the clock (timedatectl set-ntp true): nothing is due before that time"
        )
    else:
        yield ok("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def check_crawl_age(last_crawl: datetime | None, max_h: float) -> Iterator[Diagnosis]:
    """Check that the last crawl began at most *max_h* hours ago (0: any age), as `/readyz` does."""
    if last_crawl is None:
        return
    remark = f"the last one began at {last_crawl:%Y-%m-%d %H:%M} UTC"
    if max_h and datetime.now(UTC) - last_crawl > timedelta(hours=max_h):
        advice = "run `crawl`, and look at its timer: `systemctl list-timers`, if you use systemd"
        yield note("crawl", f"{remark}, more than {max_h:g} hours ago", advice)
    else:
        yield ok("crawl", remark)


def compare_clock(there: datetime, here: datetime) -> Iterator[Diagnosis]:
    """Compare the clock of this machine with that of a web server."""
    if abs(there - here) > _CLOCK_OFF_MAX:
        remark = f"it is {here:%Y-%m-%d %H:%M} UTC here and {there:%Y-%m-%d %H:%M} UTC on the site's server"
        yield bad("clock", remark, "set the clock (timedatectl set-ntp true)")


def _check_parent(folder: Path) -> Diagnosis:
    parent = _nearest_folder(folder)
    if os.access(parent, _WRITABLE):
        return ok("permissions", f"{folder}: can be created")
    return bad(
        "permissions",
        f"{folder}: this user cannot create it in {parent}",
        "create it and give it to this user",
    )


def _nearest_folder(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


def _count_generations(storage: Storage) -> int:
    return sum(path.is_dir() for path in storage.index_dir.glob("*"))


def _statuses(path: Path) -> dict[Path, os.stat_result]:
    """Return the status of *path* and of everything in it; a crawl may remove files meanwhile."""
    found = {}
    for one in (path, *(path.rglob("*") if path.is_dir() else ())):
        with suppress(FileNotFoundError):
            found[one] = one.stat()
    return found
