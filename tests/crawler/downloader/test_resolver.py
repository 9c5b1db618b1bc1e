import threading

import pytest

from crawler.downloader.resolver import AddressError, Resolver, is_public


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "localhost",
        "",
    ],
)
def test_internal_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "9.9.9.9", "172.32.0.1", "2a00:1450::1", "::ffff:9.9.9.9", "64:ff9b::909:909"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def addresses(*found: str, allow: tuple[str, ...] = ()) -> Resolver:
    return Resolver(allow, look_up=lambda _host, _port: list(found))


def test_public_addresses_are_given_in_order() -> None:
    assert addresses("9.9.9.9", "2a00:1450::1").resolve("example.org", 443, timeout_s=1) == [
        "9.9.9.9",
        "2a00:1450::1",
    ]


@pytest.mark.parametrize("found", [("127.0.0.1",), ("9.9.9.9", "127.0.0.1"), ("9.9.9.9", "fe80::1%eth0")])
def test_one_internal_address_forbids_the_name(found: tuple[str, ...]) -> None:
    with pytest.raises(AddressError) as caught:
        addresses(*found).resolve("example.org", 80, timeout_s=1)
    assert caught.value.reason == "forbidden-address"


def test_only_the_configured_origin_may_have_an_internal_address() -> None:
    inside = addresses("127.0.0.1", allow=("127.0.0.1:8101",))
    assert inside.resolve("127.0.0.1", 8101, timeout_s=1) == ["127.0.0.1"]
    for host, port in (("127.0.0.1", 8102), ("localhost", 8101)):
        with pytest.raises(AddressError, match="not public"):
            inside.resolve(host, port, timeout_s=1)


def test_an_origin_of_ipv6_can_be_named() -> None:
    assert addresses("::1", allow=("[::1]:8101",)).resolve("::1", 8101, timeout_s=1) == ["::1"]


def test_a_name_without_address_is_an_error() -> None:
    with pytest.raises(AddressError) as caught:
        addresses().resolve("example.org", 80, timeout_s=1)
    assert caught.value.reason == "dns"


def test_system_resolver_reports_invalid_names() -> None:
    for host in ("name.invalid", "a" * 64 + ".invalid", "ā" * 300):
        with pytest.raises(AddressError) as caught:
            Resolver().resolve(host, 80, timeout_s=10)
        assert caught.value.reason == "dns"


def test_silent_name_server_times_out() -> None:
    released = threading.Event()

    def mute(_host: str, _port: int) -> list[str]:
        released.wait(10)
        return ["9.9.9.9"]

    with pytest.raises(AddressError, match="the name server did not answer"):
        Resolver(look_up=mute).resolve("example.org", 80, timeout_s=0.05)
    released.set()
