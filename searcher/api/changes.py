"""The endpoints that list what happened to releases, for programs that follow it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

from flask import Response
from pydantic import BaseModel, BeforeValidator, Field

from index.history import START, ListedEvent
from searcher.api.blueprint import CHANGES, api, json_response, read_strictly
from searcher.api.exports import LINES, described, streamed
from searcher.delivery.caching import tag_by_content
from searcher.params import Parameters, check_digits
from searcher.problems import Problem
from searcher.service import current_service

LIMIT, LIMIT_MAX = 100, 500
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
def changes(query: ChangesRequest) -> Response:
    """List what happened to releases, up to the index in use: in order, each once, resumable for ever.

    Ask again with `next` until `changes` is empty, and later once more.
    """
    found, place = current_service().list_changes(query.since, at_most=query.limit)
    answer = ChangesAnswer(changes=[ChangeAnswer.of(change) for change in found], next=place)
    return tag_by_content(json_response(answer), found[-1].at if found else None)


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
