"""A deadline for an answer, in the processor time of its thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic, thread_time
from typing import NamedTuple


class _End(NamedTuple):
    """The end of the time for an answer, by two clocks."""

    elapsed: float
    processor: float


_NEVER = _End(inf, inf)
_end: ContextVar[_End] = ContextVar("end", default=_NEVER)


class DeadlineError(Exception):
    """An answer exceeds its limit of processor time."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Limit the work inside to *seconds* of this thread's processor time.

    Elapsed time would make requests fail on a busy machine.
    """
    before = _end.set(_End(monotonic() + seconds, thread_time() + seconds))
    try:
        yield
    finally:
        _end.reset(before)


def is_over() -> bool:
    """Return whether the time is used up; for work that can stop early with a partial result."""
    end = _end.get()
    # A thread cannot work longer than time has elapsed, and asking for that needs no system call.
    return monotonic() > end.elapsed and thread_time() > end.processor


def check() -> None:
    """Stop the answer if its time is used up; every loop whose length depends on the request calls it.

    Raises:
        DeadlineError: the time is used up.
    """
    if is_over():
        raise DeadlineError("the answer takes too long")
