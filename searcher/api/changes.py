"""The endpoints that list what happened to releases, for programs that follow it."""

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import chain
from typing import Annotated, Literal

from flask import Response, current_app, request
from pydantic import BaseModel, BeforeValidator, Field
from werkzeug.wsgi import ClosingIterator

from index.history import START, ListedEvent
from searcher.api.blueprint import CHANGES, api, json_response, read_strictly
from searcher.api.exports import LINES, described, streamed
from searcher.delivery.caching import tag_by_content
from searcher.params import Parameters, check_digits
from searcher.problems import Problem
from searcher.service import current_service
from searcher.waiting import WaitingRoom

LIMIT, LIMIT_MAX = 100, 500
WAIT_MAX = 60
"""The most seconds that an answer waits for changes; proxies often give up after as many."""
STREAM_S = 600
"""The seconds after which a stream of events ends; clients connect again and go on where it ended."""
SILENCE_S = 15.0
"""The longest that a stream of events says nothing, so that neither side takes the other for dead."""
RETRY_MS = 5_000
EVENTS = "text/event-stream"
EVENT = {
    "description": "A server-sent event: its id is a cursor, its event the kind of the change, and its data "
    "a ChangeAnswer as JSON.",
    "examples": [{"id": "3f9a1c0b7d2e4f68-1208", "event": "edit", "data": '{"kind": "edit"}'}],
}
"""An event of a stream, for OpenAPI."""
PART = 500
"""Changes that a stream reads at a time."""


class StreamedChanges(Parameters):
    """The place from which changes are asked for."""

    since: str = Field(
        START,
        max_length=100,
        description="Only what happened after this cursor, a `cursor` or `next` of an earlier answer; "
        "* is the beginning.",
        examples=[START],
    )


class ChangesRequest(StreamedChanges):
    """The changes that are asked for."""

    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX), BeforeValidator(check_digits)] = Field(
        LIMIT, description="The maximum number of changes.", examples=[100]
    )


class WaitingChangesRequest(ChangesRequest):
    """The changes that are asked for, and how long to wait for them."""

    wait: Annotated[int, Field(ge=0, le=WAIT_MAX), BeforeValidator(check_digits)] = Field(
        0,
        description="Seconds to wait for changes, if there are none yet; the answer comes with the first.",
        examples=[30],
    )


class StreamedEvents(StreamedChanges):
    """The place from which events are asked for, and for how long."""

    seconds: Annotated[int, Field(ge=1, le=STREAM_S), BeforeValidator(check_digits)] = Field(
        STREAM_S, description="The seconds after which the stream ends.", examples=[600]
    )


class ChangeAnswer(BaseModel):
    """Something that happened to one release."""

    cursor: str = Field(
        description="The place after this change; opaque, and valid until the collection is restored from a "
        "backup.",
        examples=["3f9a1c0b7d2e4f68-1208"],
    )
    at: datetime = Field(description="When it was noticed or done.", examples=["2026-11-26T23:39:11Z"])
    kind: Literal[
        "new", "edit", "reread", "undo", "removal", "return", "hide", "unhide", "merge", "separation"
    ] = Field(
        description="new: first read. edit: the site changed it. reread: its page is read better. "
        "undo: the operator restored an earlier text. removal, return: of its original. hide, unhide: it "
        "must no longer be shown, or may be again. merge: another release (successor) has taken its place; "
        "separation: no longer.",
        examples=["edit"],
    )
    release: str = Field(
        description="The id of the release; no merge changes it.", examples=["iem-ec9999a178"]
    )
    version: int = Field(description="The number of the version that it had from then on.", examples=[2])
    successor: str | None = Field(
        description="Of a merge: the id of the release that took its place; else null.",
        examples=["iem-0123456789"],
    )
    title: str | None = Field(
        description="The title of that version; null once the release is hidden.",
        examples=["Pieņemts valsts budžets"],
    )
    ministry: str | None = Field(
        description="The institution, by name; null once the release is hidden.",
        examples=["Finanšu ministrija"],
    )

    @classmethod
    def of(cls, change: ListedEvent) -> "ChangeAnswer":
        """Return *change* as the API shows it."""
        return cls(
            cursor=change.place,
            at=change.at,
            kind=change.kind,
            release=change.release,
            version=change.version,
            successor=change.successor,
            title=change.title,
            ministry=change.ministry,
        )


class ChangesAnswer(BaseModel):
    """Changes in the order in which they were stored, each once."""

    changes: list[ChangeAnswer] = Field(description="Oldest first.")
    next: str = Field(
        description="The cursor for the next answer, also if there is nothing more by now.",
        examples=["3f9a1c0b7d2e4f68-1208"],
    )


@api.get(
    "/changes",
    operation_id="list_changes",
    tags=[CHANGES],
    responses={200: ChangesAnswer, 410: Problem},
)
@read_strictly
def changes(query: WaitingChangesRequest) -> Response:
    """List what happened to releases, up to the index in use: in order, each once, resumable for ever.

    Ask again with `next` until `changes` is empty, and later once more; or let each request `wait`.
    """
    found, place = _await_changes(query)
    answer = ChangesAnswer(changes=[ChangeAnswer.of(change) for change in found], next=place)
    return tag_by_content(json_response(answer), found[-1].at if found else None)


def _await_changes(query: WaitingChangesRequest) -> tuple[list[ListedEvent], str]:
    """Return the changes and the place after them, as soon as there are any or the time is over."""
    if not query.wait:
        return current_service().list_changes(query.since, at_most=query.limit)
    found: list[ListedEvent] = []
    place = query.since
    looks = _looks(query.wait)
    with closing(current_service().follow_changes(query.since, looks, at_most=query.limit)) as parts:
        while not found and (part := next(parts, None)):
            found, place = part
    return found, place


def _looks(seconds: float) -> Generator[None]:
    """Return the looks for news for *seconds*.

    Raises:
        NoRoomError: too many requests wait.
    """
    room: WaitingRoom = current_app.extensions["waiting"]
    return room.looks(seconds, request.environ)


@api.get(
    "/changes.ndjson",
    operation_id="export_changes",
    tags=[CHANGES],
    responses={
        200: described(
            LINES,
            "A line of JSON for each change, as in the answer of /changes.",
            '{"cursor": "3f9a1c0b7d2e4f68-1208", "kind": "edit", "release": "iem-ec9999a178"}\n',
        ),
        410: Problem,
    },
)
@read_strictly
def export_changes(query: StreamedChanges) -> Response:
    """Stream all changes as lines of JSON; the cursor of the last line is where the next stream goes on."""
    service = current_service()
    last = service.engine.info().number

    def lines() -> Iterable[str]:
        for change in service.changes.all(query.since, up_to=last, part=PART):
            yield f"{ChangeAnswer.of(change).model_dump_json()}\n"

    return streamed(lines, LINES)


@api.get(
    "/changes/stream",
    operation_id="stream_changes",
    tags=[CHANGES],
    responses={
        200: {"description": "An event for each change.", "content": {EVENTS: {"schema": EVENT}}},
        410: Problem,
    },
)
@read_strictly
def stream_changes(query: StreamedEvents) -> Response:
    """Send each change as a server-sent event, those to come too; an `EventSource` goes on where it ended.

    Its header `Last-Event-ID` counts instead of `since`.
    """
    since = request.headers.get("Last-Event-ID") or query.since
    looks = _looks(query.seconds)
    parts = current_service().follow_changes(since, looks, at_most=PART)
    first = next(parts)  # errors are answered as such
    events = (event.encode() for event in _events(chain((first,), parts)))
    response = Response(ClosingIterator(events, parts.close), content_type=f"{EVENTS}; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # else a proxy would collect some kilobytes of events
    return response


def _events(parts: Iterable[tuple[list[ListedEvent], str]]) -> Iterator[str]:
    """Yield what is sent of each of the *parts* of the changes; of a long silence, a comment."""
    yield f"retry: {RETRY_MS}\n\n"
    spoke = time.monotonic()
    for found, _ in parts:
        if found:
            yield "".join(map(_event, found))
        elif time.monotonic() - spoke >= SILENCE_S:
            yield ":\n\n"
        else:
            continue
        spoke = time.monotonic()


def _event(change: ListedEvent) -> str:
    return f"id: {change.place}\nevent: {change.kind}\ndata: {ChangeAnswer.of(change).model_dump_json()}\n\n"
