"""Which files may be opened while a page is read: none but a library's own."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_new_files() -> Iterator[None]:
    """Let the kernel refuse every new file and connection, also to libraries that are not in Python.

    What a page holds may look like a path or an address; no library can be made to open it here.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def own_files() -> Iterator[None]:
    """Let a library load what is its own although no file may be opened; which that is, no page decides."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
