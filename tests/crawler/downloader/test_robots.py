import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.downloader import product_token
from crawler.downloader.robots import (
    BYTES_MAX,
    UNREACHABLE_S,
    RobotsResponse,
    parse_rules,
)
from tests.support.robots_host import Host, allows

# RFC 9309, by section; agent is "ourbot".
VECTORS = [
    # robots.txt, path, allowed
    # 2.2.1: the group of our product token, or else that of *
    ("", "/a", True),
    ("User-agent: *\nDisallow: /", "/a", False),
    ("User-agent: ourbot\nDisallow: /", "/a", False),
    ("User-agent: otherbot\nDisallow: /", "/a", True),
    ("User-agent: OURBOT\nDisallow: /", "/a", False),
    ("user-AGENT: ourbot\ndisALLOW: /", "/a", False),
    ("User-agent: ourbot/1.0\nDisallow: /", "/a", False),
    ("User-agent: ourbot # us\nDisallow: /", "/a", False),
    ("User-agent: notourbot\nDisallow: /", "/a", True),
    ("User-agent: bot\nDisallow: /", "/a", True),
    ("User-agent: *\nDisallow: /\nUser-agent: ourbot\nAllow: /", "/a", True),
    ("User-agent: ourbot\nAllow: /\nUser-agent: *\nDisallow: /", "/a", True),
    ("User-agent: *\nDisallow: /a\nUser-agent: ourbot\nDisallow: /b", "/a", True),
    ("User-agent: otherbot\nUser-agent: ourbot\nDisallow: /", "/a", False),
    ("User-agent: otherbot\n\nUser-agent: ourbot\n\nDisallow: /", "/a", False),
    (
        "User-agent: ourbot\nDisallow: /a\nUser-agent: other\nDisallow: /b\nUser-agent: ourbot\nDisallow: /c",
        "/c",
        False,
    ),
    (
        "User-agent: ourbot\nDisallow: /a\nUser-agent: other\nDisallow: /b\nUser-agent: ourbot\nDisallow: /c",
        "/b",
        True,
    ),
    ("Disallow: /\nUser-agent: ourbot\nDisallow: /b", "/a", True),
    ("User-agent: ourbot\nCrawl-delay: 5\nUser-agent: other\nDisallow: /", "/a", True),
    ("User-agent: ourbot\nSitemap: https://example.org/s.xml\nDisallow: /a", "/a", False),
    # 2.2.2: the longest match, allow where both are as long, case as written
    ("User-agent: *\nDisallow:", "/a", True),
    ("User-agent: *\nDisallow: /a", "/abc", False),
    ("User-agent: *\nDisallow: /a", "/A", True),
    ("User-agent: *\nDisallow: /a/", "/a", True),
    ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
    ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
    ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
    ("User-agent: *\nAllow: /\nDisallow: /", "/a", True),
    ("User-agent: *\nDisallow: /a?b=1", "/a?b=12", False),
    ("User-agent: *\nDisallow: /a?b=1", "/a?b=2", True),
    ("User-agent: *\nDisallow: /ā", "/%C4%81", False),
    ("User-agent: *\nDisallow: /%c4%81", "/%C4%81", False),
    ("User-agent: *\nDisallow: /%7Ea", "/~a", False),
    ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
    ("User-agent: *\nDisallow: /a b", "/a%20b", False),
    # 2.2.3: # comments, * any characters, $ the end
    ("# User-agent: *\n# Disallow: /", "/a", True),
    ("User-agent: * # all\nDisallow: /a # this", "/a", False),
    ("User-agent: *\nDisallow: /*.pdf", "/a/b.pdf?c", False),
    ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?c", True),
    ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
    ("User-agent: *\nDisallow: /a*b*c", "/a1b2c3", False),
    ("User-agent: *\nDisallow: /a*b*c", "/a1c2b3", True),
    ("User-agent: *\nDisallow: *", "/a", False),
    ("User-agent: *\nDisallow: /$", "/", False),
    ("User-agent: *\nDisallow: /$", "/a", True),
    ("User-agent: *\nDisallow: /a$b", "/a%24b", False),
    ("User-agent: *\nDisallow: /a\nAllow: /*b", "/ab", True),
    # 2.2.4, 2.3: other lines, line ends, odd bytes
    ("Noise\nUser-agent: *\nNoindex: /\nDisallow: /a", "/a", False),
    ("User-agent: *\rDisallow: /a\rAllow: /b", "/a", False),
    ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
    ("User-agent: *\n\n\n  \n\tDisallow  :  /a  ", "/a", False),
    ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
    ("User-agent: *\nDisallow: /a\x0bAllow: /", "/b", True),
    (b"\xff\xfe\nUser-agent: *\nDisallow: /a", "/a", False),
    (b"User-agent: *\nDisallow: /\xe2\nDisallow: /b", "/b", False),
    (b"User-agent: *\nDisallow: /\xe2", "/a", True),
    ("<!DOCTYPE html><html><body>Not here</body></html>", "/a", True),
    ("User-agent: *\nDisallow: /", "/robots.txt", True),
]


@pytest.mark.parametrize(("text", "path", "allowed"), VECTORS)
def test_rfc_9309(text: str | bytes, path: str, *, allowed: bool) -> None:
    assert allows(text, path) is allowed


MISSPELLED = {
    "Disallow": [
        "disallow",
        "Dissallow",
        "DISSALOW",
        "disalow",
        "Diasllow",
        "disallaw",
        "disallowed",
        "dsallow",
    ],
    "User-agent": [
        "useragent",
        "User Agent",
        "USER-AGENTS",
        "user-agnet",
        "useg-agent",
        "ser-agent",
        "users-agent",
    ],
}


@pytest.mark.parametrize(
    ("field", "spelled"), [(field, spelled) for field, all_ in MISSPELLED.items() for spelled in all_]
)
@pytest.mark.parametrize("separator", [": ", ":", " : ", "\t:\t"])
def test_misspelled_directives_are_obeyed_as_common_parsers_do(
    field: str, spelled: str, separator: str
) -> None:
    text = "User-agent: ourbot\nDisallow: /a\nUser-agent: other\nDisallow: /b"
    text = text.replace(f"{field}: ", f"{spelled}{separator}")
    assert (allows(text, "/a"), allows(text, "/b")) == (False, True)


@pytest.mark.parametrize(
    "line", ["Noindex: /", "Disable: /", "Dis: /", "Forbid: /", "Use-agent: ourbot", "x Disallow: /"]
)
def test_line_that_no_parser_accepts_is_ignored(line: str) -> None:
    assert allows(f"User-agent: ourbot\n{line}\nDisallow: /b", "/a")
    assert not allows(f"User-agent: ourbot\n{line}\nDisallow: /b", "/b")


def test_misspelled_sitemap_ends_no_group() -> None:
    assert not allows("User-agent: ourbot\nSite-map: https://example.org/s.xml\nDisallow: /a", "/a")


def google_cases() -> Iterator[tuple[str, bytes, str, str, str]]:
    """Yield test, robots.txt, mark, agent and path of each case in robots_google.txt."""
    test, lines, is_open = "", list[bytes](), False
    text = (Path(__file__).parent / "robots_google.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        mark, rest = line[:1], line[2:]
        if mark == "|":
            lines = [*lines, unescape(rest)] if is_open else [unescape(rest)]
            is_open = True
        elif mark in ("+", "-", "~"):
            is_open = False
            yield test, b"\n".join(lines) + b"\n", mark, *rest.split(" ", 1)  # type: ignore[misc]  # two parts
        elif mark == "=":
            test = rest


def unescape(line: str) -> bytes:
    def byte(match: re.Match[bytes]) -> bytes:
        return bytes([int(match[1], 16)]) if match[1] else {b"n": b"\n", b"r": b"\r"}[match[2]]

    return re.sub(rb"\\(?:x([0-9A-F]{2})|([nr]))", byte, line.encode())


@pytest.mark.parametrize(("test", "text", "mark", "agent", "path"), list(google_cases()))
def test_googles_cases_pass(test: str, text: bytes, mark: str, agent: str, path: str) -> None:
    # "~": Google's parser expects encoded URLs. RFC 9309, 2.2.2, compares URLs encoded, without needless
    # escapes; ours are normalised before they get here.
    assert allows(text, path, agent.lower()) is (mark != "-")


def test_all_of_googles_cases_are_there() -> None:
    assert len(list(google_cases())) == 141


def test_rules_within_500_kib_count() -> None:
    filler = "# filler\n" * ((BYTES_MAX - 100) // 9)
    assert not allows(f"User-agent: *\n{filler}Disallow: /a", "/a")


def test_rule_truncated_at_500_kib_is_ignored() -> None:
    head = "User-agent: *\nDisallow: /a\n"
    filler = "#" * (BYTES_MAX - len(head) - len("\nDisallow: /"))
    text = f"{head}{filler}\nDisallow: /private"
    assert not allows(text, "/a")
    assert allows(text, "/b")


def test_a_hostile_file_is_read_quickly() -> None:
    text = "User-agent: *\n" + "Disallow: /" + "*a" * 200_000
    assert allows(text, "/" + "a" * 2000 + "b")


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (400, True),
        (401, True),
        (403, True),
        (404, True),
        (410, True),
        (418, True),
        (451, True),
        (429, False),
        (500, False),
        (502, False),
        (503, False),
        (504, False),
        (599, False),
        (204, False),
        (None, False),
    ],
)
def test_statuses(status: int | None, *, allowed: bool) -> None:
    found = parse_rules(RobotsResponse(status=status), "ourbot")
    assert found.allows("https://example.org/a") is allowed
    assert found.is_reachable is allowed


@pytest.mark.parametrize(
    ("text", "delay_s"),
    [
        ("User-agent: *\nCrawl-delay: 7", 7.0),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: other\nCrawl-delay: 7", 0.0),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: -3", 0.0),
        ("User-agent: *\nCrawl-delay: inf", 0.0),
        ("User-agent: *\nRequest-rate: 1/10", 10.0),
        ("User-agent: *\nRequest-rate: 1/2m", 120.0),
    ],
)
def test_delays(text: str, delay_s: float) -> None:
    assert parse_rules(RobotsResponse(status=200, body=text.encode()), "ourbot").delay_s == delay_s


@pytest.mark.parametrize(
    ("user_agent", "token"),
    [
        ("preses-relizes/0.1 (+https://example.org/bot; bot@example.org)", "preses-relizes"),
        ("OurBot", "ourbot"),
        ("Mozilla/5.0 (compatible; OurBot/1.0; +https://example.org)", "ourbot"),
        ("", "*"),
    ],
)
def test_product_token(user_agent: str, token: str) -> None:
    assert product_token(user_agent) == token


def test_rules_are_kept_for_a_day_and_no_longer() -> None:
    host = Host(RobotsResponse(status=404), RobotsResponse(status=200, body=b"User-agent: *\nDisallow: /"))
    robots = host.robots()
    assert robots.of("https://example.org").allows("https://example.org/a")
    host.clock_s = 86_399
    assert robots.of("https://example.org").allows("https://example.org/a")
    host.clock_s = 86_400
    assert not robots.of("https://example.org").allows("https://example.org/a")
    assert host.requested == ["https://example.org/robots.txt"] * 2


def test_failed_robots_txt_is_fetched_again_soon() -> None:
    host = Host(RobotsResponse(status=503), RobotsResponse(status=404))
    robots = host.robots()
    assert not robots.of("https://example.org").is_reachable
    assert robots.retry_in_s("https://example.org") == UNREACHABLE_S
    host.clock_s = UNREACHABLE_S
    assert robots.of("https://example.org").is_reachable


def test_rules_that_once_held_do_not_outlast_an_outage() -> None:
    host = Host(RobotsResponse(status=404), RobotsResponse(status=503))
    robots = host.robots()
    robots.of("https://example.org")
    host.clock_s = 86_400
    assert not robots.of("https://example.org").allows("https://example.org/a")


def test_each_origin_has_its_own_rules() -> None:
    host = Host(RobotsResponse(status=404), RobotsResponse(status=503))
    robots = host.robots()
    assert robots.of("https://example.org").is_reachable
    assert not robots.of("http://example.org").is_reachable
