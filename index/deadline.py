"""A limit on the processor time that one answer may take."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import thread_time

_ends: ContextVar[float] = ContextVar("ends", default=inf)


class DeadlineError(Exception):
    """An answer takes more processor time than it may."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Allow the block *seconds* of this thread's processor time.

    Processor time, not elapsed time: a busy machine must not fail a request.
    """
    before = _ends.set(thread_time() + seconds)
    try:
        yield
    finally:
        _ends.reset(before)


def is_over() -> bool:
    """Return whether no time is left; for work that may stop halfway."""
    return thread_time() > _ends.get()


def check() -> None:
    """Stop the answer if no time is left; every loop whose length depends on the query calls this.

    Raises:
        DeadlineError: no time is left.
    """
    if is_over():
        raise DeadlineError("the answer takes too long")
