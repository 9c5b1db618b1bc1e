"""URLs at their bounds, for the mutation tests."""

import pytest

from crawler.urls import Origin, address, canonical, origin, without_tracking

PAGE = "https://www.iem.gov.lv/lv/zinas/raksts?id=1"


@pytest.mark.parametrize("length", [4095, 4096])
def test_an_address_may_be_as_long_as_the_bound(length: int) -> None:
    url = "https://a.lv/".ljust(length, "x")
    assert address(url) == url
    assert address("https://a.lv/".ljust(4097, "x")) is None


def test_the_bound_is_for_the_address_as_fetched() -> None:
    assert address("/" + "ā" * 1000, PAGE) is None  # six characters each when escaped
    assert address(f"https://a.lv/x#{'y' * 5000}") == "https://a.lv/x"


def test_characters_that_only_look_alike_name_different_pages() -> None:
    assert canonical("https://a.lv/x²") != canonical("https://a.lv/x2")


@pytest.mark.parametrize(
    ("authority", "name"),
    [
        ("a.lv:65535", "a.lv:65535"),
        ("a.lv:65536", None),
        ("a.lv:1", "a.lv:1"),
        ("a.lv:" + "81".zfill(19), "a.lv:81"),
        ("a.lv:" + "81".zfill(20), "a.lv:81"),
        ("a" * 63 + ".lv", "a" * 63 + ".lv"),
        (".".join(["a" * 49] * 5) + ".abc.", ".".join(["a" * 49] * 5) + ".abc."),
        (".".join(["a" * 49] * 5) + ".abcd.", None),
        ("a_b-c.lv", "a_b-c.lv"),
        ("255.255.255.255", "255.255.255.255"),
        ("4294967295", "255.255.255.255"),
        ("4294967296", None),
        ("1.16777215", "1.255.255.255"),
        ("1.16777216", None),
        ("1.2.65535", "1.2.255.255"),
        ("1.2.65536", None),
        ("1.2.3.255", "1.2.3.255"),
        ("1.2.3.256", None),
        ("1.2.3.4.0", None),
        ("1.256.1", None),
        ("1.255.1", "1.255.0.1"),
        ("0x", "0.0.0.0"),
        ("0XfF.1", "255.0.0.1"),
        ("010.1", "8.0.0.1"),
        ("1".zfill(19), "0.0.0.1"),
        ("1".zfill(20), "0.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("a.1", None),
        ("1.a", "1.a"),
        ("[::1]", "[::1]"),
        ("[::ffff:1.2.3.4]", "[::ffff:102:304]"),
        ("[2001:DB8::1]", "[2001:db8::1]"),
    ],
)
def test_origin_of_an_authority(authority: str, name: str | None) -> None:
    found = origin(f"http://{authority}/a")
    assert (found and found.name) == name


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin("https://user@A.lv:8443/b?c#d") == Origin(scheme="https", host="a.lv", port=8443)
    assert origin("http://[::1]/") == Origin(scheme="http", host="::1", port=80)
    assert origin("mailto:a@example.org") is None


def test_default_port_of_the_other_scheme_is_kept() -> None:
    found = Origin(scheme="http", host="::1", port=443)
    assert (found.name, found.host_port) == ("[::1]:443", "[::1]:443")
    assert Origin(scheme="https", host="::1", port=443).name == "[::1]"


@pytest.mark.parametrize(
    ("href", "resolved"),
    [
        ("\x00\x1f /a! \x01", "/a!"),
        ("/a?b=\\c", "/a?b=%5Cc"),
        ("/a#b?c", "/a"),
        ("/a #b", "/a%20"),
        ("/a ?b", "/a%20?b"),
        ("/a?b?c=/@", "/a?b?c=/@"),
        ("/!$&'()*+,;=:@~", "/!$&'()*+,;=:@~"),
        ("?!$&'()*+,;=:@~", "/lv/zinas/raksts?!$&'()*+,;=:@~"),
        ("/%41%30%2D%2e5%5F%7e%2F%3F", "/A0-.5_~%2F%3F"),
        ("/a//b/../c", "/a//c"),
        ("/a/b/..", "/a/"),
        ("/a/./b/.", "/a/b/"),
        ("/a/...", "/a/..."),
        ("a:b", None),
        ("a/b:c", "/lv/zinas/a/b:c"),
        ("https:?id=3", "/lv/zinas/raksts?id=3"),
        ("HTTPS:x", "/lv/zinas/x"),
        ("https:../x", "/lv/x"),
        ("/%a", "/%25a"),
        ("/%0g", "/%250g"),
    ],
)
def test_link_is_resolved_as_browsers_do(href: str, resolved: str | None) -> None:
    assert address(href, PAGE) == (resolved and f"https://www.iem.gov.lv{resolved}")


TRACKERS = (
    "utm_source utm_id fbclid gclid gclsrc dclid msclkid yclid igshid mc_cid mc_eid _ga _gl _hsenc _hsmi "
    "mkt_tok aspsessionid themecode phpsessid jsessionid aspsessionidABCD cfid cftoken sessionid session_id "
    "FBCLID %66bclid utm_ā"
).split()
SESSIONS = [f"{name}=0123456789abcdef" for name in "sid s sess session oscsid zenid SID".split()]


@pytest.mark.parametrize(
    "pair",
    [
        *(f"{name}=1" for name in TRACKERS),
        *TRACKERS,
        *SESSIONS,
        "tmpl=component",
        "print=1",
        "layout=default",
    ],
)
def test_tracking_parameter_is_removed(pair: str) -> None:
    assert canonical(f"https://a.lv/b?{pair}&c=1") == "https://a.lv/b?c=1"
    assert without_tracking(f"http://www.a.lv//b/?c=1&{pair}&c=1") == "http://www.a.lv//b/?c=1&c=1"


@pytest.mark.parametrize(
    "pair",
    ["autm_a=1", "utm_=1", "fbclid2=1", "xfbclid=1", "mc_did=1", "sid=0123456789abcde",
     "sid=abcdefghijklmnop", "asid=0123456789abcdef", "sid=0123456789abcde-", "tmpl=component2", "tmpl=x",
     "print=10", "print=0", "layout=blog", "id=phpsessid"],
)  # fmt: skip
def test_parameter_that_may_identify_the_page_stays(pair: str) -> None:
    assert (
        canonical(f"https://a.lv/b?{pair}")
        == without_tracking(f"https://a.lv/b?{pair}")
        == f"https://a.lv/b?{pair}"
    )


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/index.php", "/"),
        ("/INDEX.PHP/a", "/a"),
        ("/a/index.htm", "/a"),
        ("/a/default.aspx", "/a"),
        ("/a/index.asp", "/a/index.asp"),
        ("/a/xindex.php", "/a/xindex.php"),
        ("/a;sid=1;v=2/b", "/a;v=2/b"),
        ("/a;PHPSESSID=1/b", "/a/b"),
        ("/a;jsessionid=", "/a"),
        ("/a;xsid=1", "/a;xsid=1"),
        ("/;sid=1/../b", "/b"),
        ("/.;sid=1/a", "/a"),
        ("/..;sid=1/a", "/a"),
        ("/a?d=&b", "/a?b&d="),
        ("/a/", "/a"),
    ],
)
def test_a_path_has_one_spelling(path: str, key: str) -> None:
    assert canonical(f"http://www.a.lv{path}") == f"https://a.lv{key}"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://a.lv:443/", "http://a.lv:443/"),
        ("https://a.lv:80/", "https://a.lv:80/"),
        ("http://www.a.lv:8080/", "http://a.lv:8080/"),
        ("https://www.www.a.lv/", "https://a.lv/"),
        ("https://wwwa.lv/", "https://wwwa.lv/"),
        ("https://www.a.lv./", "https://a.lv/"),
        ("  mailto:a@example.org \n", "mailto:a@example.org"),
    ],
)
def test_a_host_has_one_spelling(url: str, key: str) -> None:
    assert canonical(url) == key


def test_text_that_is_not_a_url_is_returned_unchanged() -> None:
    assert without_tracking(" mailto:a@example.org?utm_source=b ") == " mailto:a@example.org?utm_source=b "
    assert without_tracking("https://a.lv/b?utm_source=c") == "https://a.lv/b"


def test_other_parameters_keep_their_order() -> None:
    assert without_tracking("https://a.lv/?z=1&fbclid=2&a=&z=0&b") == "https://a.lv/?z=1&a=&z=0&b"
