import threading
from dataclasses import dataclass
from dataclasses import field as field_of

import pytest

from searcher.server.dispatcher import SpareThreadDispatcher


@dataclass(eq=False)
class Request:
    """A request whose answer ends when the test allows it."""

    is_stream: bool = False
    may_end: threading.Event = field_of(default_factory=threading.Event)
    ended: threading.Event = field_of(default_factory=threading.Event)

    def service(self) -> None:
        assert self.may_end.wait(10)
        self.ended.set()


def quick_request() -> Request:
    request = Request()
    request.may_end.set()
    return request


@pytest.mark.parametrize("spare", [1, 3])
def test_a_slow_request_does_not_block_others(spare: int) -> None:
    dispatcher, slow, others = SpareThreadDispatcher(spare), Request(), [quick_request() for _ in range(5)]
    for task in (slow, *others):
        dispatcher.add_task(task)
    assert all(task.ended.wait(10) for task in others)
    assert not slow.ended.is_set()
    slow.may_end.set()
    assert slow.ended.wait(10)


def test_without_spare_threads_requests_are_answered_in_turn() -> None:
    dispatcher, slow, other = SpareThreadDispatcher(0), Request(), quick_request()
    for task in (slow, other):
        dispatcher.add_task(task)
    slow.may_end.set()
    assert other.ended.wait(10)
    assert slow.ended.is_set()


def test_streams_hold_up_no_request_even_without_spare_threads() -> None:
    dispatcher, streams, other = (
        SpareThreadDispatcher(0),
        [Request(is_stream=True) for _ in range(3)],
        quick_request(),
    )
    for task in (*streams, other):
        dispatcher.add_task(task)
    assert other.ended.wait(10)
    assert not any(stream.ended.is_set() for stream in streams)
    for stream in streams:
        stream.may_end.set()
        assert stream.ended.wait(10)
