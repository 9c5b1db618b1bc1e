"""robots.txt at its bounds, for the mutation tests."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
