"""Blocks files and connections while a page is read."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_new_files() -> Iterator[None]:
    """Have the kernel refuse every new file and connection, even to C libraries.

    Then no library can open a path or an address that the content of a page contains.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def own_files() -> Iterator[None]:
    """Let a library load its own files within `no_new_files`; never wrap a call that depends on a page."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
