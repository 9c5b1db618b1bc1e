"""Pages, redirects, retries and the circuit breaker."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.downloader import Environment, Fetcher, FetchError, HostBackoff
from tests.support.fetching import AGENT, NOW, POLITE, QUICK, Waits, failure, fetcher_of, reason_of, usual_tls
from tests.support.hostile_site import HostileSite, Script, in_turn, page, raw

# --- pages ---


def test_page_records_request_response_and_time(site: HostileSite) -> None:
    site.scripts["/a"] = page("<p>Jūrā</p>", X_Robots_Tag="noindex", ETag='"1"')
    with fetcher_of(site) as fetcher:
        got = fetcher.fetch(site.url("/a"))
    assert (got.requested_url, got.url, got.status, got.chain) == (
        site.url("/a"),
        site.url("/a"),
        200,
        (site.url("/a"),),
    )
    assert (got.text, got.headers["x-robots-tag"], got.headers["etag"]) == ("<p>Jūrā</p>", "noindex", '"1"')
    assert got.fetched - NOW < timedelta(seconds=1)


def test_several_robots_tags_stay_apart(site: HostileSite) -> None:
    site.scripts["/a"] = raw(
        "HTTP/1.1 200 OK\r\nX-Robots-Tag: otherbot: nofollow\r\nContent-Length: 1\r\n",
        "x-robots-tag: noindex\r\n\r\nx",
    )
    with fetcher_of(site) as fetcher:
        got = fetcher.fetch(site.url("/a"))
    assert got.headers["x-robots-tag"] == "otherbot: nofollow\nnoindex"


def test_text_is_composed(site: HostileSite) -> None:
    site.scripts["/a"] = page("ju\u0304ra\u0304")
    with fetcher_of(site) as fetcher:
        assert fetcher.fetch(site.url("/a")).text == "jūrā"


def test_requests_are_gets_with_our_name_and_no_more(site: HostileSite) -> None:
    with fetcher_of(site) as fetcher:
        fetcher.fetch(site.url("/a"))
    assert {request.method for request in site.requests} == {"GET"}
    assert {request.headers["user-agent"] for request in site.requests} == {AGENT}
    assert not {"authorization", "cookie", "from", "referer"} & set(site.requests[-1].headers)


def test_environment_and_netrc_change_nothing(
    site: HostileSite, canary: HostileSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, canary.url(""))
    with fetcher_of(site) as fetcher:
        fetcher.fetch(site.url("/a"))
    assert "authorization" not in site.requests[-1].headers
    assert canary.requests == []


def test_validators_are_sent_and_304_has_no_body(site: HostileSite) -> None:
    site.scripts["/a"] = raw('HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n')
    with fetcher_of(site) as fetcher:
        got = fetcher.fetch(site.url("/a"), etag='"1"', last_modified="Mon, 27 Nov 2017 10:00:00 GMT")
    assert (got.status, got.body) == (304, b"")
    assert site.requests[-1].headers["if-none-match"] == '"1"'
    assert site.requests[-1].headers["if-modified-since"] == "Mon, 27 Nov 2017 10:00:00 GMT"


@pytest.mark.parametrize("etag", ['"a\r\nX-Injected: 1"', '"ā"', "\x00"])
def test_validator_that_fits_no_header_is_not_sent(site: HostileSite, etag: str) -> None:
    with fetcher_of(site) as fetcher:
        fetcher.fetch(site.url("/a"), etag=etag)
    assert not {"if-none-match", "x-injected"} & set(site.requests[-1].headers)


def test_304_to_an_unconditional_request_is_an_error(site: HostileSite) -> None:
    site.scripts["/a"] = raw("HTTP/1.1 304 Not Modified\r\n\r\n")
    assert failure(site, "/a").reason == "status-304"


@pytest.mark.parametrize(
    "url", ["", "mailto:a@example.org", "http://[bad", "ftp://127.0.0.1/", "file:///etc/passwd"]
)
def test_text_that_is_not_a_url_is_refused(site: HostileSite, url: str) -> None:
    with fetcher_of(site) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    assert caught.value.reason == "bad-address"


def test_connections_are_kept(site: HostileSite) -> None:
    site.scripts["/moved"] = page("moved", 302, location="/b")
    with fetcher_of(site) as fetcher:
        for path in ("/a", "/moved", "/c"):
            fetcher.fetch(site.url(path))
        with pytest.raises(FetchError):
            fetcher.fetch(site.url("/robots.txt"))
        fetcher.fetch(site.url("/d"))
    assert site.connections == 1


# --- redirects ---


@pytest.mark.parametrize(
    ("hop", "reason"),
    [
        (lambda _: "/0", "redirect-loop"),
        (lambda number: f"/{(number + 1) % 3}", "redirect-loop"),
        (lambda number: f"/{number + 1}", "too-many-redirects"),
    ],
)
def test_redirects_without_end_take_eleven_requests_at_most(
    site: HostileSite, hop: Callable[[int], str], reason: str
) -> None:
    for number in range(40):
        site.scripts[f"/{number}"] = page("", 302, location=hop(number))
    error = failure(site, "/0")
    assert (error.reason, error.temporary) == (reason, False)
    assert len(site.paths) <= 11


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/b", "/b"),
        ("b?x=1#part", "/b?x=1"),
        ("//{origin}/b", "/b"),
        ("HTTP://{origin}/b", "/b"),
        ("/bērzs un a", "/b%C4%93rzs%20un%20a"),
        ("/a/../b/./c", "/b/c"),
        ("\\b", "/b"),
        ("http://user:secret@{origin}/b", "/b"),
        ("?page=2", "/a?page=2"),
        ("/%zz", "/%25zz"),
        ("/%7Eb", "/~b"),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_location_is_resolved_as_browsers_do(
    site: HostileSite, location: str, path: str, status: int
) -> None:
    target = location.format(origin=site.origin)
    site.scripts["/a"] = raw(f"HTTP/1.1 {status} Moved\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n")
    with fetcher_of(site) as fetcher:
        got = fetcher.fetch(site.url("/a"))
    assert (got.url, got.chain) == (site.url(path), (site.url("/a"), site.url(path)))
    assert site.paths == ["/a", path]
    assert "authorization" not in site.requests[-1].headers


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "bad-redirect"),
        ({"location": ""}, "bad-redirect"),
        ({"location": "http://[bad"}, "bad-redirect"),
        ({"location": "javascript:alert(1)"}, "bad-redirect"),
        ({"location": "file:///etc/passwd"}, "bad-redirect"),
        ({"location": "ftp://127.0.0.1/x"}, "bad-redirect"),
        ({"location": "gopher://127.0.0.1/x"}, "bad-redirect"),
        ({"location": "#part"}, "redirect-loop"),
        ({"location": "https://example.org/"}, "foreign-host"),
        ({"location": "http://169.254.169.254/latest/meta-data/"}, "foreign-host"),
    ],
)
def test_invalid_location_is_an_error(site: HostileSite, headers: dict[str, str], reason: str) -> None:
    site.scripts["/a"] = page("", 302, **headers)
    assert failure(site, "/a").reason == reason


def test_if_modified_since_is_dropped_after_a_redirect(site: HostileSite) -> None:
    site.scripts["/a"] = page("", 301, location="/b")
    with fetcher_of(site) as fetcher:
        fetcher.fetch(site.url("/a"), etag='"1"', last_modified="Mon, 27 Nov 2017 10:00:00 GMT")
    assert "if-modified-since" not in site.requests[-1].headers
    assert site.requests[-1].headers["if-none-match"] == '"1"'


# --- busy and broken servers ---


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("retry_after", "wait_s"), [("120", 120), ("Mon, 05 Jan 2026 12:00:30 GMT", 30), ("0", None)]
)
def test_retry_after_is_obeyed(
    site: HostileSite, waits: Waits, status: int, retry_after: str, wait_s: float | None
) -> None:
    site.scripts["/a"] = in_turn(page("", status, retry_after=retry_after), page("<p>back"))
    with fetcher_of(site, waits=waits) as fetcher:
        assert fetcher.fetch(site.url("/a")).text == "<p>back"
    assert [round(seconds) for seconds in waits.taken if seconds > 1] == ([wait_s] if wait_s else [])


@pytest.mark.parametrize(("retry_after", "seconds"), [("120", 120), ("0", None), ("-5", None)])
def test_a_pause_that_a_host_asks_for_is_remembered_for_later_runs(
    site: HostileSite, retry_after: str, seconds: int | None
) -> None:
    told: list[datetime] = []
    backoff = HostBackoff(on_retry_after=lambda _key, until: told.append(until))
    site.scripts["/a"] = in_turn(page("", 503, retry_after=retry_after), page("<p>back"))
    waits = Waits()
    environment = Environment(
        wait=waits, clock=waits.clock, now=waits.now, jitter=lambda: 0.5, tls=usual_tls()
    )
    with Fetcher(
        POLITE,
        QUICK,
        hosts=[site.origin],
        allow_origins=[site.origin],
        environment=environment,
        backoff=backoff,
    ) as fetcher:
        fetcher.fetch(site.url("/a"))
    assert [round((until - NOW).total_seconds()) for until in told] == ([] if seconds is None else [seconds])


def test_wrong_server_clock_does_not_shorten_retry_after(site: HostileSite, waits: Waits) -> None:
    busy = page("", 503, retry_after="Tue, 01 Jun 2021 10:02:00 GMT", date="Tue, 01 Jun 2021 10:00:00 GMT")
    site.scripts["/a"] = in_turn(busy, page("<p>back"))
    with fetcher_of(site, waits=waits) as fetcher:
        fetcher.fetch(site.url("/a"))
    assert [round(seconds) for seconds in waits.taken if seconds > 1] == [120]


@pytest.mark.parametrize("retry_after", ["315360000", "9" * 400, "Mon, 05 Jan 2036 12:00:00 GMT", "301"])
def test_a_long_retry_after_leaves_the_host_for_later(
    site: HostileSite, waits: Waits, retry_after: str
) -> None:
    site.scripts["/a"] = page("", 503, retry_after=retry_after)
    with fetcher_of(site, waits=waits) as fetcher:
        assert reason_of(fetcher, site.url("/a")) == "status-503"
        with pytest.raises(FetchError) as second:
            fetcher.fetch(site.url("/b"))
    assert second.value.reason == "retry-after"
    assert second.value.retry_after is not None
    assert timedelta(seconds=300) < second.value.retry_after - NOW <= timedelta(days=1, seconds=1)
    assert site.paths == ["/a"]
    assert sum(waits.taken) < 1


@pytest.mark.parametrize("retry_after", ["soon", "-5", "1e9", "", "Mon, 99 Foo 2026 00:00:00 GMT", "12 s"])
def test_invalid_retry_after_is_ignored(site: HostileSite, waits: Waits, retry_after: str) -> None:
    site.scripts["/a"] = in_turn(page("", 503, retry_after=retry_after), page("<p>back"))
    with fetcher_of(site, waits=waits) as fetcher:
        assert fetcher.fetch(site.url("/a")).text == "<p>back"
    assert sum(waits.taken) < 1


def test_sum_of_retry_afters_stays_below_the_cap(site: HostileSite, waits: Waits) -> None:
    site.scripts["/a"] = page("", 503, retry_after="200")
    many = QUICK.model_copy(update={"tries": 10})
    with fetcher_of(site, limits=many, waits=waits) as fetcher, pytest.raises(FetchError):
        fetcher.fetch(site.url("/a"))
    assert len(site.paths) == 2


@pytest.mark.parametrize(
    ("status", "tries", "temporary"),
    [
        (500, 4, True),
        (502, 4, True),
        (503, 4, True),
        (504, 4, True),
        (429, 4, True),
        (408, 4, True),
        (501, 1, True),
        (401, 1, True),
        (403, 1, True),
        (451, 1, True),
        (404, 1, False),
        (410, 1, False),
    ],
)
def test_each_status_gets_its_tries(site: HostileSite, status: int, tries: int, *, temporary: bool) -> None:
    site.scripts["/a"] = page("<p>no", status)
    error = failure(site, "/a", limits=QUICK.model_copy(update={"tries": 4}))
    assert (error.reason, error.status, error.temporary) == (f"status-{status}", status, temporary)
    assert len(site.paths) == tries


def test_page_that_fails_once_is_fetched(site: HostileSite) -> None:
    site.scripts["/a"] = in_turn(page("", 500), page("", 500), page("", 502), page("<p>there"))
    with fetcher_of(site, limits=QUICK.model_copy(update={"tries": 4})) as fetcher:
        assert fetcher.fetch(site.url("/a")).text == "<p>there"


def test_waits_between_tries_double(site: HostileSite, waits: Waits) -> None:
    site.scripts["/a"] = page("", 500)
    slow = QUICK.model_copy(update={"tries": 4, "backoff_s": 10})
    with fetcher_of(site, limits=slow, waits=waits) as fetcher, pytest.raises(FetchError):
        fetcher.fetch(site.url("/a"))
    assert [round(seconds) for seconds in waits.taken if seconds > 1] == [10, 20, 40]


# --- the circuit breaker ---


def test_repeated_failures_open_the_circuit(site: HostileSite) -> None:
    limits = QUICK.model_copy(update={"failures_in_a_row": 3})
    for number in range(10):
        site.scripts[f"/{number}"] = page("", 503)
    with fetcher_of(site, limits=limits) as fetcher:
        reasons = [reason_of(fetcher, site.url(f"/{number}")) for number in range(10)]
    assert reasons == ["status-503"] * 3 + ["circuit-open"] * 7
    assert len(site.paths) == 3 * limits.tries


def test_consecutive_broken_pages_do_not_close_a_sound_host(site: HostileSite) -> None:
    limits = QUICK.model_copy(update={"failures_in_a_row": 3, "tries": 1})
    for number in range(10):
        site.scripts[f"/{number}"] = page("", 500)
    with fetcher_of(site, limits=limits) as fetcher:
        fetcher.fetch(site.url("/well"))
        reasons = {reason_of(fetcher, site.url(f"/{number}")) for number in range(10)}
        assert fetcher.fetch(site.url("/end")).status == 200
    assert reasons == {"status-500"}
    assert len(site.requests_for("/well")) == 4


@pytest.mark.parametrize("answer", [page("", 503), page("", 429, retry_after="7200")])
def test_redirects_to_broken_pages_of_another_site_do_not_close_it(
    site: HostileSite, canary: HostileSite, answer: Script
) -> None:
    limits = QUICK.model_copy(update={"failures_in_a_row": 3, "tries": 1})
    for number in range(10):
        site.scripts[f"/{number}"] = page("", 302, location=canary.url(f"/{number}"))
        canary.scripts[f"/{number}"] = answer
    recorded: list[str] = []
    origins = [site.origin, canary.origin]
    with Fetcher(
        POLITE,
        limits,
        hosts=origins,
        allow_origins=origins,
        backoff=HostBackoff(on_retry_after=lambda key, _: recorded.append(key)),
    ) as fetcher:
        reasons = [reason_of(fetcher, site.url(f"/{number}")) for number in range(10)]
        assert reasons[-1] in ("circuit-open", "retry-after")
        assert len(canary.paths) <= 3
        assert fetcher.fetch(canary.url("/well")).status == 200
        assert fetcher.fetch(site.url("/well")).status == 200
    assert canary.origin not in recorded


def test_robots_txt_that_failed_in_an_earlier_run_is_not_fetched_yet(site: HostileSite, waits: Waits) -> None:
    with Fetcher(
        POLITE,
        QUICK,
        hosts=[site.origin],
        allow_origins=[site.origin],
        backoff=HostBackoff(robots_failures={f"http://{site.origin}": (60.0, "status-503")}),
        environment=Environment(wait=waits, clock=waits.clock, now=waits.now, tls=usual_tls()),
    ) as fetcher:
        with pytest.raises(FetchError) as caught:
            fetcher.fetch(site.url("/a"))
        assert (caught.value.reason, caught.value.detail) == ("robots-unreachable", "status-503")
        assert site.requests == []
        waits.clock_s += 60
        assert fetcher.fetch(site.url("/a")).status == 200


def test_host_that_went_down_opens_the_circuit(site: HostileSite) -> None:
    limits = QUICK.model_copy(update={"failures_in_a_row": 3, "tries": 1})
    site.scripts["/well"] = in_turn(page("<p>well"), page("", 502))
    for number in range(10):
        site.scripts[f"/{number}"] = page("", 502)
    with fetcher_of(site, limits=limits) as fetcher:
        fetcher.fetch(site.url("/well"))
        reasons = [reason_of(fetcher, site.url(f"/{number}")) for number in range(10)]
    assert reasons == ["status-502"] * 3 + ["circuit-open"] * 7


def test_open_circuit_closes_after_an_hour(site: HostileSite, waits: Waits) -> None:
    limits = QUICK.model_copy(update={"failures_in_a_row": 1, "tries": 1})
    site.scripts["/a"] = in_turn(page("", 503), page("<p>back"))
    with fetcher_of(site, limits=limits, waits=waits) as fetcher:
        assert reason_of(fetcher, site.url("/a")) == "status-503"
        assert reason_of(fetcher, site.url("/a")) == "circuit-open"
        waits.clock_s += 3601
        assert fetcher.fetch(site.url("/a")).text == "<p>back"


@pytest.mark.parametrize("script", [page("", 404), raw("garbage\r\n\r\n"), page(b"x", length=50_000_000)])
def test_faults_of_a_page_do_not_count_against_the_host(site: HostileSite, script: Script) -> None:
    limits = QUICK.model_copy(update={"failures_in_a_row": 2})
    for number in range(5):
        site.scripts[f"/{number}"] = script
    with fetcher_of(site, limits=limits) as fetcher:
        for number in range(5):
            reason_of(fetcher, site.url(f"/{number}"))
        assert fetcher.fetch(site.url("/b")).status == 200


def test_cookies_are_not_kept(site: HostileSite) -> None:
    site.scripts["/a"] = page("<p>", set_cookie="session=1; Path=/")
    with fetcher_of(site) as fetcher:
        fetcher.fetch(site.url("/a"))
        fetcher.fetch(site.url("/b"))
    assert "cookie" not in site.requests[-1].headers
