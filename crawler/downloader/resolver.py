"""Which addresses may be connected to: none inside, whatever a page, a redirect or a name server says."""

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue

Resolve = Callable[[str, int], list[str]]


class AddressError(OSError):
    """A host that cannot be reached, or must not be: ``reason`` is the slug."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def resolved(host: str, port: int) -> list[str]:
    """Ask the system for the IP addresses of *host*, best first."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise AddressError("dns", f"{host}: no address: {error.strerror}") from error
    except UnicodeError as error:
        raise AddressError("dns", f"{host}: no name") from error
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


class Addresses:
    """The addresses that a host may be connected at.

    Every address of a name is checked, and the connection is made to one that was: a name server that answers
    differently a moment later (DNS rebinding) changes nothing. There is no switch that turns this off, only
    origins named one by one.
    """

    def __init__(self, allow_origins: Iterable[str] = (), *, resolve: Resolve = resolved) -> None:
        self._allowed = frozenset(allow_origins)
        self._resolve = resolve

    def of(self, host: str, port: int, *, timeout_s: float) -> list[str]:
        """Return the IP addresses of *host* that may be connected to, best first.

        Raises:
            AddressError: there is none within *timeout_s* (``dns``), or one is not public
                (``forbidden-address``).
        """
        found = self._bounded(host, port, timeout_s)
        name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if name in self._allowed:
            return found
        # One inner address among public ones is no accident either, so all must do.
        for address in found:
            if not is_public(address):
                raise AddressError(
                    "forbidden-address", f"{host} has the address {address}, which is not public"
                )
        return found

    def _bounded(self, host: str, port: int, timeout_s: float) -> list[str]:
        """Resolve in a thread: the system's resolver knows no timeout, and waits for a mute name server."""
        answers: SimpleQueue[list[str] | AddressError] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except AddressError as error:
                answers.put(error)

        threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
        try:
            answer = answers.get(timeout=timeout_s)
        except Empty:
            raise AddressError("dns", f"{host}: no answer of the name server in {timeout_s:.0f} s") from None
        if isinstance(answer, AddressError):
            raise answer
        if not answer:
            raise AddressError("dns", f"{host}: no address")
        return answer


def is_public(address: str) -> bool:
    """Whether the IP *address* is one of the public internet.

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


# 6to4 relays; Source: RFC 7526.
_RELAYS = ipaddress.ip_network("192.88.99.0/24")
# All that is public stands here; tunnels within it carry an IPv4 address that could be an inner one.
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
_TUNNELS = (ipaddress.ip_network("2001::/32"), ipaddress.ip_network("2002::/16"))
# Where only IPv6 runs, the network reaches IPv4 hosts so. Source: RFC 6052.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _is_public_v6(ip: ipaddress.IPv6Address) -> bool:
    if ip.ipv4_mapped is not None:
        return is_public(str(ip.ipv4_mapped))
    if ip in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip in _PUBLIC_V6 and ip.is_global and not any(ip in tunnel for tunnel in _TUNNELS)
