"""Resolves hosts, and refuses those with an address that is not public."""

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue

Lookup = Callable[[str, int], list[str]]
"""Returns the IP addresses of a host and port, best first."""


class AddressError(OSError):
    """A host has no address, or one that must not be connected to: ``reason`` is a slug."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def look_up(host: str, port: int) -> list[str]:
    """Return the IP addresses of *host* that the system knows, best first."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise AddressError("dns", f"{host}: no address: {error.strerror}") from error
    except UnicodeError as error:
        raise AddressError("dns", f"{host}: not a host name") from error
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


class Resolver:
    """Resolves hosts to public addresses.

    All addresses of a name are checked, and the connection is made to one of these: a name server that
    answers differently a moment later (DNS rebinding) changes nothing. The check cannot be switched off;
    only single origins (``host:port``) are exempt.
    """

    def __init__(self, allow_origins: Iterable[str] = (), *, look_up: Lookup = look_up) -> None:
        self._allowed = frozenset(allow_origins)
        self._look_up = look_up

    def resolve(self, host: str, port: int, *, timeout_s: float) -> list[str]:
        """Return the IP addresses of *host*, best first.

        Raises:
            AddressError: there is none within *timeout_s* (``dns``), or one is not public
                (``forbidden-address``).
        """
        addresses = self._look_up_within(timeout_s, host, port)
        name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if name in self._allowed:
            return addresses
        # An internal address among public ones is not an accident: a single one refuses the host.
        for address in addresses:
            if not is_public(address):
                message = f"{host} has the address {address}, which is not public"
                raise AddressError("forbidden-address", message)
        return addresses

    def _look_up_within(self, timeout_s: float, host: str, port: int) -> list[str]:
        """Look up in a thread: the system's resolver has no timeout, and waits for a silent name server."""
        results: SimpleQueue[list[str] | AddressError] = SimpleQueue()

        def run() -> None:
            try:
                results.put(self._look_up(host, port))
            except AddressError as error:
                results.put(error)

        threading.Thread(target=run, name=f"resolve {host}", daemon=True).start()
        try:
            result = results.get(timeout=timeout_s)
        except Empty:
            message = f"{host}: the name server did not answer in {timeout_s:.0f} s"
            raise AddressError("dns", message) from None
        if isinstance(result, AddressError):
            raise result
        if not result:
            raise AddressError("dns", f"{host}: no address")
        return result


def is_public(address: str) -> bool:
    """Whether the IP *address* belongs to the public internet.

    >>> [is_public(text) for text in ("192.0.2.1", "169.254.169.254", "::ffff:10.0.0.1", "9.9.9.9")]
    [False, False, False, True]
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        return _is_public_v6(ip)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip in _RELAYS)


# 6to4 relays. Source: RFC 7526.
_RELAYS = ipaddress.ip_network("192.88.99.0/24")
# All public IPv6 addresses; tunnels among them carry an IPv4 address that may be internal.
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
_TUNNELS = (ipaddress.ip_network("2001::/32"), ipaddress.ip_network("2002::/16"))
# The route from IPv6-only networks to IPv4 hosts. Source: RFC 6052.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _is_public_v6(ip: ipaddress.IPv6Address) -> bool:
    if ip.ipv4_mapped is not None:
        return is_public(str(ip.ipv4_mapped))
    if ip in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip in _PUBLIC_V6 and ip.is_global and not any(ip in tunnel for tunnel in _TUNNELS)
