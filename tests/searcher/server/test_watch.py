import json
import select
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from preses_relizes.keeper import Kept
from searcher.server import Watch, watch

pytestmark = pytest.mark.sweep


@dataclass
class WatchedProgram:
    """A watch over two workers, and the keeper's end of its channel."""

    watch: Watch
    keeper: socket.socket

    def take(self) -> None:
        """Take all that has come."""
        for one in select.select(self.watch.awaited(), [], [], 0)[0]:
            self.watch.take(one)

    def heard(self) -> bytes | None:
        """Return what the keeper hears next."""
        try:
            return self.keeper.recv(100)
        except BlockingIOError:
            return None


@pytest.fixture
def program() -> Iterator[WatchedProgram]:
    keeper, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with keeper:
        keeper.send(json.dumps({"activated": False, "follows": False}).encode())
        keeper.setblocking(False)
        channel = Kept(ours.detach())
        yield WatchedProgram(Watch(2, channel), keeper)
        channel.close()


def test_the_keeper_hears_when_all_workers_are_ready(program: WatchedProgram) -> None:
    program.watch.report_ready()
    program.take()
    assert program.heard() is None
    program.watch.report_ready()
    program.take()
    assert program.heard() == b"ready"


def test_a_worker_that_replaces_another_changes_nothing(program: WatchedProgram) -> None:
    for _ in range(2):
        program.watch.report_ready()
    program.take()
    assert program.heard() == b"ready"
    program.watch.report_ready()
    program.take()
    assert program.heard() is None


def test_the_keeper_has_it_leave(program: WatchedProgram) -> None:
    program.keeper.send(b"a word of a newer keeper")
    program.take()
    assert not program.watch.leaving.has_come
    program.keeper.send(b"leave")
    program.take()
    assert program.watch.leaving.has_come
    assert not program.watch.is_orphan


def test_without_its_keeper_it_is_an_orphan(program: WatchedProgram) -> None:
    assert not program.watch.is_orphan
    program.keeper.close()
    program.take()
    assert program.watch.is_orphan
    program.watch.pulse()  # nobody hears it, which is no error


def test_the_keeper_hears_a_pulse(program: WatchedProgram) -> None:
    program.watch.pulse()
    assert program.heard() == b"pulse"


def test_a_worker_hangs_that_has_been_alive_and_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    watched, now = Watch(2), 1000.0
    monkeypatch.setattr(watch.time, "monotonic", lambda: now)
    watched.report_alive(1)
    now += 120
    assert list(watched.hanging()) == []
    now += 1
    assert list(watched.hanging()) == [1]
    watched.start(1)
    assert list(watched.hanging()) == []
