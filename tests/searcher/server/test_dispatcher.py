import threading
from dataclasses import dataclass
from dataclasses import field as field_of

import pytest

from searcher.server.dispatcher import SpareThreadDispatcher


@dataclass(eq=False)
class Asked:
    """A request that is answered once it may be."""

    may_end: threading.Event = field_of(default_factory=threading.Event)
    ended: threading.Event = field_of(default_factory=threading.Event)

    def service(self) -> None:
        assert self.may_end.wait(10)
        self.ended.set()


def ready() -> Asked:
    asked = Asked()
    asked.may_end.set()
    return asked


@pytest.mark.parametrize("spare", [1, 3])
def test_a_request_that_takes_long_holds_up_no_other(spare: int) -> None:
    dispatcher, slow, others = SpareThreadDispatcher(spare), Asked(), [ready() for _ in range(5)]
    for task in (slow, *others):
        dispatcher.add_task(task)
    assert all(task.ended.wait(10) for task in others)
    assert not slow.ended.is_set()
    slow.may_end.set()
    assert slow.ended.wait(10)


def test_without_spare_threads_one_is_answered_after_the_other() -> None:
    dispatcher, slow, other = SpareThreadDispatcher(0), Asked(), ready()
    for task in (slow, other):
        dispatcher.add_task(task)
    slow.may_end.set()
    assert other.ended.wait(10)
    assert slow.ended.is_set()
