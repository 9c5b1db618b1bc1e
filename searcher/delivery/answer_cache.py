"""Answers of this version, kept as they were sent: the queries that many people ask are searched once.

An answer is found by its entity tag, which changes with the index, the program, the day, the address and
whatever else an answer depends on, and by the compression that the client accepts.
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
class _KeptAnswer:
    body: bytes
    """As sent: compressed, if it was."""
    headers: tuple[tuple[str, str], ...]
    """As the view set them, with the encoding of the body."""
    at_each_sending: Callable[[], None] | None
    query_chars: int
    """Length of the query, which the headers and the note of the search repeat."""

    @property
    def bytes(self) -> int:
        """The approximate memory of the answer."""
        return len(self.body) + 4 * self.query_chars + _ENTRY_BYTES


def keep_answers(app: Flask) -> None:
    """Keep the answers of *app*; call it before ``compress_answers``, so that they are kept compressed."""
    app.extensions["answers"] = Cache[_KeptAnswer](ANSWERS_BYTES, lambda kept: kept.bytes)
    app.after_request(_keep)


def find_or_make(tag: str, make: Callable[[], Response]) -> Response:
    """Return the kept answer of this entity *tag*; without one, what *make* returns, which is then kept."""
    accepted = request.headers.get("Accept-Encoding", "")
    if len(accepted) > _ACCEPTED_CHARS:
        return make()
    key = tag, accepted
    kept: _KeptAnswer | None = _cache().peek(key)
    if kept is not None:
        if kept.at_each_sending:
            kept.at_each_sending()
        return Response(kept.body, headers=[*kept.headers])
    response = make()
    if response.status_code == HTTPStatus.OK:
        g.new_answer = key, tuple(response.headers)
    return response


def at_each_sending(act: Callable[[], None]) -> None:
    """Let *act* be called whenever the answer to the current request is sent again from memory."""
    if has_request_context():
        g.at_each_sending = act


def _keep(response: Response) -> Response:
    if "new_answer" not in g or response.is_streamed:  # a stream may be larger than memory
        return response
    key, headers = g.new_answer
    body = response.get_data()
    if response.status_code == HTTPStatus.OK and len(body) <= ANSWER_BYTES:
        own = tuple(pair for pair in headers if pair[0] != "Content-Length")
        if encoding := response.headers.get("Content-Encoding"):
            own = (*own, ("Content-Encoding", encoding))
        kept = _KeptAnswer(body, own, g.get("at_each_sending"), len(request.query_string))
        _cache().get(key, lambda: kept)
    return response


def _cache() -> Cache[_KeptAnswer]:
    cache: Cache[_KeptAnswer] = current_app.extensions["answers"]
    return cache
