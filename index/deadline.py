"""How much work one answer may cost, counted as processor time of the thread that makes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import thread_time

_ends: ContextVar[float] = ContextVar("ends", default=inf)


class DeadlineError(Exception):
    """An answer costs more than it may."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Let what is done inside take no more than *seconds* of this thread's processor time.

    Processor time, not time: that the machine is busy with others is no fault of a request.
    """
    before = _ends.set(thread_time() + seconds)
    try:
        yield
    finally:
        _ends.reset(before)


def is_over() -> bool:
    """Whether there is no time left: for what can do without the rest."""
    return thread_time() > _ends.get()


def check() -> None:
    """Go on only if there is time left; called wherever work is repeated for what was asked.

    Raises:
        DeadlineError: there is none.
    """
    if is_over():
        raise DeadlineError("the answer takes too long")
