"""The sockets that a service listens on: those that it was given, as far as they are wanted, and new ones."""

import socket

from preses_relizes.keeper import Kept


def open_sockets(host: str, port: int, kept: Kept | None = None) -> list[socket.socket]:
    """Return a socket for each address that *host* names, or those that systemd activated.

    Raises:
        OSError, UnicodeError: an address cannot be listened on.
    """
    given = kept.sockets if kept else []
    if kept and kept.is_activated:
        return given
    addresses = {one.getsockname()[:2]: one for one in given}
    resolved = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    wanted = dict.fromkeys((family, address[:2]) for family, *_, address in resolved)
    sockets = [
        addresses.pop(address) if address in addresses else socket.create_server(address, family=family)
        for family, address in wanted
    ]
    for unwanted in addresses.values():
        unwanted.close()
    return sockets
