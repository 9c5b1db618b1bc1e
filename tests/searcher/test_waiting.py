import pytest

from searcher.waiting import IS_ENDING, WAITING_MAX, NoRoomError, WaitingRoom


def test_a_request_looks_once_more_at_the_end() -> None:
    assert len(list(WaitingRoom().looks(0.01, {}))) == 2


def test_nothing_waits_for_longer_than_the_service_lives() -> None:
    assert len(list(WaitingRoom().looks(3_600, {IS_ENDING: lambda: True}))) == 1


def test_only_so_many_wait_and_each_leaves_its_place() -> None:
    room = WaitingRoom()
    waiting = [room.looks(3_600, {}) for _ in range(WAITING_MAX)]
    for one in waiting:
        next(one)
    with pytest.raises(NoRoomError):
        next(room.looks(3_600, {}))
    waiting[0].close()
    next(room.looks(3_600, {}))
