import threading
import time
from dataclasses import dataclass
from dataclasses import field as field_of

import pytest

from searcher.server.dispatcher import PATIENCE_S, SpareThreadDispatcher
from tests.support.awaiting import DEADLINE_S, wait_until


@dataclass(eq=False)
class Request:
    """A request whose answer ends when the test allows it."""

    is_stream: bool = False
    may_end: threading.Event = field_of(default_factory=threading.Event)
    ended: threading.Event = field_of(default_factory=threading.Event)

    def service(self) -> None:
        assert self.may_end.wait(DEADLINE_S)
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
    assert all(task.ended.wait(DEADLINE_S) for task in others)
    assert not slow.ended.is_set()
    slow.may_end.set()
    assert slow.ended.wait(DEADLINE_S)


def test_without_spare_threads_requests_are_answered_in_turn() -> None:
    dispatcher, slow, other = SpareThreadDispatcher(0), Request(), quick_request()
    for task in (slow, other):
        dispatcher.add_task(task)
    slow.may_end.set()
    assert other.ended.wait(DEADLINE_S)
    assert slow.ended.is_set()


def test_requests_in_spare_threads_keep_the_server_busy() -> None:
    dispatcher, first, *late = SpareThreadDispatcher(1), Request(), Request(), Request()
    for task in (first, *late):
        dispatcher.add_task(task)
    late[0].may_end.set()
    assert late[0].ended.wait(DEADLINE_S)
    wait_until(lambda: not dispatcher.queue)  # the last one is with the spare thread, too
    first.may_end.set()
    wait_until(lambda: dispatcher.active_count == 0)
    assert dispatcher.is_busy()
    late[1].may_end.set()
    wait_until(lambda: not dispatcher.is_busy())


def test_streams_hold_up_no_request_even_without_spare_threads() -> None:
    dispatcher, streams, other = (
        SpareThreadDispatcher(0),
        [Request(is_stream=True) for _ in range(3)],
        quick_request(),
    )
    for task in (*streams, other):
        dispatcher.add_task(task)
    assert other.ended.wait(DEADLINE_S)
    assert not any(stream.ended.is_set() for stream in streams)
    for stream in streams:
        stream.may_end.set()
        assert stream.ended.wait(DEADLINE_S)


@pytest.mark.parametrize("spare", [0, 1])
def test_it_is_busy_while_requests_but_not_streams_are_answered(spare: int) -> None:
    dispatcher, stream, requests = (
        SpareThreadDispatcher(spare),
        Request(is_stream=True),
        [Request(), Request()],
    )
    dispatcher.add_task(stream)
    wait_until(lambda: not dispatcher.is_busy())
    for request in requests:
        dispatcher.add_task(request)
    for request in requests:
        assert dispatcher.is_busy()
        request.may_end.set()
        assert request.ended.wait(DEADLINE_S)
    wait_until(lambda: not dispatcher.is_busy())
    stream.may_end.set()


def test_it_is_busy_while_only_a_spare_thread_answers() -> None:
    dispatcher, first, second = SpareThreadDispatcher(1), Request(), Request()
    for request in (first, second):
        dispatcher.add_task(request)
    wait_until(lambda: not dispatcher.queue)  # the spare thread has taken the second
    first.may_end.set()
    assert first.ended.wait(DEADLINE_S)
    wait_until(lambda: dispatcher.active_count == 0)
    assert dispatcher.is_busy()
    second.may_end.set()
    wait_until(lambda: not dispatcher.is_busy())


def test_a_spare_thread_leaves_a_request_that_has_just_come() -> None:
    """It takes the same request only if it sees it twice: most are answered in turn."""
    dispatcher, slow = SpareThreadDispatcher(1), Request()
    dispatcher.add_task(slow)
    wait_until(lambda: not dispatcher.queue)
    late = Request()
    started = time.monotonic()
    dispatcher.add_task(late)
    wait_until(lambda: not dispatcher.queue)
    assert time.monotonic() - started >= 0.9 * PATIENCE_S
    for request in (slow, late):
        request.may_end.set()
        assert request.ended.wait(DEADLINE_S)


def test_a_queue_moves_unless_the_same_request_is_its_first_again() -> None:
    dispatcher, slow, waiting = SpareThreadDispatcher(spare=0), Request(), [Request(), Request()]
    assert dispatcher.is_moving()
    dispatcher.add_task(slow)
    wait_until(lambda: not dispatcher.queue)
    for task in waiting:
        dispatcher.add_task(task)
    assert [dispatcher.is_moving() for _ in range(3)] == [True, False, False]
    slow.may_end.set()
    wait_until(lambda: len(dispatcher.queue) == 1)
    assert dispatcher.is_moving()
    for task in waiting:
        task.may_end.set()
    wait_until(lambda: not dispatcher.queue)
    assert dispatcher.is_moving()
