import threading

import pytest

from index.engine import EngineError, IndexInfo
from searcher.renewed import Renewed

OLD, NEW = (IndexInfo(generation=name, documents=1, number=1, fingerprint="") for name in ("old", "new"))


def others() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread is not threading.current_thread()]


def finish(before: list[threading.Thread]) -> None:
    for thread in others():
        if thread not in before:
            thread.join()


def test_the_first_is_made_at_once_and_kept() -> None:
    made: list[str] = []
    renewed = Renewed(lambda info: made.append(info.generation) or info.generation)
    assert (renewed.of(OLD), renewed.of(OLD), made) == ("old", "old", ["old"])


def test_the_one_before_serves_until_the_new_one_is_ready() -> None:
    may_go_on = threading.Event()
    before = others()

    def make(info: IndexInfo) -> str:
        assert info is OLD or may_go_on.wait(10)
        return info.generation

    renewed = Renewed(make)
    renewed.of(OLD)
    assert [renewed.of(NEW), renewed.of(NEW)] == ["old", "old"]
    may_go_on.set()
    finish(before)
    assert renewed.of(NEW) == "new"


def test_a_damaged_index_leaves_the_one_before() -> None:
    before = others()

    def make(info: IndexInfo) -> str:
        if info is NEW:
            raise EngineError("damaged")
        return info.generation

    renewed = Renewed(make)
    renewed.of(OLD)
    renewed.of(NEW)
    finish(before)
    assert renewed.of(OLD) == "old"


def test_a_damaged_first_index_is_told() -> None:
    def make(info: IndexInfo) -> str:
        raise EngineError(info.generation)

    with pytest.raises(EngineError):
        Renewed(make).of(OLD)
