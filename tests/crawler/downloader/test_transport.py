"""Exchanges that are slow, cut off, reset or untrusted."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.config import Limits, Politeness
from crawler.downloader import Environment, Fetcher, FetchError
from crawler.downloader.transport import BoundError, ExchangeBounds, tls_context
from tests.support.certificates import make_certificate, server_context
from tests.support.fetching import (
    POLITE,
    QUICK,
    failure,
    fetcher_of,
    never_answer,
    reason_of,
)
from tests.support.hostile_site import HostileSite, Script, Visit, answer, in_turn, page, raw

pytestmark = pytest.mark.sweep

# --- slow responses: without the deadline, a drip would last for minutes ---


def _drip_body(visit: Visit) -> None:
    visit.send(answer(b"", length=10_000))
    visit.drip(b"x" for _ in range(10_000))


def _drip_headers(visit: Visit) -> None:
    visit.send("HTTP/1.1 200 OK\r\nX-Slow: ")
    visit.drip(b"x" for _ in range(10_000))


def _drip_status(visit: Visit) -> None:
    visit.drip(bytes([byte]) for byte in b"HTTP/1.1 200 " + b"x" * 10_000)


def _drip_interim(visit: Visit) -> None:
    visit.drip(b"HTTP/1.1 102 Processing\r\n\r\n" for _ in range(9))
    visit.stall()


def _drip_chunk_size(visit: Visit) -> None:
    visit.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    visit.drip(b"0" for _ in range(10_000))


def _drip_trailers(visit: Visit) -> None:
    visit.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n")
    visit.drip(b"X-A: b\r\n" for _ in range(10_000))


def _stall_in_body(visit: Visit) -> None:
    visit.send(answer(b"<p>half", length=100))
    visit.stall()


@pytest.mark.parametrize(
    "script",
    [
        _drip_body,
        _drip_headers,
        _drip_status,
        _drip_interim,
        _drip_chunk_size,
        _drip_trailers,
        never_answer,
        _stall_in_body,
    ],
)
def test_slow_response_ends_at_the_deadline(site: HostileSite, script: Script) -> None:
    site.scripts["/a"] = script
    error = failure(site, "/a")
    assert (error.reason, error.temporary) == ("timeout", True)


def test_a_slow_redirect_drain_ends_at_the_deadline(site: HostileSite) -> None:
    def drip_in_redirect(visit: Visit) -> None:
        visit.send(answer(b"", 302, length=10_000, location="/b"))
        visit.drip(b"x" for _ in range(10_000))

    site.scripts["/a"] = drip_in_redirect
    assert failure(site, "/a").reason == "timeout"


def test_late_but_complete_response_is_a_page(site: HostileSite) -> None:
    def late(visit: Visit) -> None:
        visit.drip([answer("<p>late")], every_s=0.2)

    site.scripts["/a"] = late
    with fetcher_of(site) as fetcher:
        assert fetcher.fetch(site.url("/a")).text == "<p>late"


def test_slow_host_delays_no_other_host(site: HostileSite, canary: HostileSite) -> None:
    site.scripts["/a"] = never_answer
    patient = QUICK.model_copy(update={"read_s": 20.0, "total_s": 20.0})
    with fetcher_of(site, canary, limits=patient) as fetcher:
        slow = threading.Thread(target=reason_of, args=(fetcher, site.url("/a")))
        slow.start()
        assert fetcher.fetch(canary.url("/b")).status == 200
        assert slow.is_alive()
        fetcher.stop.set()
        slow.join(5)
        assert not slow.is_alive()


def test_stop_ends_a_wait_at_once(site: HostileSite) -> None:
    stop = threading.Event()
    slow = Politeness(delay_s=3600)
    origins = [site.origin]
    with Fetcher(
        slow, QUICK, hosts=origins, allow_origins=origins, environment=Environment(stop=stop)
    ) as fetcher:
        reasons: list[str] = []

        def crawl() -> None:
            try:
                fetcher.fetch(site.url("/a"))
            except FetchError as error:
                reasons.append(error.reason)

        worker = threading.Thread(target=crawl)
        worker.start()
        stop.set()
        worker.join(5)
    assert reasons == ["stopped"]


# --- kept connections ---


def test_closed_keep_alive_connection_is_replaced(site: HostileSite) -> None:
    def answer_and_drop(visit: Visit) -> None:
        visit.send(answer(f"<h1>{visit.request.path}</h1>"))
        if int(visit.request.path[1:]) % 2:
            raise ConnectionAbortedError

    for number in range(20):
        site.scripts[f"/{number}"] = answer_and_drop
    with fetcher_of(site, limits=QUICK.model_copy(update={"tries": 1})) as fetcher:
        got = [fetcher.fetch(site.url(f"/{number}")).text for number in range(20)]
    assert got == [f"<h1>/{number}</h1>" for number in range(20)]


@pytest.mark.parametrize("tries", [2, 4])
def test_page_that_resets_gets_the_usual_number_of_tries(site: HostileSite, tries: int) -> None:
    site.scripts["/b"] = Visit.reset
    with fetcher_of(site, limits=QUICK.model_copy(update={"tries": tries})) as fetcher:
        fetcher.fetch(site.url("/a"))
        assert reason_of(fetcher, site.url("/b")) in ("reset", "no-answer")
    assert len(site.requests_for("/b")) == tries


def test_request_on_a_closed_connection_does_not_count_as_a_try(site: HostileSite) -> None:
    site.scripts["/b"] = in_turn(raw(""), page("<p>fresh"))
    with fetcher_of(site, limits=QUICK.model_copy(update={"tries": 1})) as fetcher:
        fetcher.fetch(site.url("/a"))
        assert fetcher.fetch(site.url("/b")).text == "<p>fresh"


UNSOLICITED = answer("<h1>unsolicited</h1>")


@pytest.mark.parametrize("unsolicited", [UNSOLICITED, UNSOLICITED[:20], UNSOLICITED + b"x" * 15_000])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("is_late", [False, True])
def test_unsolicited_bytes_are_never_taken_for_the_next_response(
    certificates: Path, scheme: str, unsolicited: bytes, *, is_late: bool
) -> None:
    sent = threading.Event()

    def send_more(visit: Visit) -> None:
        own = answer(f"<h1>{visit.request.path}</h1>")
        visit.send(*((own, unsolicited) if is_late else (own + unsolicited,)))
        sent.set()

    with _tls_site(certificates, "right") as site, _fetcher_trusting(site, certificates, "right") as fetcher:
        site.tls = site.tls if scheme == "https" else None
        site.missing = send_more
        fetcher.fetch(site.url("/first"))
        assert sent.wait(5)
        got = [fetcher.fetch(site.url(f"/{number}")).text for number in range(5)]
    assert got == [f"<h1>/{number}</h1>" for number in range(5)]
    assert site.connections == 6  # after the first unsolicited bytes, each request gets its own


# --- certificates ---


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 and one for example.org, both self-signed."""
    folder = tmp_path_factory.mktemp("tls")
    for name, alternative in (("right", "IP:127.0.0.1"), ("other", "DNS:example.org")):
        make_certificate(folder, name, alternative)
    return folder


def _tls_site(folder: Path, name: str) -> HostileSite:
    return HostileSite(tls=server_context(folder / f"{name}.crt"))


def _fetcher_trusting(site: HostileSite, folder: Path, name: str) -> Fetcher:
    context = tls_context()
    context.load_verify_locations(folder / f"{name}.crt")
    origins = [site.origin]
    return Fetcher(POLITE, QUICK, hosts=origins, allow_origins=origins, environment=Environment(tls=context))


def test_a_trusted_certificate_is_accepted(certificates: Path) -> None:
    with _tls_site(certificates, "right") as site, _fetcher_trusting(site, certificates, "right") as fetcher:
        assert fetcher.fetch(site.url("/a")).text == "<h1>/a</h1>"


def test_a_drip_over_tls_ends_at_the_deadline(certificates: Path) -> None:
    with _tls_site(certificates, "right") as site, _fetcher_trusting(site, certificates, "right") as fetcher:
        site.scripts["/a"] = _drip_body
        with pytest.raises(FetchError) as caught:
            fetcher.fetch(site.url("/a"))
    assert caught.value.reason == "timeout"


def test_an_unknown_authority_is_refused(certificates: Path) -> None:
    with _tls_site(certificates, "right") as site:
        error = failure(site, "/a")
    assert (error.reason, error.detail, site.requests) == ("robots-unreachable", "tls-unverified", [])


def test_a_certificate_for_another_name_is_refused(certificates: Path) -> None:
    with _tls_site(certificates, "other") as site, _fetcher_trusting(site, certificates, "other") as fetcher:
        with pytest.raises(FetchError):
            fetcher.fetch(site.url("/a"))
        assert site.requests == []


def test_plain_http_on_a_tls_port_is_an_error(site: HostileSite) -> None:
    origins = [site.origin]
    with Fetcher(POLITE, QUICK, hosts=origins, allow_origins=origins) as fetcher:
        assert reason_of(fetcher, site.url("/a").replace("http:", "https:")) == "robots-unreachable"
    assert site.requests == []


def test_refused_port_is_an_error_and_no_other_is_tried(site: HostileSite) -> None:
    with HostileSite() as gone:
        origin = gone.origin
    with Fetcher(POLITE, QUICK, hosts=[origin], allow_origins=[origin]) as fetcher:
        assert reason_of(fetcher, f"http://{origin}/a") == "robots-unreachable"
    assert site.requests == []


@pytest.fixture
def resetting() -> Iterator[str]:
    """An origin that resets each connection as soon as it is made."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def reset() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    connection.close()

        thread = threading.Thread(target=reset)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.sweep
def test_immediate_reset_fails_one_page_only(resetting: str) -> None:
    # The reset may come before, during or after connecting; a hundred tries meet each case.
    for _ in range(100):
        with Fetcher(POLITE, QUICK, hosts=[resetting], allow_origins=[resetting]) as fetcher:
            assert reason_of(fetcher, f"http://{resetting}/a") == "robots-unreachable"


def test_an_exchange_has_the_time_and_the_bytes_it_was_given() -> None:
    bounds = ExchangeBounds(Limits(), threading.Event())
    with pytest.raises(BoundError, match="timeout"):
        bounds.left_s()  # none has begun
    bounds.is_fresh = True
    bounds.begin(100.0, 10)
    assert 99.0 < bounds.left_s() <= 100.0
    assert not bounds.is_fresh
    bounds.count(4)
    bounds.count(6)
    with pytest.raises(BoundError, match="too-large"):
        bounds.count(1)
    bounds.begin(0.0, 5)
    with pytest.raises(BoundError, match="timeout"):
        bounds.left_s()
    bounds.count(5)


def test_an_exchange_ends_when_the_crawl_stops() -> None:
    stop = threading.Event()
    bounds = ExchangeBounds(Limits(), stop)
    bounds.begin(100.0, 10)
    stop.set()
    with pytest.raises(BoundError) as caught:
        bounds.left_s()
    assert caught.value.reason == "stopped"
