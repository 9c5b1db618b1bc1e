import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from preses_relizes.keeper import Kept
from searcher.server import open_sockets

pytestmark = pytest.mark.sweep


@contextmanager
def kept(*given: socket.socket, activated: bool = False) -> Iterator[Kept]:
    """Yield the channel to a keeper that has *given* sockets."""
    keeper, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    terms = json.dumps({"activated": activated, "follows": True}).encode()
    with keeper:
        socket.send_fds(keeper, [terms], [one.fileno() for one in given])
        channel = Kept(ours.detach())
        yield channel
        channel.close()


def test_a_wanted_socket_is_taken_over_and_others_are_closed() -> None:
    with ExitStack() as opened:
        wanted, other = (
            opened.enter_context(socket.create_server((host, 0))) for host in ("127.0.0.1", "127.0.0.2")
        )
        keeper = opened.enter_context(kept(other, wanted))
        [found] = open_sockets("127.0.0.1", wanted.getsockname()[1], keeper)
        assert found.getsockname() == wanted.getsockname()
        assert [one.fileno() for one in keeper.sockets] == [-1, found.fileno()]
        found.close()


def test_a_changed_address_gets_a_new_socket() -> None:
    with ExitStack() as opened:
        former = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        keeper = opened.enter_context(kept(former))
        port = former.getsockname()[1]
        [found] = open_sockets("127.0.0.2", port, keeper)
        assert found.getsockname() == ("127.0.0.2", port)
        found.close()


def test_activated_sockets_are_taken_as_they_are() -> None:
    with ExitStack() as opened:
        given = opened.enter_context(socket.create_server(("127.0.0.2", 0)))
        keeper = opened.enter_context(kept(given, activated=True))
        [found] = open_sockets("127.0.0.1", 1, keeper)
        assert found.getsockname() == given.getsockname()
        found.close()


def test_without_a_keeper_there_is_a_socket_for_each_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = open_sockets("localhost", port)
    assert ("127.0.0.1", port) in {one.getsockname()[:2] for one in found}
    for one in found:
        one.close()
