"""robots.txt: the rules of RFC 9309, and how long they are kept."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from crawler.downloader import product_token
from crawler.downloader.robots import (
    BYTES_MAX,
    REDIRECTS_MAX,
    UNREACHABLE_S,
    Robots,
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
        "desallow",
        "dssalow",
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


@pytest.mark.parametrize("line", ["Alow: /", "Allo: /", "Permit: /", "Noallow: /"])
def test_misspelled_allow_allows_nothing(line: str) -> None:
    assert not allows(f"User-agent: ourbot\nDisallow: /\n{line}", "/a")


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
        ("User-agent: *\nCRAWL DELAY: 7", 7.0),
        ("User-agent: *\nrequest rate: 1/10", 10.0),
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


# --- Bounds ---


ROOT = "https://example.org"


def test_the_bounds_are_those_of_rfc_9309() -> None:
    assert REDIRECTS_MAX == 5
    assert BYTES_MAX == 500 * 1024


def test_failed_robots_txt_is_retried_after_ten_minutes() -> None:
    assert UNREACHABLE_S == 600


def test_failure_of_an_earlier_run_is_named_until_the_next_try() -> None:
    host = Host(RobotsResponse(status=404), RobotsResponse(status=404))
    host.clock_s = 1000
    robots = Robots(
        host.answer,
        user_agent="ourbot/1.0",
        ttl_s=60,
        clock=lambda: host.clock_s,
        unreachable={ROOT: (30.0, "timeout"), "https://b.example": (0.0, "timeout")},
    )
    assert (robots.of(ROOT).failure, robots.retry_in_s(ROOT)) == ("timeout", 30)
    assert not robots.of(ROOT).allows(f"{ROOT}/a")
    assert robots.of("https://b.example").failure == ""
    host.clock_s = 1030
    assert robots.of(ROOT).allows(f"{ROOT}/a")
    assert host.requested == ["https://b.example/robots.txt", f"{ROOT}/robots.txt"]


def test_each_failed_fetch_is_reported_once_with_its_reason() -> None:
    answers = [
        RobotsResponse(status=None, failure="dns"),
        RobotsResponse(status=503, failure="HTTP 503"),
        RobotsResponse(status=404),
    ]
    host, failed = Host(*answers), list[tuple[str, str]]()
    robots = Robots(
        host.answer,
        user_agent="ourbot",
        ttl_s=60,
        clock=lambda: host.clock_s,
        unreachable={"https://b.example": (30.0, "timeout")},
        on_failure=lambda root, why: failed.append((root, why)),
    )
    robots.of("https://b.example")
    for host.clock_s in (0, UNREACHABLE_S - 1, UNREACHABLE_S, 2 * UNREACHABLE_S):
        robots.of(ROOT)
    assert failed == [(ROOT, "dns"), (ROOT, "HTTP 503")]


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_rules_before_the_cut_apply(line_end: str) -> None:
    text = line_end.join(("User-agent: *", "Disallow: /a", "#" * BYTES_MAX))
    assert not allows(text, "/a")


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_oversized_file_is_cut_at_a_line(line_end: str) -> None:
    rule = f"{line_end}Disallow: /a"
    text = f"User-agent: *{line_end}#".ljust(BYTES_MAX - len(rule), "#") + rule
    assert allows(text, "/a")
    assert not allows(f"User-agent: *{line_end}#".ljust(BYTES_MAX - len(rule) - 1, "#") + rule, "/a")


@pytest.mark.parametrize(
    ("status", "is_reachable"),
    [(199, False), (201, False), (302, False), (399, False), (428, True), (430, True), (499, True)],
)
def test_only_client_errors_mean_no_rules(status: int, *, is_reachable: bool) -> None:
    assert parse_rules(RobotsResponse(status=status), "ourbot").is_reachable is is_reachable


def test_reason_for_the_failure_is_kept() -> None:
    assert parse_rules(RobotsResponse(status=None, failure="dns"), "ourbot").failure == "dns"
    assert parse_rules(RobotsResponse(status=503, failure="dns"), "ourbot").failure == "dns"
    assert parse_rules(RobotsResponse(status=404, failure="dns"), "ourbot").failure == ""


@pytest.mark.parametrize(
    ("text", "delay_s"),
    [
        ("User-agent: *\nCrawl-delay: 3\nRequest-rate: 1/10", 10.0),
        ("User-agent: *\nCrawl-delay: 20\nRequest-rate: 1/10", 20.0),
        ("User-agent: *\nRequest-rate: 2/10", 5.0),
        ("User-agent: *\nCrawl-delay: 3\nUser-agent: ourbot\nCrawl-delay: 4", 4.0),
        ("User-agent: *\nRequest-rate: 1/3\nUser-agent: ourbot\nRequest-rate: 1/4", 4.0),
    ],
)
def test_longest_requested_wait_counts(text: str, delay_s: float) -> None:
    assert parse_rules(RobotsResponse(status=200, body=text.encode()), "ourbot").delay_s == delay_s


@pytest.mark.parametrize("status", [404, 503])
def test_no_rules_mean_no_delay(status: int) -> None:
    assert parse_rules(RobotsResponse(status=status), "ourbot").delay_s == 0


@pytest.mark.parametrize("end", "\x0b \x0c \x1c \x1d \x1e \x85 \u2028 \u2029".split(" "))
def test_other_line_separators_do_not_end_a_line(end: str) -> None:
    text = f"User-agent: *\nDisallow: /a{end}b"
    assert allows(text, "/a")
    assert not allows(text, f"/a{quote(end)}bc")


@pytest.mark.parametrize("mark", [b"\xef", b"\xef\xbb", b"\xef\xbb\xbf"])
def test_byte_order_mark_is_not_part_of_the_first_line(mark: bytes) -> None:
    assert not allows(mark + b"User-agent: *\nDisallow: /a", "/a")


@pytest.mark.parametrize(
    "line", ["Noindex: /", "Clean-param: s /", "X-Robots: none", "Whatever: 1", "no colon"]
)
def test_unknown_line_does_not_end_a_group(line: str) -> None:
    assert not allows(f"User-agent: ourbot\n{line}\nUser-agent: other\nDisallow: /a", "/a")


@pytest.mark.parametrize(
    "line",
    [
        "User-agent: ourbot/1.0 (x)",
        "User agent: ourbot/2",
        "useragent: ourbot",
        " \tUSER-AGENT :  OurBot ",
        "user-agent ourbot",
    ],
)
def test_user_agent_matches_in_any_case(line: str) -> None:
    assert not allows(f"User-agent: *\nAllow: /\n{line}\nDisallow: /a", "/a")


@pytest.mark.parametrize(
    ("user_agent", "token"),
    [
        ("OurBot (+https://example.org)", "ourbot"),
        ("OurBot(x)", "ourbot"),
        ("Mozilla/5.0 (compatible;OurBot)", "ourbot"),
        ("Mozilla/5.0 (compatible; OurBot; x)", "ourbot"),
        ("Mozilla/5.0 (compatible; OurBot other)", "ourbot"),
        ("(x)", "*"),
        ("/1.0", "*"),
    ],
)
def test_our_name_is_the_first_word(user_agent: str, token: str) -> None:
    assert product_token(user_agent) == token


def test_rules_for_our_name_apply() -> None:
    host = Host(RobotsResponse(status=200, body=b"User-agent: ourbot\nDisallow: /\nUser-agent: *\nAllow: /"))
    assert not host.robots().of(ROOT).allows(f"{ROOT}/a")


def test_failed_robots_txt_is_not_fetched_again_at_once() -> None:
    host = Host(RobotsResponse(status=503), RobotsResponse(status=404))
    robots = host.robots()
    for host.clock_s in (0, 100, UNREACHABLE_S - 1):
        assert not robots.of(ROOT).is_reachable
        assert robots.retry_in_s(ROOT) == UNREACHABLE_S - host.clock_s
    host.clock_s = UNREACHABLE_S + 5
    assert robots.retry_in_s(ROOT) == 0
    assert robots.of(ROOT).is_reachable


def test_time_counts_from_the_answer() -> None:
    host = Host(RobotsResponse(status=404))
    robots = Robots(answer_slowly(host), user_agent="ourbot", ttl_s=100, clock=lambda: host.clock_s)
    robots.of(ROOT)
    assert robots.retry_in_s(ROOT) == 100


def answer_slowly(host: Host) -> Callable[[str], RobotsResponse]:
    def ask(url: str) -> RobotsResponse:
        host.clock_s += 50
        return host.answer(url)

    return ask


def test_second_caller_waits_for_the_first_fetch() -> None:
    requested, second = list[str](), threading.Event()

    def ask(url: str) -> RobotsResponse:
        requested.append(url)
        if len(requested) > 1:
            second.set()
        second.wait(0.3)  # long enough for another caller to come in between
        return RobotsResponse(status=404)

    robots = Robots(ask, user_agent="ourbot", ttl_s=100, clock=lambda: 0.0)
    with ThreadPoolExecutor(4) as pool:
        assert all(found.is_reachable for found in pool.map(robots.of, [ROOT] * 4))
    assert requested == [f"{ROOT}/robots.txt"]


def test_no_host_waits_for_the_answer_of_another() -> None:
    other = threading.Event()

    def ask(url: str) -> RobotsResponse:
        if "//b." in url:
            other.set()
        return RobotsResponse(status=404 if other.wait(5) else 503)

    robots = Robots(ask, user_agent="ourbot", ttl_s=100, clock=lambda: 0.0)
    with ThreadPoolExecutor(2) as pool:
        assert all(found.is_reachable for found in pool.map(robots.of, ["https://a.lv", "https://b.lv"]))


def test_last_whole_rule_before_the_cut_counts() -> None:
    head, rule = "User-agent: *\n#", "\nDisallow: /private\nDisallow: /p"
    text = head.ljust(BYTES_MAX - len(rule), "#") + rule + "ublic"
    assert allows(text, "/priv")
    assert not allows(text, "/private")
