"""An exchange: a request and its answer, observed from outside the app."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from index.query import Filters
from searcher.asking import SearchResponse
from searcher.delivery.answer_cache import on_reuse
from searcher.delivery.request_ids import current_request_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NO_ENDPOINT = "none"
"""The endpoint of requests for an address that does not exist."""
SERVER = "server"
"""The endpoint of requests that the HTTP server refuses before the app sees them."""

METHOD_CHARS_MAX = 20
"""The longest registered method has 17; a client may invent one of any length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedSearch:
    """A search that was run."""

    text: str
    """As typed."""
    filters: Filters
    total: int
    has_match: bool
    """Whether a release matches the whole query, as typed or surely corrected."""
    is_first_page: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer, without anything that identifies who sent it."""

    ended: datetime
    request_id: str
    method: str
    path: str
    """The path of the URL, without the query string."""
    endpoint: str
    status: int
    bytes: int
    """The size of the body, as sent."""
    seconds: float
    search: ObservedSearch | None = None


Listening = Callable[[Exchange], None]


@dataclass(slots=True)
class _Observed:
    """The endpoint and the search of a request, noted by the app while it answers."""

    endpoint: str = NO_ENDPOINT
    search: ObservedSearch | None = None


_observed: ContextVar[_Observed] = ContextVar("observed")


def observe_search(typed: str, found: SearchResponse) -> None:
    """Record the search for the *typed* text, for this request and all that get its answer from the cache."""
    results, query = found.results, found.query
    search = ObservedSearch(
        text=typed,
        filters=query.filters,
        total=results.total,
        has_match=results.total > 0 and not results.widened,
        is_first_page=query.page == 1 and query.cursor in (None, "*"),
    )
    _note(search)
    on_reuse(partial(_note, search))


def _note(search: ObservedSearch) -> None:
    if observed := _observed.get(None):
        observed.search = search


def observe_endpoints(app: Flask) -> None:
    """Let *app* note which endpoint answers each request."""

    @app.after_request
    def note(response: Response) -> Response:
        if observed := _observed.get(None):
            observed.endpoint = request.endpoint or NO_ENDPOINT
        return response


class Observer:
    """WSGI middleware that reports each exchange to *listeners* when its answer has been produced."""

    def __init__(self, app: "WSGIApplication", listeners: Sequence[Listening]) -> None:
        self._app, self._listeners = app, listeners

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        started, observed = time.perf_counter(), _Observed()
        _observed.set(observed)
        statuses = ["500"]

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            statuses[:] = [status]
            return start_response(status, headers, *error)

        def report(sent: int) -> None:
            exchange = Exchange(
                ended=datetime.now(UTC),
                request_id=current_request_id(),
                method=environ["REQUEST_METHOD"][:METHOD_CHARS_MAX],
                path=environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"],
                endpoint=observed.endpoint,
                status=int(statuses[0][:3]),
                bytes=sent,
                seconds=time.perf_counter() - started,
                search=observed.search,
            )
            for listen in self._listeners:
                listen(exchange)

        return _Measured(self._app(environ, start), report)


class _Measured:
    """An answer that reports its bytes when it is closed."""

    def __init__(self, chunks: Iterable[bytes], report: Callable[[int], None]) -> None:
        self._chunks, self._report, self._sent = chunks, report, 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._sent += len(chunk)
            yield chunk

    def close(self) -> None:
        try:
            if close := getattr(self._chunks, "close", None):
                close()
        finally:
            self._report(self._sent)
