"""A cache of answers as they were sent: a query that many people send is searched once.

The key is the entity tag, which changes with everything that an answer depends on (index, program, day,
address), and the compression that the client accepts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, current_app, g, has_request_context, request

from index.segment.cache import Cache

# The cache of each server process holds some thousand compressed pages or API answers.
ANSWERS_BYTES = 32 << 20
# A larger answer takes the place of too many others.
ANSWER_BYTES = 1 << 20
# The fixed part of the memory of an answer: objects, names of headers.
_ENTRY_BYTES = 2_000
# Browsers send some 30 characters. Longer ones would let a stranger fill the memory with keys.
_ACCEPTED_CHARS = 200


@dataclass(frozen=True, slots=True)
class _CachedAnswer:
    body: bytes
    """The body as sent, possibly compressed."""
    headers: tuple[tuple[str, str], ...]
    """The headers that the view set, and the encoding of the body."""
    on_reuse: Callable[[], None] | None
    query_chars: int
    """Length of the query string, which the headers and the record of the search repeat."""

    @property
    def bytes(self) -> int:
        """The approximate memory of the answer."""
        return len(self.body) + 4 * self.query_chars + _ENTRY_BYTES


def cache_answers(app: Flask) -> None:
    """Cache the answers of *app*; call it before ``compress_answers``, so that they are cached compressed."""
    app.extensions["answers"] = Cache[_CachedAnswer](ANSWERS_BYTES, lambda cached: cached.bytes)
    app.after_request(_cache_new_answer)


def find_or_make(tag: str, make: Callable[[], Response]) -> Response:
    """Return the cached answer for the entity *tag*; if there is none, call *make* and cache its answer."""
    accepted = request.headers.get("Accept-Encoding", "")
    if len(accepted) > _ACCEPTED_CHARS:
        return make()
    key = tag, accepted
    cached: _CachedAnswer | None = _cache().peek(key)
    if cached is not None:
        if cached.on_reuse:
            cached.on_reuse()
        return Response(cached.body, headers=[*cached.headers])
    response = make()
    if response.status_code == HTTPStatus.OK:
        g.new_answer = key, tuple(response.headers)
    return response


def on_reuse(act: Callable[[], None]) -> None:
    """Call *act* whenever the answer to the current request is later sent from the cache."""
    if has_request_context():
        g.on_reuse = act


def _cache_new_answer(response: Response) -> Response:
    if "new_answer" not in g or response.is_streamed:  # a stream may be larger than memory
        return response
    key, headers = g.new_answer
    body = response.get_data()
    if response.status_code == HTTPStatus.OK and len(body) <= ANSWER_BYTES:
        own = tuple(pair for pair in headers if pair[0] != "Content-Length")
        if encoding := response.headers.get("Content-Encoding"):
            own = (*own, ("Content-Encoding", encoding))
        cached = _CachedAnswer(body, own, g.get("on_reuse"), len(request.query_string))
        _cache().get(key, lambda: cached)
    return response


def _cache() -> Cache[_CachedAnswer]:
    cache: Cache[_CachedAnswer] = current_app.extensions["answers"]
    return cache
