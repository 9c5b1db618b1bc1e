"""Disks that are full or broken, for tests."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file grows beyond so many bytes, whoever tries and how often, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def unreadable(path: Path) -> None:
    """Make a file that can be opened, but fails to be read, as from a broken disk."""
    path.symlink_to("/proc/self/mem")  # nothing is mapped at its beginning
