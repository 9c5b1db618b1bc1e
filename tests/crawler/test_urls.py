from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.urls import ADDRESS_CHARS_MAX, address, canonical, origin

PAGE = "https://www.iem.gov.lv/lv/zinas/raksts?id=1"


@pytest.mark.parametrize(
    ("href", "resolved"),
    [
        ("https://www.mod.gov.lv/lv/a", "https://www.mod.gov.lv/lv/a"),
        ("jaunums", "https://www.iem.gov.lv/lv/zinas/jaunums"),
        ("./jaunums", "https://www.iem.gov.lv/lv/zinas/jaunums"),
        ("../jaunums", "https://www.iem.gov.lv/lv/jaunums"),
        ("../../../../jaunums", "https://www.iem.gov.lv/jaunums"),
        ("%2e%2E/jaunums", "https://www.iem.gov.lv/lv/jaunums"),
        ("..", "https://www.iem.gov.lv/lv/"),
        (".", "https://www.iem.gov.lv/lv/zinas/"),
        ("/", "https://www.iem.gov.lv/"),
        ("", "https://www.iem.gov.lv/lv/zinas/raksts?id=1"),
        ("#top", "https://www.iem.gov.lv/lv/zinas/raksts?id=1"),
        ("?id=2", "https://www.iem.gov.lv/lv/zinas/raksts?id=2"),
        ("?", "https://www.iem.gov.lv/lv/zinas/raksts"),
        ("//mod.gov.lv/a", "https://mod.gov.lv/a"),
        ("///mod.gov.lv/a", "https://mod.gov.lv/a"),
        ("https:jaunums", "https://www.iem.gov.lv/lv/zinas/jaunums"),
        ("http:mod.gov.lv/a", "http://mod.gov.lv/a"),
        ("https:/a", "https://www.iem.gov.lv/a"),
        ("\\\\mod.gov.lv\\a", "https://mod.gov.lv/a"),
        ("  \t/a\n ", "https://www.iem.gov.lv/a"),
        ("/a\nb\tc", "https://www.iem.gov.lv/abc"),
        ("HTTPS://MOD.GOV.LV:443/A", "https://mod.gov.lv/A"),
        ("http://mod.gov.lv:8080", "http://mod.gov.lv:8080/"),
        ("http://mod.gov.lv:/a", "http://mod.gov.lv/a"),
        ("http://user:secret@mod.gov.lv/a", "http://mod.gov.lv/a"),
        ("http://mod.gov.lv\\@evil.example/a", "http://mod.gov.lv/@evil.example/a"),
        ("http://a@b@mod.gov.lv/", "http://mod.gov.lv/"),
        ("/jūra", "https://www.iem.gov.lv/j%C5%ABra"),
        ("/j%c5%abra", "https://www.iem.gov.lv/j%C5%ABra"),
        ("/%7Ea%2Fb", "https://www.iem.gov.lv/~a%2Fb"),
        ("/%zz%", "https://www.iem.gov.lv/%25zz%25"),
        ("/%00", "https://www.iem.gov.lv/%00"),
        ("/a b|c[d]", "https://www.iem.gov.lv/a%20b%7Cc%5Bd%5D"),
        ("/a?b=c d&e=ž", "https://www.iem.gov.lv/a?b=c%20d&e=%C5%BE"),
        ("/\ud800", "https://www.iem.gov.lv/%EF%BF%BD"),
        ("http://ķīmija.lv/", "http://xn--mija-pya5e.lv/"),
        ("http://ĶĪMIJA.LV/", "http://xn--mija-pya5e.lv/"),
        ("http://xn--mija-pya5e.lv/", "http://xn--mija-pya5e.lv/"),
        ("http://%6dod.gov.lv/", "http://mod.gov.lv/"),
        ("http://mod。gov。lv/", "http://mod.gov.lv/"),
        # Odd spellings of this machine's addresses are normalised.
        ("http://127.1/", "http://127.0.0.1/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0x7f000001/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://0177.0.0.1/", "http://127.0.0.1/"),
        ("http://①②⑦.0.0.1/", "http://127.0.0.1/"),
        ("http://0/", "http://0.0.0.0/"),
        ("http://[::FFFF:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
        ("http://[0:0:0:0:0:0:0:1]:8080/", "http://[::1]:8080/"),
    ],
)
def test_address(href: str, resolved: str) -> None:
    assert address(href, PAGE) == resolved


@pytest.mark.parametrize(
    "href",
    [
        "mailto:prese@example.org",
        "javascript:alert(1)",
        "data:text/html,a",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "gopher://example.org/",
        "tel:+37100000000",
        "http://",
        "http:///",
        "http://@/",
        "http://:80/",
        "http://[bad",
        "http://[::1",
        "http://[fe80::1%25eth0]/",
        "http://[1.2.3]/",
        "http://a b/",
        "http://.a/",
        "http://a..b/",
        "http://*.lv/",
        "http://a<b/",
        "http://a%00b/",
        "http://a%2Fb/",
        "http://%ff/",
        "http://a:b/",
        "http://a:99999/",
        "http://a:" + "9" * 5000 + "/",
        "http://a:0/",
        "http://256.1.1.1/",
        "http://1.2.3.4.5/",
        "http://09.1.1.1/",
        "http://1.2.3.0x100/",
        "http://xn--/",
        "http://xn--a/",
        "http://" + "a" * 64 + ".lv/",
        "http://" + "ā" * 64 + ".lv/",
        "http://" + "ā" * 100_000 + ".lv/",
        "http://" + ".".join(["abcdefgh"] * 40) + "/",
        "http://../",
        "/" + "a" * ADDRESS_CHARS_MAX,
        "/" + "a/" * 1_000_000,
    ],
)
def test_no_address(href: str) -> None:
    assert address(href, PAGE) is None


def test_relative_url_needs_a_base() -> None:
    assert address("/a") is None
    assert address("//mod.gov.lv/a") is None
    assert address("a", "mailto:a@example.org") is None


@pytest.mark.parametrize(
    ("url", "name", "host_port"),
    [
        ("http://mod.gov.lv/", "mod.gov.lv", "mod.gov.lv:80"),
        ("https://mod.gov.lv:443/", "mod.gov.lv", "mod.gov.lv:443"),
        ("https://mod.gov.lv:80/", "mod.gov.lv:80", "mod.gov.lv:80"),
        ("http://[::1]:8101/", "[::1]:8101", "[::1]:8101"),
    ],
)
def test_origin(url: str, name: str, host_port: str) -> None:
    found = origin(url)
    assert found is not None
    assert (found.name, found.host_port) == (name, host_port)


ONE_PAGE = [
    "https://mfa.gov.lv/zinas/48-j%C5%ABra",
    "http://mfa.gov.lv/zinas/48-jūra",
    "https://www.mfa.gov.lv/zinas/48-jūra",
    "HTTP://WWW.MFA.GOV.LV:80/zinas/48-j%c5%abra",
    "https://mfa.gov.lv:443/zinas/48-jūra",
    "https://mfa.gov.lv./zinas/48-jūra",
    "https://mfa.gov.lv/zinas/48-jūra/",
    "https://mfa.gov.lv//zinas///48-jūra",
    "https://mfa.gov.lv/zinas/./a/../48-jūra",
    "https://mfa.gov.lv/zinas/48-ju\u0304ra",
    "https://mfa.gov.lv/zinas/48-ju%CC%84ra",
    "https://mfa.gov.lv/index.php/zinas/48-jūra",
    "https://mfa.gov.lv/zinas/48-jūra/index.html",
    "https://mfa.gov.lv/zinas/48-jūra#saturs",
    "https://mfa.gov.lv/zinas/48-jūra?",
    "https://mfa.gov.lv/zinas/48-jūra?utm_source=a&utm_medium=b&fbclid=c",
    "https://mfa.gov.lv/zinas/48-jūra?themeCode=PC",
    "https://mfa.gov.lv/zinas/48-jūra?tmpl=component&print=1&layout=default",
    "https://mfa.gov.lv/zinas/48-jūra?PHPSESSID=0123456789abcdef",
    "https://mfa.gov.lv/zinas/48-jūra?sid=0123456789abcdef0123",
    "https://mfa.gov.lv/zinas/48-jūra;jsessionid=0123456789ABCDEF",
    "https://mfa.gov.lv/%7Azinas/../zinas/48-%6aūra",
    " https://mfa.gov.lv/zinas/48-jūra\n",
]


@pytest.mark.parametrize("url", ONE_PAGE)
def test_spellings_of_one_page(url: str) -> None:
    assert canonical(url) == ONE_PAGE[0]


@pytest.mark.parametrize(
    "url",
    [
        "https://mfa.gov.lv/zinas/48-jura",
        "https://mfa.gov.lv/zinas/48-Jūra",
        "https://mfa.gov.lv/zinas/48-jūra?lang=en",
        "https://mfa.gov.lv/zinas/48-jūra?sid=7",
        "https://mfa.gov.lv/en/zinas/48-jūra",
        "https://mfa.gov.lv:8443/zinas/48-jūra",
        "https://www2.mfa.gov.lv/zinas/48-jūra",
        "https://mfa.gov.lv/zinas%2F48-jūra",
    ],
)
def test_other_pages_stay_apart(url: str) -> None:
    assert canonical(url) != ONE_PAGE[0]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://127.0.0.1:8101/a", "http://127.0.0.1:8101/a"),
        ("https://a.lv/?b=2&a=1&b=2&&utm_id=3", "https://a.lv/?a=1&b=2"),
        ("https://a.lv/index.php?option=com&id=5", "https://a.lv/?id=5&option=com"),
        ("https://ķīmija.lv", "https://xn--mija-pya5e.lv/"),
        ("https://www.lv/", "https://www.lv/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("", ""),
        ("https://[bad", "https://[bad"),
        ("https://a.lv/%E2%FB", "https://a.lv/%E2%FB"),
    ],
)
def test_canonical(url: str, key: str) -> None:
    assert canonical(url) == key


SPELLINGS = st.text(
    st.sampled_from("ah:/.?#&=%w@;[]\\0129fxāū\u0304 -_~|\u212a\u037e\u0338\ud800\x00"), max_size=40
)
URLS = st.one_of(
    st.text(),
    st.builds(
        "http://{}{}".format, st.sampled_from(["a.lv", "www.www.a.lv", "127.1", "[::1]:80", ""]), SPELLINGS
    ),
)


@given(URLS)
@example("http://a.lv/..;jsessionid=1/index.php;sid=2/")
@example("http://a.lv/?a=\u0338")
@example("http://a.lv/a\u037ejsessionid=1")
def test_canonical_accepts_any_text_and_is_idempotent(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


@given(URLS, URLS)
def test_address_accepts_any_text_and_is_idempotent(href: str, base: str) -> None:
    found = address(href, base)
    assert found is None or address(found) == found


@given(URLS)
@example("http://a.lv/?")
@example("http://.;")
@example("http://a.lv/%2e%2e/%zz/'\"<>|^`{}[]")
def test_checked_url_is_the_url_that_is_requested(url: str) -> None:
    found = address(url)
    if found is not None:
        assert requests.Request("GET", found).prepare().url == found
        assert urlsplit(found).netloc == origin(found).name  # type: ignore[union-attr] # it has one
