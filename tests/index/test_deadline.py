import time

import pytest

from index import deadline


def spin(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_without_a_limit_no_time_is_up() -> None:
    deadline.check()
    assert not deadline.is_over()


def test_processor_time_beyond_the_limit_is_an_error() -> None:
    with deadline.at_most(0.01):
        deadline.check()
        spin(0.02)
        assert deadline.is_over()
        with pytest.raises(deadline.DeadlineError):
            deadline.check()


def test_waiting_does_not_count() -> None:
    with deadline.at_most(0.05):
        time.sleep(0.1)  # the test is about time that passes without work; no event marks its end
        deadline.check()


def test_the_limit_ends_with_its_block() -> None:
    with deadline.at_most(0):
        spin(0.001)
        assert deadline.is_over()
    assert not deadline.is_over()
