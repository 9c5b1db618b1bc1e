import ctypes
import socket
import struct
import sys
from collections.abc import Iterator

import pytest

from searcher.server.backlog import has_input, hold_back


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def test_a_connection_in_the_backlog_is_input_until_it_is_accepted(listening: socket.socket) -> None:
    assert not has_input(listening)
    with socket.create_connection(listening.getsockname()):
        assert has_input(listening)
        with listening.accept()[0]:
            assert not has_input(listening)


def test_bytes_and_the_end_of_a_connection_are_input() -> None:
    here, there = socket.socketpair()
    with here:
        assert not has_input(here)
        there.sendall(b"a")
        assert has_input(here)
        here.recv(1)
        assert not has_input(here)
        there.close()
        assert has_input(here)


def may_filter() -> bool:
    """Whether this system lets a socket filter its packets: tried with a filter that keeps all of them."""
    keep_all = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0xFFFFFFFF))
    with socket.create_server(("127.0.0.1", 0)) as tried:
        try:
            tried.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HP", 1, ctypes.addressof(keep_all)))
        except OSError:
            return False
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: filters packets")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_socket_held_back_keeps_its_backlog_and_answers_nobody_else(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with (
        socket.create_server((host, 0), family=family) as listening,
        socket.create_connection(listening.getsockname()[:2]) as before,
    ):
        is_held = hold_back(listening)
        assert is_held is may_filter()
        if not is_held:  # then others still get through
            socket.create_connection(listening.getsockname()[:2], timeout=5).close()
            pytest.skip("needs a system that lets a socket filter packets: this one forbids it")
        with pytest.raises(TimeoutError):
            socket.create_connection(listening.getsockname()[:2], timeout=0.2)
        before.sendall(b"late")
        with listening.accept()[0] as accepted:
            assert accepted.recv(4) == b"late"
        assert not has_input(listening)
