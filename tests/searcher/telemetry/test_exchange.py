"""What is observed of a request and its answer."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from index.query import Everything, Filters, Query
from index.results import Results
from searcher.asking import SearchResponse
from searcher.delivery.answer_cache import cache_answers, find_or_make
from searcher.telemetry.exchange import (
    METHOD_CHARS_MAX,
    NO_ENDPOINT,
    SERVER,
    Exchange,
    ObservedSearch,
    Observer,
    observe_endpoints,
    observe_search,
)

Start = Callable[..., object]
FILTERS = Filters(published_from=date(2026, 1, 1))


def response(
    *, total: int = 3, widened: bool = False, page: int = 1, cursor: str | None = None
) -> SearchResponse:
    query = Query(text="valsts", clause=Everything(), reading="", filters=FILTERS, page=page, cursor=cursor)
    return SearchResponse(results=Results(hits=(), total=total, widened=widened), query=query)


def observed(app: Callable[..., object], *, method: str = "GET", **environ: str) -> Exchange:
    """Answer a request with *app*; return the exchange that two listeners hear of."""
    heard: list[Exchange] = []
    sent = {**create_environ("/x?q=a", method=method), **environ}
    run_wsgi_app(Observer(app, [heard.append, heard.append]), sent, buffered=True)  # type: ignore[arg-type]  # a small app
    first, second = heard
    assert first is second
    return first


def plain(environ: dict[str, object], start: Start) -> list[bytes]:
    start("404 Not Found", [])
    return [b"ab", b"", b"cde"]


def test_an_exchange_is_reported_to_each_listener_with_status_bytes_and_path() -> None:
    before = datetime.now(UTC)
    exchange = observed(plain, method="HEAD", SCRIPT_NAME="/relizes")
    assert (exchange.method, exchange.path, exchange.status, exchange.bytes) == ("HEAD", "/relizes/x", 404, 5)
    assert (exchange.endpoint, exchange.search) == (NO_ENDPOINT, None)
    assert timedelta(0) <= exchange.ended - before < timedelta(minutes=10)
    assert 0 < exchange.seconds < 600


def test_the_last_status_counts_and_none_is_a_failure() -> None:
    def corrected(environ: dict[str, object], start: Start) -> list[bytes]:
        start("200 OK", [])
        start("503 Service Unavailable", [], (OSError, OSError(), None))
        return []

    def silent(environ: dict[str, object], start: Start) -> list[bytes]:
        return [b"x"]

    heard: list[Exchange] = []
    for app in (silent, corrected):
        chunks = Observer(app, [heard.append])(create_environ("/"), lambda *_: lambda _: None)
        assert [*chunks] == app({}, lambda *_: None)
        chunks.close()  # type: ignore[attr-defined]  # as a server does
    assert [exchange.status for exchange in heard] == [500, 503]


def test_a_long_method_is_cut() -> None:
    assert METHOD_CHARS_MAX == 20
    assert observed(plain, REQUEST_METHOD="M" * 21).method == "M" * 20


def test_an_answer_that_was_cut_off_is_closed_and_reported_with_what_was_sent() -> None:
    closed: list[bool] = []

    def lines() -> Iterator[bytes]:
        try:
            yield b"abc"
            yield b"never sent"
        finally:
            closed.append(True)

    def streaming(environ: dict[str, object], start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        return lines()

    heard: list[Exchange] = []
    chunks = Observer(streaming, [heard.append])(create_environ("/"), lambda *_: lambda _: None)
    assert next(iter(chunks)) == b"abc"
    assert heard == []
    chunks.close()  # type: ignore[attr-defined]  # as a server does
    assert (heard[0].bytes, closed) == (3, [True])


def test_each_request_has_its_endpoint() -> None:
    app = Flask("app")
    observe_endpoints(app)
    app.add_url_rule("/known", "known", lambda: "x")
    heard: list[Exchange] = []
    app.wsgi_app = Observer(app.wsgi_app, [heard.append])  # type: ignore[method-assign]  # as Flask documents it
    for path in ("/known", "/unknown", "/known"):
        app.test_client().get(path, buffered=True)
    assert [exchange.endpoint for exchange in heard] == ["known", "none", "known"]
    assert SERVER == "server"


@pytest.mark.parametrize(
    ("found", "total", "has_match", "is_first_page"),
    [
        (response(), 3, True, True),
        (response(total=1), 1, True, True),
        (response(total=0), 0, False, True),
        (response(widened=True), 3, False, True),
        (response(page=2), 3, True, False),
        (response(cursor="*"), 3, True, True),
        (response(cursor="x"), 3, True, False),
        (response(page=2, cursor="*"), 3, True, False),
    ],
)
def test_a_search_is_observed_as_typed(
    found: SearchResponse, total: int, has_match: bool, is_first_page: bool
) -> None:
    def searching(environ: dict[str, object], start: Start) -> list[bytes]:
        start("200 OK", [])
        observe_search("Valsts ", found)
        return [b"x"]

    assert observed(searching).search == ObservedSearch(
        text="Valsts ", filters=FILTERS, total=total, has_match=has_match, is_first_page=is_first_page
    )


def test_a_search_answered_from_the_cache_is_observed_again() -> None:
    app = Flask("app")
    cache_answers(app)

    def search() -> object:
        def make() -> object:
            observe_search("valsts", response())
            return app.make_response("x")

        return find_or_make("tag", make)  # type: ignore[arg-type]  # a response

    app.add_url_rule("/", "search", search)  # type: ignore[arg-type]  # a view
    heard: list[Exchange] = []
    app.wsgi_app = Observer(app.wsgi_app, [heard.append])  # type: ignore[method-assign]  # as Flask documents it
    for _ in range(3):
        app.test_client().get("/", buffered=True)
    assert [exchange.search and exchange.search.text for exchange in heard] == ["valsts"] * 3


def test_a_search_outside_of_requests_is_nobodys() -> None:
    observe_search("valsts", response())
