"""An index of numbers: the engine of a generation is its stamp, and a test says when it can be opened."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.engines.generation_in_use import RETRY_S, GenerationInUse
from index.errors import DamagedIndexError, EngineError
from tests.support.awaiting import DEADLINE_S, wait_until


class Numbered:
    """The engine of the generation *stamp*."""

    def __init__(self, stamp: int) -> None:
        self.stamp, self.is_warm = stamp, False

    def warm(self) -> None:
        self.is_warm = True


class NumberedIndex:
    """An index whose stamp grows with each swap."""

    def __init__(self) -> None:
        self.now, self.stamp, self.opened = 0.0, 1, list[int]()
        self.failure: Exception | None = None
        self.is_opening, self.may_open = threading.Event(), threading.Event()
        self.may_open.set()
        self.in_use = GenerationInUse(self.read_stamp, self.open, lambda: self.now)

    def read_stamp(self) -> int:
        if not self.stamp:
            raise EngineError("no index")
        return self.stamp

    def open(self, stamp: int, _: Numbered | None) -> Numbered:
        self.opened.append(stamp)
        self.is_opening.set()
        assert self.may_open.wait(DEADLINE_S)
        if self.failure:
            raise self.failure
        return Numbered(stamp)

    def swap(self) -> None:
        self.stamp += 1
        self.is_opening.clear()

    def answer(self) -> int:
        """Return the stamp of the engine that answers."""
        return self.in_use.get().engine.stamp


@pytest.fixture
def numbered() -> NumberedIndex:
    return NumberedIndex()


@pytest.fixture
def opening(numbered: NumberedIndex) -> Iterator[NumberedIndex]:
    """Return the index of a server while its second generation is being opened."""
    numbered.in_use.opens_aside = True
    assert numbered.answer() == 1
    numbered.may_open.clear()
    numbered.swap()
    assert numbered.answer() == 1
    assert numbered.is_opening.wait(DEADLINE_S)
    yield numbered
    numbered.may_open.set()


def test_each_swap_is_followed_at_once_and_opened_once(numbered: NumberedIndex) -> None:
    for stamp in (1, 2, 3):
        assert [numbered.answer(), numbered.answer()] == [stamp, stamp]
        numbered.swap()
    assert numbered.opened == [1, 2, 3]


def test_a_server_answers_from_the_old_generation_until_the_new_one_is_warm(opening: NumberedIndex) -> None:
    assert [opening.answer(), opening.answer()] == [1, 1]
    opening.may_open.set()
    wait_until(lambda: opening.answer() == 2)
    assert opening.in_use.get().engine.is_warm
    assert opening.opened == [1, 2]


def test_who_cannot_use_the_old_generation_waits_for_the_new_one(opening: NumberedIndex) -> None:
    old = opening.in_use.get().engine

    def ask() -> int:
        opening.in_use.forget(old)
        return opening.answer()

    with ThreadPoolExecutor() as others:
        answers = [others.submit(ask) for _ in range(3)]
        opening.may_open.set()
        assert [answer.result(DEADLINE_S) for answer in answers] == [2, 2, 2]
    assert opening.opened == [1, 2]


def test_a_forgotten_engine_is_opened_again_by_the_next_request(numbered: NumberedIndex) -> None:
    old = numbered.in_use.get().engine
    for _ in range(2):  # the second time, another engine is in use
        numbered.in_use.forget(old)
        assert numbered.in_use.get().engine is not old
    assert numbered.opened == [1, 1]


@pytest.mark.parametrize("failure", [EngineError("a shard is away"), OSError(28, "No space left on device")])
def test_a_failure_is_logged_once_and_retried_later(
    numbered: NumberedIndex, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    assert numbered.answer() == 1
    numbered.swap()
    numbered.failure = failure
    for numbered.now in (0, 1, RETRY_S, RETRY_S + 1):
        assert numbered.answer() == 1
    assert numbered.opened == [1, 2, 2]
    assert caplog.messages == [f"still serving the old index: {failure}"]
    numbered.failure, numbered.now = None, 3 * RETRY_S
    assert numbered.answer() == 2


def test_a_server_goes_on_if_opening_aside_fails(
    opening: NumberedIndex, caplog: pytest.LogCaptureFixture
) -> None:
    opening.failure = EngineError("a shard is away")
    opening.may_open.set()
    wait_until(lambda: caplog.messages == ["still serving the old index: a shard is away"])
    assert opening.answer() == 1
    opening.failure = None
    opening.swap()
    wait_until(lambda: opening.answer() == 3)


def test_an_index_that_is_removed_while_it_is_opened_is_an_error_until_it_is_back(
    opening: NumberedIndex, caplog: pytest.LogCaptureFixture
) -> None:
    opening.stamp = 0
    opening.failure = EngineError("gone")
    opening.may_open.set()
    with pytest.raises(EngineError, match="no index"):
        opening.answer()
    opening.stamp, opening.failure = 3, None
    wait_until(lambda: opening.answer() == 3)
    assert caplog.messages == []


def test_a_generation_that_is_replaced_while_it_is_opened_is_no_failure(
    numbered: NumberedIndex, caplog: pytest.LogCaptureFixture
) -> None:
    def open_engine(stamp: int, before: Numbered | None) -> Numbered:
        if stamp == 2:
            numbered.stamp = 3
            raise EngineError("its files are gone")
        return numbered.open(stamp, before)

    in_use = GenerationInUse(numbered.read_stamp, open_engine, lambda: numbered.now)
    answers = [in_use.get().engine.stamp]
    numbered.stamp = 2
    answers += [in_use.get().engine.stamp for _ in range(2)]
    assert (answers[0], answers[-1], caplog.messages) == (1, 3, [])


def test_without_an_older_generation_a_failure_is_raised_each_time(numbered: NumberedIndex) -> None:
    numbered.failure = EngineError("a shard is away")
    for _ in range(2):
        with pytest.raises(EngineError, match="a shard is away"):
            numbered.answer()
    numbered.failure = None
    assert numbered.answer() == 1


def test_a_request_that_read_its_stamp_before_a_swap_does_not_go_back(numbered: NumberedIndex) -> None:
    stamps = [1, 2]
    in_use = GenerationInUse(lambda: stamps[0] if len(stamps) == 1 else stamps.pop(0), numbered.open)
    numbered.stamp = 2
    stamps = [2, 1, 2]
    assert in_use.get().engine.stamp == 2
    assert in_use.get().engine.stamp == 2
    assert numbered.opened == [2]


def damaged(engine: Numbered) -> None:
    raise DamagedIndexError(f"generation {engine.stamp} is damaged")


def test_damage_is_logged_once_and_ends_with_the_next_generation(
    numbered: NumberedIndex, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        numbered.in_use.verify(damaged)
        assert numbered.in_use.damage(numbered.in_use.get()) == "generation 1 is damaged"
    assert caplog.messages == ["damaged while in use: generation 1 is damaged"]
    numbered.swap()
    assert numbered.in_use.damage(numbered.in_use.get()) == ""


def test_what_a_swap_removes_during_a_verification_is_no_damage(
    numbered: NumberedIndex, caplog: pytest.LogCaptureFixture
) -> None:
    def swap_meanwhile(engine: Numbered) -> None:
        numbered.swap()
        damaged(engine)

    numbered.in_use.verify(swap_meanwhile)
    assert (numbered.in_use.damage(numbered.in_use.get()), caplog.messages) == ("", [])


def test_without_an_index_nothing_is_verified(numbered: NumberedIndex) -> None:
    numbered.stamp = 0
    numbered.in_use.verify(damaged)
    assert numbered.opened == []


def test_a_server_need_not_look_for_a_swap_each_time(numbered: NumberedIndex) -> None:
    assert numbered.answer() == 1
    numbered.in_use.look_every_s = 60.0
    numbered.swap()
    assert numbered.answer() == 2
    numbered.swap()
    assert numbered.answer() == 2
