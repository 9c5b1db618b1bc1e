"""A deadline for an answer, in the processor time of its thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import thread_time

_ends: ContextVar[float] = ContextVar("ends", default=inf)


class DeadlineError(Exception):
    """An answer exceeds its limit of processor time."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Limit the work inside to *seconds* of this thread's processor time.

    Elapsed time would make requests fail on a busy machine.
    """
    before = _ends.set(thread_time() + seconds)
    try:
        yield
    finally:
        _ends.reset(before)


def is_over() -> bool:
    """Return whether the time is used up; for work that can stop early with a partial result."""
    return thread_time() > _ends.get()


def check() -> None:
    """Stop the answer if its time is used up; every loop whose length depends on the request calls it.

    Raises:
        DeadlineError: the time is used up.
    """
    if thread_time() > _ends.get():
        raise DeadlineError("the answer takes too long")
